"""Model weights on this box: a folder for each bundle, named as the workflow files name it.

store.py   what is there, what is missing or broken, and the command that mends it
"""

from worker.models.store import ModelStore

__all__ = ["ModelStore"]
