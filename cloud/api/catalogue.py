"""Poses and backgrounds: what everyone may use, and a tenant's own backdrops."""

import tempfile
import uuid
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from cloud import audit, idempotency, pictures
from cloud.api.jobs import clean_name, received, unreadable
from cloud.api.wiring import IdempotencyHeader, SignedIn, WithLimiter, WithServices
from cloud.identity import Principal
from cloud.problems import Problem, documented, not_found
from cloud.services import Services
from cloud.tables import Background, Job, Pose

router = APIRouter(tags=["poses and backgrounds"])
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
MAX_OWN_BACKGROUNDS = 200


class PoseView(BaseModel):
    """A pose preset for a human figure."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": _ID, "name": "standing", "description": "Upright, arms at the sides"}]}
    )
    id: uuid.UUID
    name: str
    description: str


class BackgroundView(BaseModel):
    """A backdrop: a colour, or a picture of this tenant. own: whether it can be deleted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": _ID, "name": "white", "colour": "#ffffff", "preview_url": None, "own": False}]
        }
    )
    id: uuid.UUID
    name: str
    colour: str | None
    preview_url: str | None
    own: bool


@router.get("/poses", responses=documented(401, 503))
def list_poses(principal: SignedIn, services: WithServices) -> list[PoseView]:
    """The poses that can be chosen for a human figure."""
    seen = or_(Pose.tenant_id.is_(None), Pose.tenant_id == principal.tenant_id)
    with services.database.read() as session:
        found = session.scalars(select(Pose).where(seen).order_by(Pose.name)).all()
    return [PoseView(id=pose.id, name=pose.name, description=pose.description) for pose in found]


@router.get("/backgrounds", responses=documented(401, 503))
def list_backgrounds(principal: SignedIn, services: WithServices) -> list[BackgroundView]:
    """The backdrops for everyone, and those of this tenant."""
    seen = or_(Background.tenant_id.is_(None), Background.tenant_id == principal.tenant_id)
    with services.database.read() as session:
        found = session.scalars(select(Background).where(seen).order_by(Background.created_at)).all()
    return [_view(services, background) for background in found]


@router.post("/backgrounds", status_code=201, responses=documented(401, 404, 409, 413, 415, 422, 429, 503))
def add_background(
    principal: SignedIn,
    services: WithServices,
    limiter: WithLimiter,
    idempotency_key: IdempotencyHeader,
    file: Annotated[UploadFile, File(description="The backdrop: JPEG, PNG, TIFF, WebP or HEIC.")],
    name: Annotated[str | None, Form(max_length=60)] = None,
) -> BackgroundView:
    """Add a backdrop of this tenant's own. It is encoded anew: only its pixels are kept."""
    limiter.check(services.settings.submit_limit, "background", str(principal.user_id))
    title = clean_name(name or file.filename)[:60]
    content, object_key = _store(services, principal, file)
    added: Background | None = None
    try:
        with services.database.write() as session:
            claim = idempotency.claim(session, principal.user_id, idempotency_key, ["background", content, title])
            if claim.answer is not None:
                return _view(services, _own(session, principal, claim.resource_id))
            added = _add(session, principal, claim.resource_id, title, object_key)
            idempotency.settle(claim, {"id": str(added.id)})
        return _view(services, added)
    finally:
        if added is None:
            services.objects.delete(object_key)


@router.delete("/backgrounds/{background_id}", status_code=204, responses=documented(401, 404, 422, 503))
def delete_background(background_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """Delete a backdrop of this tenant's own; jobs that wait for it get their recipe's background."""
    with services.database.write() as session:
        background = _own(session, principal, background_id)
        session.execute(update(Job).where(Job.background_id == background_id).values(background_id=None))
        session.delete(background)
        audit.note(session, principal, "background.deleted", background_id)
    services.objects.delete(background.object_key or "")
    return Response(status_code=204)


def _own(session: Session, principal: Principal, background_id: uuid.UUID) -> Background:
    background = session.get(Background, background_id)
    if background is None or background.tenant_id != principal.tenant_id:
        raise not_found("background")
    return background


def _add(session: Session, principal: Principal, key: uuid.UUID, title: str, object_key: str) -> Background:
    own = select(func.count()).where(Background.tenant_id == principal.tenant_id)
    if (session.scalar(own) or 0) >= MAX_OWN_BACKGROUNDS:
        raise Problem(409, "too_many", "Conflict", f"A tenant may have {MAX_OWN_BACKGROUNDS} backgrounds of its own.")
    added = Background(id=key, tenant_id=principal.tenant_id, name=title, object_key=object_key)
    session.add(added)
    audit.note(session, principal, "background.added", key)
    session.flush()
    return added


def _store(services: Services, principal: Principal, file: UploadFile) -> tuple[str, str]:
    """Keep a clean copy of an uploaded picture: the hash of what was sent, and the copy's key."""
    with received(file) as path, tempfile.TemporaryDirectory(prefix="modamoda-") as folder:
        clean = Path(folder) / "clean.png"
        try:
            pictures.inspect(path, max_pixels=services.settings.max_pixels)
            pictures.write_clean(path, clean, max_pixels=services.settings.max_pixels)
        except pictures.BadPicture as error:
            raise unreadable(clean_name(file.filename), error) from error
        object_key = f"tenants/{principal.tenant_id}/backgrounds/{uuid.uuid4()}.png"
        services.objects.put(object_key, clean, "image/png")
        return pictures.sha256_of(path), object_key


def _view(services: Services, background: Background) -> BackgroundView:
    key = background.object_key
    return BackgroundView(
        id=background.id,
        name=background.name,
        colour=background.colour,
        preview_url=services.objects.url(key, name=f"{background.name}.png", content_type="image/png", inline=True)
        if key
        else None,
        own=background.tenant_id is not None,
    )
