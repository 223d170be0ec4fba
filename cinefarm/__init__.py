"""Cinefarm: a render farm for generated pictures."""

__version__ = "0.1.0"
