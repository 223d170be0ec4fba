"""Commands for the weights on a GPU box: models list, pull, add, verify, prune. None of them needs a master."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer
from pydantic import BaseModel
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from cinefarm.cli.output import AsJson, err, out, show_json, show_table
from cinefarm.cli.parts import load_part
from cinefarm.cli.serving import WorkflowsDir, read_settings
from cinefarm.locks import Locked

models = typer.Typer(help="Model weights on this box.", no_args_is_help=True)

ModelsDir = Annotated[Path | None, typer.Option(help="Where model weights lie on this box.")]
Names = Annotated[list[str] | None, typer.Argument(help="Bundles, as `cinefarm models list` names them.")]
AllFor = Annotated[list[str] | None, typer.Option(help="Every bundle of this workflow; may be given more than once.")]


class Row(BaseModel):
    """A bundle of the catalog."""

    name: str
    state: str  # here, partly, broken, missing
    gb: float  # on this box, GB (10⁹ bytes)
    stated_gb: float
    licence: str
    repository: str
    revision: str
    commit: str | None  # that is here
    workflows: list[str]
    lack: str


class Finding(BaseModel):
    """A file that is not as it should be."""

    bundle: str
    file: str
    why: str
    mend: str


class Shelf:
    """The models folder of this box and what the catalog says of it."""

    def __init__(self, models_dir: Path | None, workflows_dir: Path | None) -> None:
        given = {"models_dir": models_dir, "workflows_dir": workflows_dir}
        settings = read_settings(load_part("worker.config").WorkerSettings, given)
        catalog, self.stores = load_part("workflows.catalog"), load_part("worker.models.store")
        folders = [catalog.FOLDER, *([settings.workflows_dir] if settings.workflows_dir else [])]
        try:
            self.workflows: dict[str, Any] = dict(catalog.load_catalog(*folders))
            self.store: Any = self.stores.ModelStore(settings.models_dir, catalog.load_bundles(*folders))
        except catalog.WorkflowFileError as error:
            fail(str(error))

    def wanting(self, name: str) -> list[str]:
        """Workflows that name the bundle."""
        found = self.workflows.values()
        return [one.name for one in found if any(bundle.name == name for bundle in one.needs.bundles)]

    def chosen(self, names: list[str] | None, all_for: list[str] | None = None) -> list[str]:
        """The bundles that are asked for, each once. An unknown name is exit code 2."""
        found = dict.fromkeys(names or [])
        for name in all_for or []:
            if name not in self.workflows:
                unknown("workflow", name, self.workflows)
            found |= dict.fromkeys(bundle.name for bundle in self.workflows[name].needs.bundles)
        for name in found:
            if name not in self.store.bundles:
                unknown("bundle", name, self.store.bundles)
        return list(found)


def add_to(app: typer.Typer) -> None:
    app.add_typer(models, name="models")


@models.command("list")
def list_models(models_dir: ModelsDir = None, workflows_dir: WorkflowsDir = None, as_json: AsJson = False) -> None:
    """Every bundle that a workflow names: whether it is here, its size, its licence, who wants it."""
    shelf = Shelf(models_dir, workflows_dir)
    rows = [_row(shelf, name) for name in sorted(shelf.store.bundles)]
    if as_json:
        show_json(rows)
        return
    out.print(f"{shelf.store.folder}", markup=False, soft_wrap=True)
    show_table(
        ["bundle", "state", "GB", "of", "licence", "commit", "wanted by"],
        [
            (
                row.name,
                row.state,
                f"{row.gb:.1f}" if row.gb else "",
                f"{row.stated_gb:g}",
                row.licence,
                (row.commit or ("by hand" if row.state == "here" else ""))[:12],
                ", ".join(row.workflows),
            )
            for row in rows
        ],
        "The catalog names no bundle.",
    )
    for row in rows:
        if row.state in ("partly", "broken"):
            err.print(row.lack, markup=False, soft_wrap=True)


def _row(shelf: Shelf, name: str) -> Row:
    store, bundle = shelf.store, shelf.store.bundles[name]
    faults = store.faults(name)
    states = {fault.standing for fault in faults}
    standing = shelf.stores.Standing
    state = next((one for one in (standing.MISSING, standing.BROKEN, standing.PARTLY) if one in states), standing.HERE)
    return Row(
        name=name,
        state=state.value,
        gb=round(store.bytes_of(name) / 1e9, 3),
        stated_gb=bundle.size_gb,
        licence=bundle.licence,
        repository=bundle.repository,
        revision=bundle.revision,
        commit=store.hashes(name).commit,
        workflows=shelf.wanting(name),
        lack=store.lack(name),
    )


@models.command("pull")
def pull_models(
    names: Names = None,
    all_for: AllFor = None,
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="You have read the licences that are shown and agree to them.")
    ] = False,
    models_dir: ModelsDir = None,
    workflows_dir: WorkflowsDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring weights from the Hub, only what is loaded, checked by hash. Goes on where an earlier pull broke off."""
    pulls = load_part("worker.models.pull", extra="gpu")
    shelf = Shelf(models_dir, workflows_dir)
    chosen = shelf.chosen(names, all_for)
    if not chosen:
        fail("Name a bundle (cinefarm models list), or a workflow with --all-for.", code=2)
    try:
        with pulls.pulling(shelf.store):
            for name in chosen:
                _pull(pulls, shelf, name, accepted=accept_licence, quiet=as_json)
    except pulls.NotPulled as error:
        fail(str(error))
    if as_json:
        show_json([_row(shelf, name) for name in chosen])


def _pull(pulls: ModuleType, shelf: Shelf, name: str, *, accepted: bool, quiet: bool) -> None:
    plan = pulls.plan_pull(shelf.store, name)
    bundle = plan.bundle
    rest = sum(source.size for path, source in plan.wanted.items() if path not in plan.here)
    err.print(
        f"{name}: {bundle.repository} at {plan.stated.commit[:12]}, {plan.bytes / 1e9:.2f} GB, of which "
        f"{rest / 1e9:.2f} GB are to come. Licence: {bundle.licence}",
        markup=False,
        soft_wrap=True,
    )
    if plan.wants_consent and not accepted and rest:
        _ask(
            f"{name} comes under: {bundle.licence}. Read it at its source, https://huggingface.co/{bundle.repository}."
        )
    with progress(name, quiet=quiet) as on_progress:
        pulls.pull(shelf.store, plan, on_progress)
    err.print(f"{name} is here: {shelf.store.folder / name}", markup=False, soft_wrap=True)


def _ask(licence: str) -> None:
    if not sys.stdin.isatty():
        fail(f"{licence} Then run the command again with --accept-licence.")
    err.print(licence, markup=False, soft_wrap=True)
    if not typer.confirm("Do you agree to it?", err=True):
        raise typer.Exit(1)


@models.command("add")
def add_model(
    name: Annotated[str, typer.Argument(help="The bundle that it is.")],
    path: Annotated[Path, typer.Argument(help="Its folder on this box, or its file.")],
    models_dir: ModelsDir = None,
    workflows_dir: WorkflowsDir = None,
    as_json: AsJson = False,
) -> None:
    """Use weights that lie elsewhere on this box: linked, or copied where links fail; then verified."""
    adopting = load_part("worker.models.adopt")
    shelf = Shelf(models_dir, workflows_dir)
    shelf.chosen([name])
    try:
        with progress(name, quiet=as_json) as on_progress:
            adopting.adopt(shelf.store, name, path, on_progress)
    except (adopting.NotAdopted, OSError) as error:
        fail(str(error))
    except Locked:
        fail(f"A pull is under way in {shelf.store.folder}; wait for it to end.")
    if as_json:
        show_json(_row(shelf, name))
    else:
        out.print(f"{name} is here: {shelf.store.folder / name}", markup=False, soft_wrap=True)


@models.command("verify")
def verify_models(
    names: Names = None, models_dir: ModelsDir = None, workflows_dir: WorkflowsDir = None, as_json: AsJson = False
) -> None:
    """Read every file and compare its hash; all bundles that are here if none is named. Exit code 1 for any fault."""
    verifying = load_part("worker.models.verify")
    shelf = Shelf(models_dir, workflows_dir)
    chosen = shelf.chosen(names) or [name for name in shelf.store.bundles if (shelf.store.folder / name).exists()]
    findings = []
    for name in chosen:
        with progress(name, quiet=as_json) as on_progress:
            faults = verifying.verify(shelf.store, name, on_progress)
        findings += [
            Finding(bundle=name, file=one.path, why=one.why, mend=verifying.mend(shelf.store, name, one))
            for one in faults
        ]
    if as_json:
        show_json(findings)
    else:
        for one in findings:
            out.print(f"{one.bundle}/{one.file} {one.why}\n  → {one.mend}", markup=False, soft_wrap=True)
        whole = [name for name in chosen if name not in {one.bundle for one in findings}]
        out.print(f"Whole: {', '.join(whole) or 'none'}", markup=False, soft_wrap=True)
    if findings:
        raise typer.Exit(1)


@models.command("prune")
def prune_models(
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would go.")] = False,
    models_dir: ModelsDir = None,
    workflows_dir: WorkflowsDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete weights that no workflow names, and what pulls left unfinished."""
    pruning = load_part("worker.models.prune")
    shelf = Shelf(models_dir, workflows_dir)
    named = [name for name in shelf.store.bundles if shelf.wanting(name)]
    found = pruning.find_unneeded(shelf.store, named)
    if yes:
        try:
            pruning.remove(shelf.store, found)
        except Locked:
            fail(f"A pull is under way in {shelf.store.folder}; wait for it to end.")
    if as_json:
        show_json(found)
        return
    heading = "Gone:" if yes else "Would go (run again with --yes):"
    lines = [f"  {one.bytes / 1e9:.2f} GB  {one.folder} ({one.why})" for one in found]
    out.print("\n".join([heading, *(lines or ["  nothing"])]), markup=False, soft_wrap=True)
    out.print(f"  {sum(one.bytes for one in found) / 1e9:.2f} GB of disk", markup=False)


@contextmanager
def progress(name: str, *, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal, a line at each tenth elsewhere; called with a file, bytes done and bytes in all."""
    if quiet:
        yield lambda path, done, total: None
        return
    if not err.is_terminal:
        yield _Lines(name)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err) as bar:
        task = bar.add_task(name, total=None)
        yield lambda path, done, total: bar.update(
            task, completed=done, total=total, description=f"{name}/{path.rsplit('/', 1)[-1]}"
        )


class _Lines:
    def __init__(self, name: str) -> None:
        self._name = name
        self._last = -1

    def __call__(self, path: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > self._last:
            self._last = tenth
            err.print(f"{self._name}: {done / 1e9:.2f} of {total / 1e9:.2f} GB, {path}", markup=False, soft_wrap=True)


def unknown(noun: str, name: str, known: Any) -> NoReturn:
    fail(f"There is no {noun} “{name}”; there are {', '.join(sorted(known))}.", code=2)


def fail(sentence: str, code: int = 1) -> NoReturn:
    err.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(code)
