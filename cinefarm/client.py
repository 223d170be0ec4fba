"""The farm from Python.

    with Farm() as farm:
        farm.import_shots("DEMO", Path("shots.xlsx"))
        batch = farm.submit("DEMO", "text_to_image/storyboard")
        farm.wait(batch.id)

On the master's own machine the secret is found in its state folder; elsewhere give a token (`cinefarm token add`).
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import httpx

from cinefarm.ids import new_id
from cinefarm.link import DEFAULT_URL, FarmError, Link
from cinefarm.picture_names import named_branches, stem_of
from cinefarm.records import (
    Ad,
    AskedAd,
    Batch,
    Event,
    Explanation,
    Forecast,
    ImportReport,
    Job,
    JobDetail,
    Limit,
    LogLine,
    Media,
    Profile,
    Project,
    Sentence,
    Share,
    Shot,
    Take,
    TimelineEntry,
    Worker,
    Workflow,
)
from cinefarm.statuses import AdStatus, JobStatus

__all__ = ["DEFAULT_URL", "Farm", "FarmError"]

_POLL_S = (0.1, 1.0)
_AD_POLL_S = (0.1, 1.0)
_AD_POLL_SHARE = 0.05  # of the time waited so far: an ad of two seconds and one of ten minutes are told as late


class Farm(Link):
    """A typed client of one master. Every method raises `FarmError`."""

    # -- projects and shots

    def projects(self) -> list[Project]:
        return self._rows("/api/projects", Project)

    def project(self, code: str) -> Project:
        return self._one("GET", f"/api/projects/{quote(code)}", Project)

    def create_project(self, code: str, name: str, **fields: Any) -> Project:
        return self._one("POST", "/api/projects", Project, json={"code": code, "name": name, **fields})

    def delete_project(self, code: str) -> None:
        self.request("DELETE", f"/api/projects/{quote(code)}")

    def shots(self, project: str) -> list[Shot]:
        """Every shot in the order of the cut."""
        found: list[Shot] = []
        while True:
            query: dict[str, Any] = {"limit": 1000, **({"after": found[-1].id} if found else {})}
            page = self.request("GET", f"/api/projects/{quote(project)}/shots", params=query).json()
            found += [Shot.model_validate(row) for row in page["rows"]]
            if not page["rows"] or len(found) >= page["total"]:
                return found

    def takes(self, shot_id: str) -> list[Take]:
        return self._rows(f"/api/shots/{shot_id}/takes", Take)

    def import_shots(
        self,
        project: str,
        file: Path,
        *,
        dry_run: bool = False,
        create_missing: bool = False,
        on_conflict: str = "refuse",
    ) -> ImportReport:
        query = {"dry_run": dry_run, "create_missing": create_missing, "on_conflict": on_conflict}
        with file.open("rb") as content:
            return self._one(
                "POST",
                f"/api/projects/{quote(project)}/import",
                ImportReport,
                params=query,
                files={"file": (file.name, content)},
            )

    def export(self, project: str, target: Path, *, lang: str = "en") -> Path:
        """Write the shot list to `target`; its suffix (.xlsx, .csv, .json) chooses the form."""
        suffix = target.suffix.lower()
        if suffix not in (".xlsx", ".csv", ".json"):
            raise FarmError(f"“{target.name}” must end in .xlsx, .csv or .json.")
        answer = self.request("GET", f"/api/projects/{quote(project)}/export{suffix}", params={"lang": lang})
        target.write_bytes(answer.content)
        return target

    def restore_project(self, data_json: Path) -> Project:
        with data_json.open("rb") as content:
            return self._one("POST", "/api/restore", Project, files={"file": (data_json.name, content)})

    def upload(self, project: str, file: Path) -> Media:
        """A PNG, JPEG or WebP picture, or an MP4, MOV, WebM or MKV video, into the project: its `id` is what a
        workflow's file parameter takes."""
        with file.open("rb") as content:
            place = f"/api/projects/{quote(project)}/media"
            return self._one("POST", place, Media, files={"file": (file.name, content)})

    # -- jobs

    def workflows(self) -> list[Workflow]:
        return self._rows("/api/workflows", Workflow)

    def submit(
        self,
        project: str,
        workflow: str | None = None,
        *,
        shot_ids: Sequence[str] | None = None,
        parameters: dict[str, Any] | None = None,
        follow: Sequence[dict[str, Any]] = (),
        priority: int = 50,
        name: str = "",
        key: str | None = None,
        on_warning: Callable[[Sentence], None] | None = None,
    ) -> Batch:
        """Submit one job a shot (or one film job). The same `key` twice makes one batch; unset, each call has its own.

        A connection that breaks is tried again with the same key, so nothing is submitted twice.
        """
        body = {
            "workflow": workflow,
            "shot_ids": list(shot_ids) if shot_ids is not None else None,
            "parameters": parameters or {},
            "follow": list(follow),
            "priority": priority,
            "name": name,
        }
        headers = {"Idempotency-Key": key or new_id()}
        answer = self._again(
            lambda: self.request("POST", f"/api/projects/{quote(project)}/batches", json=body, headers=headers)
        ).json()
        for warning in answer.get("warnings", []):
            if on_warning:
                on_warning(Sentence.model_validate(warning))
        return Batch.model_validate(answer["batch"])

    def batch(self, batch_id: str) -> Batch:
        return self._one("GET", f"/api/batches/{batch_id}", Batch)

    def wait(
        self, batch_id: str, *, timeout_s: float | None = None, on_progress: Callable[[Batch], None] | None = None
    ) -> Batch:
        """Until every job of the batch has ended (or nothing more can run). A master that restarts is waited for.

        Raises `FarmError` when `timeout_s` passes first.
        """
        end = time.monotonic() + timeout_s if timeout_s is not None else None
        delay = _POLL_S[0]
        while True:
            batch = self._again(lambda: self.batch(batch_id))
            if on_progress:
                on_progress(batch)
            if batch.done or batch.stuck:
                return batch
            if end is not None and time.monotonic() > end:
                raise FarmError(f"Batch {batch_id} is not done after {timeout_s:g} s ({batch.progress:.0%}).")
            time.sleep(delay)
            delay = min(_POLL_S[1], delay * 1.3)

    def cancel_batch(self, batch_id: str) -> None:
        self.request("POST", f"/api/batches/{batch_id}/cancel")

    def jobs(
        self,
        *,
        project: str | None = None,
        batch: str | None = None,
        status: Sequence[JobStatus] = (),
        workflow: str | None = None,
        limit: int = 100,
    ) -> list[Job]:
        """Newest first."""
        query = {"project": project, "batch": batch, "workflow": workflow, "status": list(status), "limit": limit}
        return self._rows("/api/jobs", Job, {name: value for name, value in query.items() if value})

    def job(self, job_id: str) -> JobDetail:
        return self._one("GET", f"/api/jobs/{job_id}", JobDetail)

    def job_log(self, job_id: str) -> list[LogLine]:
        return self._rows(f"/api/jobs/{job_id}/log", LogLine)

    def cancel(self, job_id: str) -> Job:
        return self._one("POST", f"/api/jobs/{job_id}/cancel", Job)

    def retry(self, job_id: str) -> Job:
        return self._one("POST", f"/api/jobs/{job_id}/retry", Job)

    def explain(self, job_id: str) -> Explanation:
        return self._one("GET", f"/api/jobs/{job_id}/explain", Explanation)

    def forecast(self, batch_id: str) -> Forecast:
        return self._one("GET", f"/api/batches/{batch_id}/forecast", Forecast)

    def download(self, url: str, target: Path) -> Path:
        """Save an output (its `url`) as `target`."""
        try:
            with self._http.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise FarmError(f"{url} answered HTTP {answer.status_code}.", status=answer.status_code)
                with target.open("wb") as file:
                    for chunk in answer.iter_bytes():
                        file.write(chunk)
        except httpx.HTTPError as error:
            raise self._no_answer(error) from error
        return target

    # -- ads

    def make_ad(self, photo: Path | None, ad_text: str, *, key: str | None = None, **fields: Any) -> Ad:
        """Begin an ad of a product photo and a line of text; `wait_ad` waits for it. Fields as in `docs/ads.md`:
        `background_style`, `text_style`, `sizes`, `variants`, `sub_text` and so on. The same `key` twice makes one ad;
        a connection that breaks is tried again with the same."""
        given = {name: value for name, value in {"ad_text": ad_text, **fields}.items() if value is not None}
        headers = {"Idempotency-Key": key or new_id()}
        content = photo.read_bytes() if photo else b""
        files = {"product_image": (photo.name, content)} if photo else None
        # a form without a file would be sent in another form
        body: dict[str, Any] = {"data": given, "files": files} if files else {"json": given}
        return self._again(lambda: self._one("POST", "/api/ads", Ad, headers=headers, **body))

    def ads(self, *, limit: int = 50) -> list[Ad]:
        """Newest first."""
        return self._rows("/api/ads", Ad, {"limit": limit})

    def asked_ads(self, *, within_s: float, keys: str = "") -> list[AskedAd]:
        """What this token asked for lately; with `keys` only ads whose idempotency key begins so."""
        return self._rows("/api/ads/asked", AskedAd, {"within_s": within_s, "keys": keys})

    def ad(self, ad_id: str) -> Ad:
        return self._one("GET", f"/api/ads/{quote(ad_id)}", Ad)

    def restart_ad(self, ad_id: str, *, start_step: Literal[1, 2, 3] | None = None, **changes: Any) -> Ad:
        """Make again what the changes concern, and what failed or was stopped; the rest of the ad stays."""
        body = {**changes, "start_step": start_step} if start_step else changes
        return self._one("POST", f"/api/ads/{quote(ad_id)}/restart", Ad, json=body)

    def stop_ad(self, ad_id: str) -> AdStatus:
        """`stopped`, or how the ad had ended before."""
        return AdStatus(self.request("POST", f"/api/ads/{quote(ad_id)}/stop").json()["status"])

    def download_ad(self, ad_id: str, folder: Path) -> list[Path]:
        """Save its pictures that are done into a folder, each named with its size and variant."""
        ad = self.ad(ad_id)
        folder.mkdir(parents=True, exist_ok=True)
        named = named_branches(stem_of(ad.name), ".png", ad.branches)
        return [self.download(branch.result.url, folder / name) for branch, name in named if branch.result]

    def delete_ad(self, ad_id: str) -> None:
        """Into the trash; refused while it is made."""
        self.request("DELETE", f"/api/ads/{quote(ad_id)}")

    def restore_ad(self, ad_id: str) -> Ad:
        return self._one("POST", f"/api/ads/{quote(ad_id)}/restore", Ad)

    def ad_fonts(self) -> list[str]:
        """Names of the fonts that an ad may be set in."""
        return [str(font["name"]) for font in self.request("GET", "/api/ads/fonts").json()]

    def wait_ad(
        self, ad_id: str, *, timeout_s: float | None = None, on_progress: Callable[[Ad], None] | None = None
    ) -> Ad:
        """Until it has ended. Raises `FarmError` when `timeout_s` passes first."""
        began = time.monotonic()
        end = began + timeout_s if timeout_s is not None else None
        while True:
            ad = self._again(lambda: self.ad(ad_id))
            if on_progress:
                on_progress(ad)
            if ad.status is not AdStatus.PROCESSING:
                return ad
            if end is not None and time.monotonic() > end:
                raise FarmError(f"Ad {ad_id} is not done after {timeout_s:g} s ({ad.progress_percent:g} %).")
            least, most = _AD_POLL_S
            time.sleep(min(most, max(least, _AD_POLL_SHARE * (time.monotonic() - began))))

    # -- workers

    def workers(self) -> list[Worker]:
        return self._rows("/api/workers", Worker)

    def wish(self, worker_id: str, wish: str) -> Worker:
        """`paused`, `draining`, or `none` to resume."""
        return self._one("PUT", f"/api/workers/{quote(worker_id)}/wish", Worker, json={"wish": wish})

    def schedule(self, worker_id: str, schedule: dict[str, Any] | None) -> Worker:
        """The hours in which it may begin jobs, e.g. `{"time_zone": "Asia/Seoul", "windows": [{"days": ["mon"],
        "start": "20:00", "end": "08:00"}]}`; None for always."""
        return self._one("PUT", f"/api/workers/{quote(worker_id)}/schedule", Worker, json={"schedule": schedule})

    def assign_pool(self, worker_id: str, pool: str | None) -> Worker:
        """Put it into a pool, whatever it says of itself."""
        return self._one("PUT", f"/api/workers/{quote(worker_id)}/pool", Worker, json={"pool": pool})

    def tag(self, worker_id: str, tags: Sequence[str]) -> Worker:
        return self._one("PUT", f"/api/workers/{quote(worker_id)}/tags", Worker, json={"tags": list(tags)})

    def forgive(self, worker_id: str, batch_id: str | None = None) -> Worker:
        """End its block on one batch; without one all of its blocks and sick devices."""
        return self._one("POST", f"/api/workers/{quote(worker_id)}/forgive", Worker, json={"batch": batch_id})

    # -- limits, shares and the record

    def limits(self) -> list[Limit]:
        return self._rows("/api/limits", Limit)

    def set_limit(self, name: str, **fields: Any) -> Limit:
        """`capacity` (at once), `burst` and `refill_per_s` (a bucket), `note`; what is not given is unset."""
        return self._one("PUT", f"/api/limits/{quote(name, safe='')}", Limit, json=fields)

    def remove_limit(self, name: str) -> None:
        self.request("DELETE", f"/api/limits/{quote(name, safe='')}")

    def shares(self) -> list[Share]:
        return self._rows("/api/shares", Share)

    def set_share(self, kind: str, name: str, **fields: Any) -> Share:
        """`weight`, `max_running`, `budget_gpu_hours`, `pools` of a user or a project; what is not given is unset."""
        return self._one("PUT", f"/api/shares/{kind}/{quote(name, safe='')}", Share, json=fields)

    def remove_share(self, kind: str, name: str) -> None:
        self.request("DELETE", f"/api/shares/{kind}/{quote(name, safe='')}")

    def profiles(self, workflow: str | None = None) -> list[Profile]:
        """What jobs were measured to need."""
        return self._rows("/api/profiles", Profile, {"workflow": workflow} if workflow else None)

    def events(self, **filters: Any) -> list[Event]:
        """By `noun`, `id`, `actor`, `project`, `limit`; newest first, or with `after` an id those that follow it."""
        return self._rows("/api/events", Event, {name: value for name, value in filters.items() if value is not None})

    def timeline(self, job_id: str) -> list[TimelineEntry]:
        """What befell a job, oldest first."""
        return self._rows(f"/api/jobs/{job_id}/timeline", TimelineEntry)

    # -- access

    def enrol_token(self, pool: str | None = None) -> str:
        answer = self.request("POST", "/api/workers/enrol-tokens", params={"pool": pool} if pool else {})
        return str(answer.json()["token"])

    def api_token(self, name: str) -> str:
        return str(self.request("POST", "/api/tokens", json={"name": name}).json()["token"])

    def link(self) -> str:
        """A one-time link that opens the UI in a browser."""
        return self.url + str(self.request("POST", "/api/tickets").json()["path"])

    def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.request("GET", "/api/health").json()
        return answer
