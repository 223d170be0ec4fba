"""The API of a model server, for clients that were written for one: the same paths, fields and answers, without
/api before them."""

from typing import Any

import psutil
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from cinefarm import __version__
from cinefarm.statuses import AdStatus
from master.ads.fonts import Font, list_fonts
from master.ads.requests import AdRequest
from master.api import ad_studio
from master.api.ad_bodies import AdRoute
from master.api.ad_results import Answered, answer, picture_base64, result_of
from master.api.deps import Asker, Reader, TheMaster
from master.context import Master
from master.models import Device

router = APIRouter(tags=["ads for model clients"], route_class=AdRoute)

_GB = 1024**3
_KNOWN_FIELDS = {"product_image", "hint_image", "step1_image", "step2_image"}


class Started(Answered):
    job_id: str
    status: str
    ignored: list[str] | None = None


class GpuInfo(BaseModel):
    index: int
    name: str
    vram_used_mb: int
    vram_total_mb: int
    vram_percent: float
    utilization: float


class SystemMetrics(BaseModel):
    """Of the master's box; the GPUs are those of all workers that are online."""

    cpu_percent: float
    ram_used_gb: float
    ram_total_gb: float
    ram_percent: float
    gpu_info: list[GpuInfo]


class ServingStatus(BaseModel):
    job_id: str
    status: AdStatus
    progress_percent: float
    current_step: str
    sub_step: str
    message: str
    elapsed_sec: float
    eta_seconds: float | None
    step_eta_seconds: float | None
    system_metrics: SystemMetrics
    parameters: dict[str, Any]
    step1_result: str | None  # PNG in base64, as the others
    step2_result: str | None
    final_result: str | None


class ServingStopped(Answered):
    job_id: str
    status: AdStatus
    message: str | None = None


class ServingHealth(BaseModel):
    status: str
    gpu_available: bool
    workers: int  # online
    version: str


@router.post("/generate", response_model=Started)
async def generate(request: AdRequest, master: TheMaster, asker: Asker) -> JSONResponse:
    ad_id = await ad_studio.make(master, asker, request)
    ad = await ad_studio.now(master, ad_id)
    return answer(Started(job_id=ad_id, status="started", ignored=ad.ad.ignored or None))


@router.get("/status/{job_id}", response_model=ServingStatus)
async def show_status(job_id: str, reader: Reader, master: TheMaster) -> JSONResponse:
    ad = await ad_studio.now(master, job_id)
    given = ad.ad.parameters
    said = ServingStatus(
        job_id=ad.ad.id,
        status=ad.status,
        progress_percent=ad.progress.percent,
        current_step=ad.current_step,
        sub_step=ad.sub_step,
        message=ad.told_message,
        elapsed_sec=ad.elapsed_s,
        eta_seconds=ad.eta_s,
        step_eta_seconds=ad.step_eta_s,
        system_metrics=await run_in_threadpool(_metrics, reader, master),
        parameters={name: value for name, value in given.items() if name not in _KNOWN_FIELDS},
        step1_result=await picture_base64(master, result_of(ad, 1) or given.get("step1_image")),
        step2_result=await picture_base64(master, result_of(ad, 2) or given.get("step2_image")),
        final_result=await picture_base64(master, result_of(ad, 3)),
    )
    return answer(said, whole=True)


@router.post("/stop/{job_id}", response_model=ServingStopped)
async def stop(job_id: str, master: TheMaster, asker: Asker) -> JSONResponse:
    ad = await ad_studio.stop(master, asker, job_id)
    return answer(ServingStopped(job_id=job_id, status=ad.status, message=ad.told_message))


@router.get("/health")
def show_serving_health(master: TheMaster) -> ServingHealth:
    workers = [worker for worker in list(master.dispatcher.farm.workers.values()) if worker.connected]
    devices = [device for worker in workers for device in list(worker.devices.values())]
    return ServingHealth(
        status="healthy",
        gpu_available=any(device.kind == "cuda" for device in devices),
        workers=len(workers),
        version=__version__,
    )


@router.get("/fonts")
def list_serving_fonts() -> list[Font]:
    return list_fonts()


def _metrics(session: Session, master: Master) -> SystemMetrics:
    memory = psutil.virtual_memory()
    return SystemMetrics(
        cpu_percent=psutil.cpu_percent(),
        ram_used_gb=round(memory.used / _GB, 2),
        ram_total_gb=round(memory.total / _GB, 2),
        ram_percent=memory.percent,
        gpu_info=_gpus(session, master),
    )


def _gpus(session: Session, master: Master) -> list[GpuInfo]:
    """As the last heartbeats told."""
    workers = master.dispatcher.farm.workers
    found: list[GpuInfo] = []
    for device in session.exec(
        select(Device).where(Device.kind == "cuda").order_by(col(Device.worker_id), col(Device.index))
    ):
        worker = workers.get(device.worker_id)
        if worker is None or not worker.connected:
            continue
        told = device.metrics or {}
        total_mb, used_mb = device.memory_total_gb * 1024, (told.get("memory_used_gb") or 0.0) * 1024
        found.append(
            GpuInfo(
                index=len(found),
                name=device.name,
                vram_used_mb=round(used_mb),
                vram_total_mb=round(total_mb),
                vram_percent=round(100 * used_mb / total_mb, 1) if total_mb else 0.0,
                utilization=told.get("utilisation_percent") or 0.0,
            )
        )
    return found
