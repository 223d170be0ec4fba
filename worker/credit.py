"""Credit: the master sends a job only to a device that said it is free, one job each time it says so.

Said twice for one free device, a second job would come while the first one runs, and be lost until its lease ends.
"""

from cinefarm.messages import AttemptRef


class Credit:
    """Whether the master knows that this place is free."""

    def __init__(self) -> None:
        self.given = False
        self._report: AttemptRef | None = None  # that it was given with

    def give(self, report: AttemptRef | None = None) -> bool:
        """Whether it is to be said now, with this report or alone. False when the master has the credit already."""
        if self.given:
            return False
        self.given, self._report = True, report
        return True

    def spend(self) -> None:
        """A job came."""
        self.given = False

    def forget(self) -> None:
        """A new connection begins: the master knows nothing."""
        self.given = False

    def refused(self, report: AttemptRef) -> bool:
        """The master refused this report, and any credit with it. Whether that was the credit of this place."""
        if not self.given or self._report != report:
            return False
        self.given = False
        return True
