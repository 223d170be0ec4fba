"""How much a job needs of its device: measured between moves of weights, for they say what the rest was."""

from worker.weights.memory import DeviceMemory


class Meter:
    """Told by the keeper before and after each move, and as holds begin and end."""

    def __init__(self, memory: DeviceMemory) -> None:
        self._memory = memory
        self.begin()

    def begin(self) -> None:
        self.work_gb = 0.0  # beside all weights
        self.need_gb: float | None = None  # with those that were held
        self._memory.watch()

    def mark(self, resident_gb: float, held_gb: float) -> None:
        """Until now so much was on the device, and of it so much held."""
        peak_gb = self._memory.peak_gb()
        if peak_gb is None:
            return
        work_gb = max(0.0, peak_gb - resident_gb)
        self.work_gb = max(self.work_gb, work_gb)
        if held_gb:
            self.need_gb = max(self.need_gb or 0.0, held_gb + work_gb)

    def go_on(self) -> None:
        self._memory.watch()
