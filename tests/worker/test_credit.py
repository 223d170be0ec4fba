"""Credit for a place is given once for each job that may come."""

from cinefarm.messages import AttemptRef
from worker.credit import Credit

FIRST = AttemptRef(job_id="job-1", attempt=1)
SECOND = AttemptRef(job_id="job-2", attempt=1)


def test_credit_is_given_once_until_a_job_comes() -> None:
    credit = Credit()
    assert credit.give()
    assert not credit.give()
    credit.spend()
    assert credit.give(FIRST)
    assert not credit.give()


def test_a_refused_report_gave_no_credit() -> None:
    credit = Credit()
    credit.give(FIRST)
    assert credit.refused(FIRST)
    assert credit.give()


def test_an_old_report_that_is_refused_takes_no_credit_away() -> None:
    """Said again after a new connection, on which the place was offered by itself."""
    credit = Credit()
    credit.give(FIRST)
    credit.forget()
    assert credit.give()
    assert not credit.refused(FIRST)
    assert not credit.give()


def test_a_refusal_that_comes_when_the_next_job_is_here_gives_none() -> None:
    credit = Credit()
    credit.give(FIRST)
    credit.spend()
    assert not credit.refused(FIRST)
    assert credit.give(SECOND)
