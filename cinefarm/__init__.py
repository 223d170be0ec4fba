"""Cinefarm: a render farm for generated pictures."""

__version__ = "0.1.0"

from cinefarm.client import Farm, FarmError

__all__ = ["Farm", "FarmError", "__version__"]
