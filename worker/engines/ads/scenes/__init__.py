"""Backdrops drawn by rule: wall, surface and light for a product to stand in."""
