"""Cinematic options and the presets that ship with them."""
