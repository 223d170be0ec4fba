"""Model weights on this box: a folder for each bundle, named as the workflow files name it.

store.py   what is there, what is missing or broken, and the command that mends it; reads only
loaded.py  which files of a bundle are loaded, told from their names
record.py  what was verified of a bundle: `.cinefarm.json` in its folder
pull.py    brings what is missing; hub.py asks and reads the Hub, by huggingface_hub
verify.py  reads every byte
adopt.py   links weights that lie elsewhere on the box
prune.py   deletes what no workflow names
"""

from worker.models.store import ModelStore

__all__ = ["ModelStore"]
