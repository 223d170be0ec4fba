"""What may be done to a master that is not running."""

from master.access import new_api_token
from master.config import MasterSettings
from master.db import Database
from master.startup import CannotStart, prepared

__all__ = ["CannotStart", "add_api_token"]


def add_api_token(settings: MasterSettings, name: str) -> str:
    """Raises `CannotStart` when a master runs on this state folder."""
    with prepared(settings):
        db = Database(settings.sqlalchemy_url)
        db.start()
        try:
            return db.write(lambda session: new_api_token(session, name))
        finally:
            db.stop()
