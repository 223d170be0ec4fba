"""Schema upgrades."""

from sqlmodel import SQLModel

from master.db import Database


def upgrade(db: Database) -> None:
    SQLModel.metadata.create_all(db.writer_engine)
