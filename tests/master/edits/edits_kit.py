"""One who edits a shot list."""

from typing import Any

from fastapi.testclient import TestClient

Rows = list[dict[str, Any]]


class Person:
    """One user in one tab of the project DEMO."""

    def __init__(self, api: TestClient, token: str, tab: str) -> None:
        self.api = api
        self.headers = {"Authorization": f"Bearer {token}"}
        self.tab = tab

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.api.request(method, path, headers=self.headers, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def edit(self, name: str = "type", status: int = 200, **lists: Any) -> Any:
        return self.ask("POST", "/api/projects/DEMO/edits", status, json={"tab": self.tab, "name": name, **lists})

    def change(self, *ids: str, **fields: Any) -> Any:
        return self.edit(changes=[{"id": id, **fields} for id in ids])

    def undo(self, status: int = 200) -> Any:
        return self.ask("POST", "/api/projects/DEMO/undo", status, json={"tab": self.tab})

    def redo(self, status: int = 200) -> Any:
        return self.ask("POST", "/api/projects/DEMO/redo", status, json={"tab": self.tab})

    def steps(self) -> Any:
        return self.ask("GET", f"/api/projects/DEMO/steps?tab={self.tab}")

    def rows(self) -> Rows:
        rows: Rows = self.ask("GET", "/api/projects/DEMO/shots?limit=1000")["rows"]
        return rows

    def make(self, *given: int | dict[str, Any]) -> list[str]:
        """The ids of new shots, made by no edit."""
        bodies: list[Any] = [{}] * given[0] if isinstance(given[0], int) else list(given)
        return [row["id"] for row in self.ask("POST", "/api/projects/DEMO/shots", 201, json=bodies)["rows"]]
