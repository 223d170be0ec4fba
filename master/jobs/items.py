"""A list of jobs, each named by itself: checked as a whole before anything is written."""

from dataclasses import dataclass, field
from typing import Any

from cinefarm.ids import is_id, new_id
from cinefarm.sentences import Said, Word, listed, say, sentence_of
from master.errors import BadInput, Problem
from master.jobs.parameters import check, of_project, refuse, runnable, with_project
from master.jobs.requests import JobItem, SubmitRequest
from master.models import Project
from workflows.catalog import Catalog
from workflows.schema import FileParameter, Scope, Workflow

_TO_COME = "-"  # stands for a file that another job is still to make while the other parameters are checked


@dataclass(slots=True)
class Planned:
    """A job of the list with its id. `needs` are ids: of earlier items, and of `strangers`, jobs that must be there."""

    id: str
    place: str  # in the request, e.g. "jobs[3]"
    item: JobItem
    workflow: Workflow
    parameters: dict[str, Any]
    rank: int
    needs: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    files: dict[str, dict[str, str]] = field(default_factory=dict)  # file parameter → who makes the file, and which

    def check(self, given: dict[str, Any]) -> list[Problem]:
        """Take the parameters, with their defaults. Returns what is wrong with them."""
        to_come = dict.fromkeys(self.files, _TO_COME)
        found, problems = check(self.workflow, {**given, **to_come} if to_come else given, f"{self.place}.parameters")
        self.parameters = {**found, **self.files} if to_come else found
        return problems


def plan(project: Project, request: SubmitRequest, catalog: Catalog) -> list[Planned]:
    """Raises `BadInput` with every problem of every item."""
    assert request.jobs
    for name in ("workflow", "shot_ids", "parameters"):
        if getattr(request, name):
            raise BadInput("Each of the jobs names its own {name}; leave it out of the request.", name=name, field=name)
    if request.takes > 1:
        raise BadInput("takes: name a job as often as it is wanted; leave takes out of the request.", field="takes")
    return _Plan(project, request, catalog).made()


def is_plain(planned: Planned) -> bool:
    """Whether its row is all there is to write: no shot, no file, no other job."""
    workflow = planned.workflow
    return (
        not planned.needs
        and workflow.scope not in (Scope.SHOT, Scope.FILM)
        and not any(planned.parameters.get(name) for name in workflow.files)
    )


class _Plan:
    def __init__(self, project: Project, request: SubmitRequest, catalog: Catalog) -> None:
        self.project, self.request, self.catalog = project, request, catalog
        self.items = request.jobs or []
        self.problems: list[Problem] = []
        self.by_key: dict[str, Planned] = {}
        self.places = {item.key: place for place, item in enumerate(self.items) if item.key}
        self._workflows: dict[str, tuple[Workflow, dict[str, Any]] | None] = {}

    def made(self) -> list[Planned]:
        ranks = self.request.ranks(len(self.items))
        planned = [
            one
            for number, (item, rank) in enumerate(zip(self.items, ranks, strict=True))
            if (one := self._one(number, item, rank))
        ]
        refuse(self.problems)
        return planned

    def _one(self, number: int, item: JobItem, rank: int) -> Planned | None:
        place = f"jobs[{number}]"
        known = self._workflows.get(item.workflow) or self._workflow(item.workflow, place)
        if known is None:
            return None
        workflow, filled = known
        given = {**filled, **item.parameters} if filled else item.parameters
        if workflow.scope is Scope.FILM:
            given = with_project(workflow, self.project, item.parameters, None)
        planned = Planned(new_id(), place, item, workflow, given, rank)
        if (workflow.scope is Scope.SHOT) != (item.shot_id is not None):
            told = (
                say("{name} works on a shot; name it.", name=workflow.name)
                if item.shot_id is None
                else say("{name} does not work on a shot; leave it out.", name=workflow.name)
            )
            self._problem(f"{place}.shot_id", item.shot_id or "", told)
        if item.needs or item.inputs:
            self._bind(planned)
        if workflow.scope is not Scope.SHOT:  # what a shot fills in is checked with it
            self.problems += planned.check(given)
        if item.key:
            if self.places[item.key] != number:
                self._problem(
                    f"{place}.key", item.key, say("is the key of another job of the list too; use each once.")
                )
            self.by_key[item.key] = planned
        return planned

    def _workflow(self, name: str, place: str) -> tuple[Workflow, dict[str, Any]] | None:
        try:
            workflow = runnable(self.catalog, name)
        except BadInput as error:
            self._problem(f"{place}.workflow", name, sentence_of(error))
            return None
        self._workflows[name] = (workflow, of_project(workflow, self.project))
        return self._workflows[name]

    def _bind(self, planned: Planned) -> None:
        item, place = planned.item, planned.place
        for turn, needed in enumerate(item.needs):
            self._need(planned, needed, f"{place}.needs[{turn}]")
        for name, wanted in item.inputs.items():
            where = f"{place}.inputs.{name}"
            parameter = planned.workflow.parameters.get(name)
            if not isinstance(parameter, FileParameter):
                files = [n for n, p in planned.workflow.parameters.items() if isinstance(p, FileParameter)]
                said = say(
                    "{name} takes no such file; it takes {files}.",
                    name=planned.workflow.name,
                    files=", ".join(files) or Word("none"),
                )
                self._problem(where, name, said)
                continue
            if item.parameters.get(name):
                self._problem(where, name, say("is given as a parameter too; give one of the two."))
            maker = self._need(planned, wanted.job, f"{where}.job")
            if maker and (wrong := wrong_kind(parameter, maker.workflow)):
                self._problem(f"{where}.job", wanted.job, wrong)
            planned.files[name] = {"job": maker.id if maker else wanted.job, "output": wanted.output}

    def _need(self, planned: Planned, needed: str, where: str) -> Planned | None:
        """The earlier item of that key; None for a job that is to be looked up, or a problem."""
        earlier = self.by_key.get(needed)
        if earlier:
            planned.needs.append(earlier.id)
        elif needed in self.places:
            said = say("does not stand before this job in the list; put it there (so that no circle can arise).")
            self._problem(where, needed, said)
        elif is_id(needed):
            planned.needs.append(needed)
            planned.strangers.append(needed)
        else:
            keys = ", ".join(list(self.by_key)[:5]) or "none"
            said = say("is no key of an earlier job of the list ({keys}) and no job's id.", keys=keys)
            self._problem(where, needed, said)
        return earlier

    def _problem(self, place: str, value: str, message: Said) -> None:
        self.problems.append(Problem(place=place, value=value[:120], message=message))


def wrong_kind(parameter: FileParameter, maker: Workflow) -> Said | None:
    """Why no output of the workflow can be this file; None when one can."""
    kinds = {output.kind for output in maker.outputs}
    if parameter.media in kinds:
        return None
    return say(
        "{name} makes {kinds}; here a {media} is wanted.",
        name=maker.name,
        kinds=listed(sorted(kinds), ", "),
        media=parameter.media,
    )
