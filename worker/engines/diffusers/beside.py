"""Low-rank weights beside a model's own: added to what its layers answer, so that its own are never touched.

That holds however the weights are kept: whole, swapped block by block, in 8 bits, or as a GGUF file has them. When the
block ends, also by a cancel or a failure, nothing of them is left.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch

Pair = tuple[torch.Tensor, torch.Tensor]  # rank × in, out × rank; the strength is in the second


class Unfit(ValueError):
    """The message says what of a file does not fit the model."""


def pair_of(layer: str, down: torch.Tensor | None, up: torch.Tensor | None, alpha: float | None) -> Pair:
    """The two halves, of strength 1. Raises `Unfit`."""
    if down is None or up is None:
        raise Unfit(f"of “{layer}” one half is missing")
    if down.ndim != 2 or up.ndim != 2 or down.shape[0] != up.shape[1]:
        raise Unfit(f"the halves of “{layer}” do not fit each other")
    rank = down.shape[0]
    return down, up * ((rank if alpha is None else alpha) / rank)


def layer_of(module: torch.nn.Module, name: str, pair: Pair, *, places: Iterable[str] | None = None) -> torch.nn.Module:
    """The layer that the pair is for, at the first of `places` that there is. Raises `Unfit`."""
    layer = next((found for place in places or (name,) if (found := _at(module, place))), None)
    if layer is None:
        raise Unfit(f"the model has no layer “{name}”")
    wanted = (getattr(layer, "out_features", None), getattr(layer, "in_features", None))
    shape = (pair[1].shape[0], pair[0].shape[1])
    if shape != wanted:
        raise Unfit(f"its “{name}” is {shape[0]} × {shape[1]}, the model's {wanted[0]} × {wanted[1]}")
    return layer


@contextmanager
def added(layers: Iterable[tuple[torch.nn.Module, Pair]], *, stay: bool) -> Iterator[None]:
    """Within the block these layers answer with their pairs too.

    `stay`: they stay on the device from the first step on; else they stay in RAM, and no room is asked of the device.
    """
    hooks = []
    try:
        for layer, pair in layers:
            hooks.append(layer.register_forward_hook(_Adds(pair, stay=stay)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


class _Adds:
    def __init__(self, pair: Pair, *, stay: bool) -> None:
        self._pair = pair
        self._stay = stay

    def __call__(self, module: torch.nn.Module, given: tuple[torch.Tensor, ...], answer: torch.Tensor) -> torch.Tensor:
        x = given[0]
        down, up = (half.to(x.device, x.dtype) for half in self._pair)
        if self._stay:
            self._pair = down, up
        return answer + (x @ down.T @ up.T).to(answer.dtype)


def _at(module: torch.nn.Module, place: str) -> torch.nn.Module | None:
    try:
        return module.get_submodule(place)
    except AttributeError:
        return None
