"""Which weights are on the device, which in the box's RAM, and what goes when room is wanted.

The unit is the bundle, made of components; equal components of two bundles are one (T5, CLIP and a VAE serve all of
FLUX). Weights never change, so to unload is to forget the device's copy: the one in RAM stays.

parts.py   bundles and their components
cache.py   what is where, and the steps that bring a bundle onto the device; no I/O, no clock of its own
keeper.py  takes the steps: one at a time, while attempts hold what they use
"""
