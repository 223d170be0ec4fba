"""Make an ad."""

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, select

from master.ads.choices import Choice, chosen_of
from master.ads.form import Branch, Form
from master.ads.pictures import Sent, mask_of, record_pictures
from master.ads.plan import Wanted, stages_of
from master.ads.prompts import KeptPrompts
from master.ads.writing import ads_project, submit_stages
from master.audit import record
from master.errors import BadInput, Conflict
from master.events import Noun
from master.models import Ad, Media
from workflows.catalog import Catalog

_NEEDS = {1: "product_image", 2: "step1_image", 3: "step1_image"}


@dataclass(frozen=True)
class Order:
    """An ad to make. `sent` are its pictures."""

    form: Form
    sent: Sent
    choices: list[Choice]
    prompts: KeptPrompts
    ignored: list[str]
    name: str = ""
    user: str = "local"
    key: str | None = None
    request_hash: str = ""


def require_pictures(step: int, given: dict[str, Any]) -> None:
    """Raises `BadInput` when the picture that this step begins from is missing."""
    if step == 3 and not given.get("step2_image"):
        raise BadInput(
            "start_step 3 needs step2_image: the lettering of an earlier ad, a PNG with alpha. "
            "Send it, or begin at step 2.",
            field="step2_image",
        )
    if given.get(_NEEDS[step]):
        return
    if step == 1:
        raise BadInput("product_image is missing: send the photo of the product.", field="product_image")
    raise BadInput(
        "start_step {step} needs step1_image: the background of an earlier ad. Send it, or begin at step 1.",
        step=step,
        field="step1_image",
    )


def earlier_ad(session: Session, user: str, key: str | None, request_hash: str) -> Ad | None:
    """The ad that the same request made before. Raises `Conflict` when the key was used for another request, or the ad
    was deleted."""
    found = session.exec(select(Ad).where(Ad.user == user, Ad.idempotency_key == key)).first() if key else None
    if found and found.request_hash != request_hash:
        raise Conflict(
            "The idempotency key “{key}” was used for another request; use a new key.",
            key=(key or "")[:60],
            field="Idempotency-Key",
        )
    if found and found.deleted_at is not None:
        raise Conflict(
            "The ad that the idempotency key “{key}” made was deleted; restore it, or use a new key.",
            key=(key or "")[:60],
            field="Idempotency-Key",
        )
    return found


def make_ad(session: Session, order: Order, catalog: Catalog) -> tuple[Ad, list[str]]:
    """The ad and the ids of its jobs. Raises `BadInput`, `Conflict`."""
    if found := earlier_ad(session, order.user, order.key, order.request_hash):
        return found, []
    project = ads_project(session)
    media = record_pictures(session, project, order.sent)
    form, step1 = order.form, media.get("step1_image")
    parameters = form.parameters | {name: picture.id for name, picture in media.items()}
    branches = _on_picture(form.branches, step1) if step1 and parameters["start_step"] > 1 else form.branches
    ad = Ad(
        project_id=project.id,
        name=order.name[:150] or name_of(parameters),
        user=order.user,
        workflow=form.workflow,
        parameters=parameters,
        branches=[branch.stored() for branch in branches],
        prompts=order.prompts.model_dump(),
        choices=[choice.model_dump() for choice in order.choices],
        mask_id=mask_of(session, step1) if step1 else None,
        ignored=order.ignored,
        idempotency_key=order.key,
        request_hash=order.request_hash,
    )
    session.add(ad)
    session.flush()
    ids = submit_stages(session, ad, stages_of(wanted_of(ad), catalog), catalog)
    record(session, order.user, Noun.AD, ad.id, "made", ad.name, project_id=project.id)
    return ad, ids


def name_of(parameters: dict[str, Any]) -> str:
    """Of an ad that was given none: its words, or the style of a background without any."""
    return str(parameters.get("ad_text") or parameters["background_style"])[:150]


def _on_picture(branches: list[Branch], picture: Media) -> list[Branch]:
    """An ad on a finished background is as large as that."""
    width, height = picture.width or 1024, picture.height or 1024
    sized = [replace(b, key=f"{width}x{height}/{b.variant}", width=width, height=height) for b in branches]
    return list({branch.key: branch for branch in sized}.values())


def wanted_of(ad: Ad) -> Wanted:
    """What decides its stages, as it stands."""
    return Wanted(
        workflow=ad.workflow,
        parameters=ad.parameters,
        branches=[Branch(**branch) for branch in ad.branches],
        prompts=ad.prompts,
        chosen=chosen_of(Choice.model_validate(choice) for choice in ad.choices),
        mask_id=ad.mask_id,
    )
