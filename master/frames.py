"""The hot messages of the wire as text, without a model made for each. What they say is defined in
`cinefarm.messages`, and a test holds the two together.

Ids of jobs are the master's own and need no escaping.
"""

from functools import lru_cache
from typing import NamedTuple

import orjson

from cinefarm.messages import AttemptRef


class RunFacts(NamedTuple):
    """What a job's row says of its `Run`; parameters and inputs as JSON texts."""

    job_id: str
    name: str
    workflow: str
    workflow_version: int
    parameters: str
    inputs: str
    project: str


def ack(ref: AttemptRef) -> str:
    return f'{{"kind":"ack","ref":{_ref(ref)}}}'


def run(
    ref: AttemptRef,
    facts: RunFacts,
    *,
    device_id: str,
    engine: str,
    variant: str | None,
    output_dir: str,
    timeout_s: float,
    evict: tuple[str, ...] = (),
) -> str:
    head = _run_head(facts.workflow, facts.workflow_version, engine, variant, timeout_s)
    return (
        f'{{"kind":"run","ref":{_ref(ref)},"device_id":{_text(device_id)},"name":{_text(facts.name)},{head},'
        f'"parameters":{facts.parameters},"inputs":{facts.inputs},"output_dir":{_text(output_dir)},"evict":{_list(evict)}}}'
    )


def _ref(ref: AttemptRef) -> str:
    return f'{{"job_id":"{ref.job_id}","attempt":{ref.attempt},"revision":{ref.revision}}}'


@lru_cache(maxsize=1024)
def _run_head(workflow: str, version: int, engine: str, variant: str | None, timeout_s: float) -> str:
    facts = {"workflow": workflow, "workflow_version": version, "engine": engine, "variant": variant}
    return orjson.dumps({**facts, "timeout_s": timeout_s}).decode()[1:-1]


def _list(texts: tuple[str, ...]) -> str:
    return orjson.dumps(texts).decode() if texts else "[]"


def _text(text: str) -> str:
    return orjson.dumps(text).decode()
