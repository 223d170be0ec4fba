"""The front end's types are made from frontend/openapi.json, which must be what the master says now."""

from pathlib import Path

from master.openapi import document, text

COMMITTED = Path(__file__).parents[2] / "frontend" / "openapi.json"


def test_the_committed_document_is_what_the_master_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == text(), (
        "frontend/openapi.json is stale: run `npm run types` in frontend/ and commit what it writes."
    )


def test_the_live_messages_have_schemas() -> None:
    schemas = document()["components"]["schemas"]
    assert {"LiveMessage", "LiveShots", "LiveJobs", "LiveBatches", "LiveProgress", "LivePreview"} <= set(schemas)


def test_no_two_routes_share_a_name() -> None:
    names = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    doubled = {name for name in names if names.count(name) > 1}
    assert not doubled, f"These route names occur twice; the generated client needs one name a route: {doubled}"
