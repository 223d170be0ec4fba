"""Jobs as they are on disk, and the triggers that write down each of their changes."""

from typing import Any

COLUMNS = (
    "id",
    "status",
    "attempt",
    "worker_id",
    "revision",
    "workflow",
    "device_id",
    "priority",
    "pool",
    "user",
    "project_id",
    "excluded_workers",
)
LASTING = 5  # columns from the first one that an ended job keeps for ever


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in COLUMNS)


TRIGGERS = f"""
CREATE TABLE IF NOT EXISTS seen (n INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, old TEXT, new TEXT);
CREATE TRIGGER IF NOT EXISTS seen_job_new AFTER INSERT ON job BEGIN
  INSERT INTO seen (what, old, new) VALUES ('job', NULL, json_array({_columns("NEW")}));
END;
CREATE TRIGGER IF NOT EXISTS seen_job AFTER UPDATE ON job BEGIN
  INSERT INTO seen (what, old, new)
  VALUES ('job', json_array({_columns("OLD")}), json_array({_columns("NEW")}));
END;
CREATE TRIGGER IF NOT EXISTS seen_job_gone AFTER DELETE ON job BEGIN
  INSERT INTO seen (what, old, new) VALUES ('gone', OLD.id, NULL);
END;
CREATE TRIGGER IF NOT EXISTS seen_attempt_new AFTER INSERT ON attempt BEGIN
  INSERT INTO seen (what, old, new)
  VALUES ('attempt', NULL,
          json_array(NEW.job_id, NEW.number, NEW.worker_id, NEW.status, NEW.message, NEW.failure_kind));
END;
CREATE TRIGGER IF NOT EXISTS seen_attempt AFTER UPDATE ON attempt BEGIN
  INSERT INTO seen (what, old, new)
  VALUES ('attempt', json_array(OLD.job_id, OLD.number, OLD.worker_id, OLD.status),
          json_array(NEW.job_id, NEW.number, NEW.worker_id, NEW.status, NEW.message, NEW.failure_kind));
END;
CREATE TRIGGER IF NOT EXISTS seen_media AFTER INSERT ON media BEGIN
  INSERT INTO seen (what, old, new) VALUES ('media', NULL, json_array(NEW.job_id, NEW.sha256));
END;
"""

LIVE = ("assigned", "running")
ENDED = ("completed", "failed", "canceled", "quarantined")


class JobRow:
    """A job as it is on disk."""

    __slots__ = (*COLUMNS, "accepted", "media")

    def __init__(self, id: str) -> None:
        self.id = id
        self.status = ""
        self.workflow = ""
        self.attempt = 0
        self.worker_id: str | None = None
        self.device_id: str | None = None
        self.revision = 1
        self.priority = 50
        self.pool: str | None = None
        self.user = self.project_id = ""
        self.excluded_workers = "[]"
        self.accepted: list[int] = []
        self.media: list[str] = []

    def take(self, columns: list[Any]) -> None:
        for name, value in zip(COLUMNS, columns, strict=True):
            setattr(self, name, value)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def lane(self) -> tuple[object, ...]:
        """Jobs that differ in nothing but their age."""
        return (self.project_id, self.user, self.priority, self.workflow, self.pool)
