"""Previews show the colours that the VAE itself would give."""

from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from tests.miniatures.flux import kl_vae
from worker.engines.diffusers.previews import Colours


@pytest.fixture(scope="module")
def vae() -> torch.nn.Module:
    torch.manual_seed(5)
    return kl_vae(latent=16)


def test_a_preview_has_the_colours_of_what_the_vae_decodes(vae: torch.nn.Module) -> None:
    left, right = torch.randn(2, 16, generator=torch.Generator().manual_seed(2)) * 0.3
    latents = torch.cat([side.reshape(16, 1, 1).expand(16, 8, 8) for side in (left, right)], dim=2)
    jpeg = Colours.of(vae).jpeg(latents)
    assert jpeg
    seen = np.asarray(Image.open(BytesIO(jpeg)), float)
    for side, part in ((left, seen[:, : seen.shape[1] // 3]), (right, seen[:, -(seen.shape[1] // 3) :])):
        with torch.no_grad():
            picture = vae.decode(side.reshape(1, 16, 1, 1).expand(1, 16, 8, 8), return_dict=False)[0]
        wanted = (picture / 2 + 0.5).clamp(0, 1).mean(dim=(0, 2, 3)).numpy() * 255
        assert np.abs(part.mean(axis=(0, 1)) - wanted).max() < 20


def test_a_vae_is_asked_once(vae: torch.nn.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    colours = Colours.of(vae)
    monkeypatch.setattr(type(vae), "decode", None)
    assert Colours.of(vae) is colours


def test_overflowed_numbers_show_nothing(vae: torch.nn.Module) -> None:
    assert Colours.of(vae).jpeg(torch.full((16, 4, 4), float("nan"))) is None
