"""Model weights on this box: a folder for each bundle, named as the workflow files name it.

store.py   what is there, what is missing or broken, and the command that mends it; reads only
loaded.py  which files of a bundle are loaded, told from their names
record.py  what was verified of a bundle: `.cinefarm.json` in its folder
"""

from worker.models.store import ModelStore

__all__ = ["ModelStore"]
