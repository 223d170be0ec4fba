"""A glance at a picture that is still being drawn, from its latents alone: no decoder runs for it."""

from io import BytesIO

import torch
from PIL import Image

SIDE = 384  # pixels of the longer side


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
    scale = SIDE / max(width, height)
    picture = Image.fromarray(levels.numpy()).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
