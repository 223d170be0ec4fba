"""Weights in memory: read from disk, on the device while an attempt uses them, kept warm between attempts.

Imports torch: only a device host opens it, by `worker.bundles.opening`, and only when an engine asks.

loading.py     a part of a bundle: what it is called, what it takes, how it is read
shelf.py       moves parts between disk, RAM and device (the keeper's `Mover`)
tensors.py     where a part's tensors sit, and in which files their numbers stand
slab.py        the RAM in which weights wait; extents.py says what of it is taken
memory.py      how much of the device is free, and how tensors get there
residence.py   brings a part onto the device when it is about to compute
warm.py        `Weights`: a pipeline of diffusers or a model, ready to compute, for as long as a block lasts
"""
