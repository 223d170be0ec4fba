"""Measured profiles: kept in the database, so that a restart need not learn them again."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from master.farm import profiles
from master.farm.farm import Farm
from master.farm.profiles import ProfileKey, Profiles
from master.models import Profile, utc_now

_KEY = ("workflow", "variant", "size", "device_model")
_MEASURED = ("count", "seconds", "spread", "peak_vram_gb", "peak_ram_gb")


def restore_profiles(session: Session, farm: Farm) -> None:
    """Before any job or worker is added: what is expected of them depends on it."""
    for row in session.exec(select(Profile)):
        measured = profiles.Profile(**{name: getattr(row, name) for name in _MEASURED})
        farm.profiles.restore(ProfileKey(row.workflow, row.variant or None, row.size, row.device_model), measured)
    farm.profiles.level()


def changed(known: Profiles, counts: Mapping[ProfileKey, int]) -> list[dict[str, Any]]:
    """Rows of the profiles with more measurements than `counts` says; copies, for another thread to write."""
    return [
        {
            "workflow": key.workflow,
            "variant": key.variant or "",
            "size": key.size,
            "device_model": key.model,
            **{name: getattr(profile, name) for name in _MEASURED},
        }
        for key, profile in known.exact.items()
        if counts.get(key) != profile.count
    ]


def counts_of(known: Profiles) -> dict[ProfileKey, int]:
    return {key: profile.count for key, profile in known.exact.items()}


def keep_profiles(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Insert or replace them in one statement."""
    now = utc_now()
    values = [{**row, "updated_at": now} for row in rows]
    if not values:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Profile)
    renewed = {name: insert.excluded[name] for name in (*_MEASURED, "updated_at")}
    session.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=renewed), values)
