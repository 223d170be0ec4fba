"""Load the master's or the worker's half, which a box may not have installed."""

from importlib import import_module
from types import ModuleType

import typer

from cinefarm.cli.output import err


def load_part(module: str, extra: str | None = None) -> ModuleType:
    """The module, or exit code 1 with the command that installs it: the extra is named as the part, if not given."""
    try:
        return import_module(module)
    except ImportError as error:
        part = module.split(".", 1)[0]
        what = f"This box has no {part}" if extra is None else "This box lacks a package for that"
        err.print(
            f"{what} ({error.name} is missing). Install it: pip install 'cinefarm\\[{extra or part}]'", soft_wrap=True
        )
        raise typer.Exit(1) from error
