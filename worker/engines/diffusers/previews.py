"""A glance at a picture that is still being drawn, from its latents alone: no decoder runs for it."""

from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

import torch
from diffusers.utils.torch_utils import get_module_execution_device
from PIL import Image

SIDE = 384  # pixels of the longer side
_PATCH = 4  # latents of a side of what is decoded to learn the colours
_AT_ONCE = 16


class Colours:
    """What colour each channel of a VAE's latents stands for, as far as that is linear.

    Learnt once for each VAE: a few tiny latents of one value are decoded, and what comes of each is measured.
    """

    def __init__(self, base: torch.Tensor, slopes: torch.Tensor) -> None:
        self._base = base  # 3, from -1 to 1
        self._slopes = slopes  # 3 × C: what one unit of a channel adds

    @classmethod
    def of(cls, vae: Any) -> "Colours":
        """The VAE is on the device, or comes when it decodes. Call it before a pipeline computes."""
        if vae not in _known:
            _known[vae] = cls._learn(vae)
        return _known[vae]

    @classmethod
    def _learn(cls, vae: Any) -> "Colours":
        channels = int(getattr(vae.config, "latent_channels", None) or vae.config.z_dim)
        each = torch.eye(channels)
        probes = torch.cat([each, -each])
        seen = torch.cat([cls._decoded(vae, some) for some in torch.split(probes, _AT_ONCE)])
        up, down = seen[:channels], seen[channels:]
        return cls(((up + down) / 2).mean(dim=0), ((up - down) / 2).T)

    @staticmethod
    @torch.no_grad()
    def _decoded(vae: Any, values: torch.Tensor) -> torch.Tensor:
        """N × C values → N × 3 mean colours of latents that have them all over."""
        weight = next(vae.decoder.parameters())
        flat = weight.ndim == 4
        latents = values.reshape(*values.shape, *(1,) * (2 if flat else 3))
        latents = latents.expand(*values.shape, *(() if flat else (1,)), _PATCH, _PATCH).contiguous()
        picture = vae.decode(latents.to(get_module_execution_device(vae), weight.dtype), return_dict=False)[0]
        means: torch.Tensor = picture.float().cpu().reshape(len(values), 3, -1).mean(dim=2)
        return means

    def jpeg(self, latents: torch.Tensor) -> bytes | None:
        """Of `C×H×W` latents as the VAE takes them; of a film, one frame. None where numbers overflowed."""
        flat = latents.detach().float().cpu()
        if not bool(torch.isfinite(flat).all()):
            return None
        seen = torch.einsum("kc,chw->hwk", self._slopes, flat) + self._base
        if not bool(torch.isfinite(seen).all()):  # a VAE that overflows in half precision told nothing
            return glance(latents)
        return _written(((seen / 2 + 0.5).clamp(0, 1) * 255).byte())


_known: WeakKeyDictionary[torch.nn.Module, Colours] = WeakKeyDictionary()  # a module lives as long as its host


def unpacked(packed: torch.Tensor, size: tuple[int, int], pixels: int) -> torch.Tensor:
    """`C×H×W` latents of packed ones (tokens × 4·C), which hold 2 × 2 of the VAE's side by side; a token stands for
    `pixels` of each side of the picture of that `size`."""
    width, height = size[0] // pixels, size[1] // pixels
    latents = packed.reshape(height, width, -1, 2, 2).permute(2, 0, 3, 1, 4)
    return latents.reshape(-1, 2 * height, 2 * width)


def glance_at_middle(latents: torch.Tensor) -> bytes | None:
    """`glance` at the middle frame of a film's `1×C×T×H×W` latents."""
    return glance(latents[0, :, latents.shape[2] // 2])


def glance(latents: torch.Tensor) -> bytes | None:
    """A small JPEG of `C×H×W` latents: the three directions in which they vary most, as red, green and blue.

    Colours are not those of the picture; shapes are. None where there is nothing to see yet, or numbers overflowed.
    """
    channels, height, width = latents.shape
    flat = latents.detach().float().cpu().reshape(channels, -1)
    flat = flat - flat.mean(dim=1, keepdim=True)
    if channels < 3 or not bool(torch.isfinite(flat).all()):
        return None
    directions = torch.linalg.eigh(flat @ flat.T).eigenvectors[:, -3:].flip(1)
    directions = directions * directions.sum(dim=0).sign().where(directions.sum(dim=0) != 0, torch.ones(3))
    seen = directions.T @ flat
    spread = seen.std(dim=1, keepdim=True).clamp(min=1e-6)
    levels = ((seen / spread / 4 + 0.5).clamp(0, 1) * 255).byte().reshape(3, height, width).permute(1, 2, 0)
    return _written(levels)


def _written(levels: torch.Tensor) -> bytes:
    """`H×W×3` bytes as a JPEG."""
    height, width = levels.shape[:2]
    scale = SIDE / max(width, height)
    picture = Image.fromarray(levels.numpy()).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
