"""Brings a part onto the device when it is about to compute, and lets go of the one before."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import torch
from accelerate.hooks import ModelHook, add_hook_to_module, remove_hook_from_module

from worker.bundles.parts import Component

Hold = Callable[[Component], AbstractContextManager[None]]


class OneAtATime:
    """Within its block, parts come when they compute, and one of them is held at a time.

    The hooks are those that diffusers asks for the device it is to compute on.
    """

    def __init__(self, parts: list[tuple[torch.nn.Module, Component]], device: torch.device, hold: Hold) -> None:
        self._parts = parts
        self._device = device
        self._hold = hold
        self._held: Component | None = None
        self._stack = ExitStack()

    def __enter__(self) -> None:
        for module, component in self._parts:
            add_hook_to_module(module, _Comes(self, component, self._device), append=True)

    def __exit__(self, *_: object) -> None:
        for module, _component in self._parts:
            remove_hook_from_module(module)
        self._stack.close()

    def bring(self, component: Component) -> None:
        if component == self._held:
            return
        self._stack.close()
        self._held = None
        self._stack.enter_context(self._hold(component))
        self._held = component


class _Comes(ModelHook):  # type: ignore[misc]
    """`execution_device` is what diffusers' pipelines look for; their VAEs call `pre_forward` before each half."""

    def __init__(self, stage: OneAtATime, component: Component, device: torch.device) -> None:
        self._stage = stage
        self._component = component
        self.execution_device = device

    def pre_forward(self, module: torch.nn.Module, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        self._stage.bring(self._component)
        return args, kwargs
