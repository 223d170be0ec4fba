"""When a batch ends, as data and as a sentence."""

from collections.abc import Iterable

from pydantic import BaseModel

from master.farm import eta
from master.farm.explain import Seconds
from master.farm.farm import Farm
from master.farm.state import JobState
from master.farm.wording import Sentence, about, count


class Forecast(BaseModel):
    """Of the jobs of a batch that have not ended."""

    jobs: int
    ends_in_s: Seconds | None = None  # null: one of them cannot run as the farm is now
    job_id: str | None = None  # that one; `explain` tells why
    text: Sentence


def forecast(farm: Farm, jobs: Iterable[JobState], now: float) -> Forecast:
    found = list(jobs)
    if not found:
        return Forecast(
            jobs=0,
            ends_in_s=Seconds(low=0.0, likely=0.0, high=0.0),
            text=Sentence(en="It has ended.", ko="끝났습니다."),
        )
    end = eta.ends_in(farm, found, now)
    if end is None:
        stuck = next((job for job in found if not job.waits_for and eta.starts_in(farm, job, now) is None), found[0])
        return Forecast(
            jobs=len(found),
            job_id=stuck.id,
            text=Sentence(
                en=f"Not all of it can run now; `cinefarm explain {stuck.id}` says why.",
                ko=f"지금은 실행할 수 없는 작업이 있습니다. 이유는 `cinefarm explain {stuck.id}`로 볼 수 있습니다.",
            ),
        )
    low, likely, high = (round(seconds, 1) for seconds in end)
    left = about(low, likely, high)
    return Forecast(
        jobs=len(found),
        ends_in_s=Seconds(low=low, likely=likely, high=high),
        text=Sentence(
            en=f"{count(len(found), 'job')} left, done in about {left.en}.",
            ko=f"작업 {len(found)}개가 남았고 약 {left.ko} 뒤에 끝납니다.",
        ),
    )
