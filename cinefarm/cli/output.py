"""How commands answer: a table for people, JSON for programs, errors as one sentence."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from cinefarm.client import DEFAULT_URL, Farm
from cinefarm.sentences import Language

out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Url = Annotated[str | None, typer.Option("--master", envvar="CINEFARM_URL", help="Address of the master.")]
Token = Annotated[str | None, typer.Option(envvar="CINEFARM_TOKEN", help="API token, if the master is elsewhere.")]
Lang = Annotated[Language, typer.Option(help="Language of what the master says.")]


def connect(url: str | None, token: str | None, lang: Language = Language.EN) -> Farm:
    if url and not url.startswith(("http://", "https://")):
        raise typer.BadParameter(f"“{url}” is not an address; write e.g. {DEFAULT_URL}", param_hint="--master")
    return Farm(url, token, language=lang)


def show_json(value: BaseModel | Sequence[BaseModel] | dict[str, Any]) -> None:
    plain = value if isinstance(value, dict) else _plain(value)
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def _plain(value: BaseModel | Sequence[BaseModel]) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return [row.model_dump(mode="json") for row in value]


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """A table, or the sentence that says what to do when there is nothing. The first column is never cut."""
    found = [[_cell(value) for value in row] for row in rows]
    if not found:
        out.print(empty, markup=False)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for row in found:
        table.add_row(*row)
    out.print(table)


def _cell(value: object) -> str:
    if isinstance(value, StrEnum):
        return value.value
    return "" if value is None else str(value).replace("[", r"\[")
