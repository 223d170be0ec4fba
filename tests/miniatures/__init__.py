"""Bundles with random miniature weights, laid out as the real ones are: nothing is downloaded, all of it runs on a CPU.

The geometry of the latents (stride and channels of the VAEs, patches) is that of the real models, so that rules of
sizes and frames hold. `python -m tests.miniatures FOLDER [BUNDLE…]` writes them.
"""
