"""What text encoders made of prompts, remembered in RAM: a prompt that comes again needs no encoder on the device."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.utils import _pytree as pytree

LIMIT = 512 * 1024**2  # bytes; FLUX's takes 4 MB, one that gives all its layers 100
_PLAIN = (int, float, str, bool, type(None), torch.dtype)


class Embeddings:
    """By encoder (its weights and their precision) and all that it was given; the least recently used goes first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self.hits = 0

    @contextmanager
    def remembered(self, encoders: Iterable[tuple[str, torch.nn.Module]]) -> Iterator[None]:
        """Within the block these (key and module) answer from memory where they can."""
        with ExitStack() as stack:
            for key, module in encoders:
                before = module.__dict__.get("forward")
                module.forward = self._forward(key, module, module.forward)
                stack.callback(_restore, module, before)
            yield

    def _forward(self, key: str, module: torch.nn.Module, compute: Any) -> Any:
        def forward(*args: Any, **kwargs: Any) -> Any:
            asked = None if _has_lora(module) else _key(key, args, kwargs)
            if asked is None:
                return compute(*args, **kwargs)
            device = next(each.device for each in pytree.tree_leaves((args, kwargs)) if isinstance(each, torch.Tensor))
            if asked in self._kept:
                self.hits += 1
                self._kept.move_to_end(asked)
                return pytree.tree_map_only(torch.Tensor, lambda one: one.to(device, copy=True), self._kept[asked][0])
            result = compute(*args, **kwargs)
            self._keep(asked, result)
            return result

        return forward

    def _keep(self, asked: str, result: Any) -> None:
        leaves = pytree.tree_leaves(result)
        if not all(isinstance(each, torch.Tensor | None) for each in leaves):
            return
        size = sum(each.nbytes for each in leaves if each is not None)
        if size > self._limit:
            return
        copy = pytree.tree_map_only(torch.Tensor, lambda one: one.detach().to("cpu", copy=True), result)
        self._kept[asked] = copy, size
        self._bytes += size
        while self._bytes > self._limit:
            self._bytes -= self._kept.popitem(last=False)[1][1]


def _restore(module: torch.nn.Module, before: Any) -> None:
    if before is None:
        del module.forward
    else:
        module.forward = before


def _has_lora(module: torch.nn.Module) -> bool:
    """What is laid over an encoder changes what it makes, and has no key."""
    return any(hasattr(each, "lora_A") for each in module.modules())


def _key(encoder: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """None where something is given that cannot be told from another by its numbers, such as an earlier state."""
    leaves, form = pytree.tree_flatten((args, kwargs))
    digest = hashlib.sha256(f"{encoder}/{form}".encode())
    for each in leaves:
        if type(each) is torch.Tensor:
            numbers = each.detach().reshape(-1).cpu().view(torch.uint8).numpy()
            digest.update(f"{each.dtype}{tuple(each.shape)}".encode() + numbers.tobytes())
        elif isinstance(each, _PLAIN):
            digest.update(repr(each).encode())
        else:
            return None
    return digest.hexdigest() if any(isinstance(each, torch.Tensor) for each in leaves) else None
