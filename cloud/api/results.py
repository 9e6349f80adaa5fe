"""Results: finished files sent up in chunks, by content hash, and fetched again by signed addresses."""

import tempfile
import time
import uuid
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from cloud import audit, jobs, licences, pictures
from cloud.api.jobs import aware, clean_name, unreadable
from cloud.api.wiring import SignedIn, WithLimiter, WithServices
from cloud.database import now
from cloud.identity import Principal
from cloud.objects import Folder, disposition
from cloud.problems import Problem, documented, not_found
from cloud.services import Services
from cloud.tables import Result, Tenant, Upload

router = APIRouter(tags=["results"])
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class NewUpload(BaseModel):
    """A file that is to be sent: its content's hash and size, and its name."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"sha256": _HASH, "bytes": 734003, "name": "blouse-07.png"}]}
    )
    sha256: Sha256
    bytes: int = Field(ge=1, le=2**40)
    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]


class UploadView(BaseModel):
    """How far an upload is. result_id: set when the content is there already, and nothing is to be sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"upload_id": _ID, "result_id": None, "received_bytes": 0, "bytes": 734003, "chunk_bytes": 8388608}
            ]
        }
    )
    upload_id: uuid.UUID | None
    result_id: uuid.UUID | None
    received_bytes: int
    bytes: int
    chunk_bytes: int = Field(description="The most bytes one PATCH may carry.")


class ResultView(BaseModel):
    """A finished file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "job_id": None,
                    "sha256": _HASH,
                    "bytes": 734003,
                    "content_type": "image/png",
                    "name": "blouse-07.png",
                    "width": 3000,
                    "height": 4000,
                    "created_at": "2026-11-23T20:00:05Z",
                    "download_url": "https://account.example.com/api/v1/objects/...",
                    "preview_url": "https://account.example.com/api/v1/objects/...",
                }
            ]
        }
    )
    id: uuid.UUID
    job_id: uuid.UUID | None
    sha256: str
    bytes: int
    content_type: str
    name: str
    width: int
    height: int
    created_at: datetime
    download_url: str = Field(description="The file itself, ranges included, for some minutes.")
    preview_url: str = Field(description="A small re-encoded copy to show, for some minutes.")


class ResultPage(BaseModel):
    """A page of results, the newest first. next: pass it as `before`; null = this is the last."""

    items: list[ResultView]
    next: datetime | None


@router.post("/results/uploads", responses=documented(401, 413, 422, 503))
def open_upload(body: NewUpload, principal: SignedIn, services: WithServices) -> UploadView:
    """Begin an upload, or go on with the one begun earlier for the same content."""
    if body.bytes > services.settings.max_upload_bytes:
        raise Problem(413, "too_large", "Too large", f"A file may have {services.settings.max_upload_bytes} bytes.")
    try:
        return _begun(services, principal, body)
    except IntegrityError:
        return _begun(services, principal, body)  # the same content was begun at the same moment; go on with that


def _begun(services: Services, principal: Principal, body: NewUpload) -> UploadView:
    with services.database.write() as session:
        known = _find(session, principal, Result.sha256 == body.sha256)
        if known is not None:
            return UploadView(
                upload_id=None,
                result_id=known.id,
                received_bytes=known.bytes,
                bytes=known.bytes,
                chunk_bytes=services.settings.chunk_bytes,
            )
        return _progress(services, _find_or_open(session, services, principal, body))


@router.get("/results/uploads/{upload_id}", responses=documented(401, 404, 422, 503))
def get_upload(upload_id: uuid.UUID, principal: SignedIn, services: WithServices) -> UploadView:
    """How far an upload is: the next chunk begins at received_bytes."""
    with services.database.read() as session:
        return _progress(services, _own(session, principal, upload_id))


@router.patch(
    "/results/uploads/{upload_id}",
    responses=documented(401, 404, 409, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_chunk(
    upload_id: uuid.UUID,
    request: Request,
    principal: SignedIn,
    services: WithServices,
    upload_offset: Annotated[
        int, Header(ge=0, le=2**40, description="Where this chunk begins; must equal received_bytes.")
    ],
) -> UploadView:
    """Send the next chunk. A chunk that came twice, or out of its turn, is answered with 409 and changes nothing."""
    chunk = bytearray()
    async for block in request.stream():
        chunk += block
        if len(chunk) > services.settings.chunk_bytes:
            raise Problem(413, "too_large", "Too large", f"A chunk may have {services.settings.chunk_bytes} bytes.")
    return await run_in_threadpool(_keep_chunk, services, principal, upload_id, upload_offset, bytes(chunk))


@router.post(
    "/results/uploads/{upload_id}/complete", status_code=201, responses=documented(401, 404, 409, 415, 422, 429, 503)
)
def complete_upload(
    upload_id: uuid.UUID, principal: SignedIn, services: WithServices, limiter: WithLimiter
) -> ResultView:
    """Check the whole file, by hash and content, and keep it as a result."""
    limiter.check(services.settings.submit_limit, "complete", str(principal.user_id))
    with services.database.read() as session:
        upload = _own(session, principal, upload_id)
    if upload.received_bytes != upload.bytes:
        raise Problem(409, "incomplete", "Conflict", f"{upload.received_bytes} of {upload.bytes} bytes have arrived.")
    try:
        with tempfile.TemporaryDirectory(prefix="modamoda-") as folder:
            result = _checked(services, upload, Path(folder))
        kept = _keep_result(services, principal, upload, result)
    except (FileNotFoundError, IntegrityError):  # the same call was made twice at the same moment; the other one won
        with services.database.write() as session:
            _forget(session, upload)
            kept = _find(session, principal, Result.sha256 == upload.sha256)
        if kept is None:
            raise not_found("upload") from None
    _forget_parts(services, upload)
    return _view(services, kept)


def _keep_result(services: Services, principal: Principal, upload: Upload, result: Result) -> Result:
    """Turn a checked upload into a result; the one that there is, where its content is there already."""
    with services.database.write() as session:
        _forget(session, upload)
        known = _find(session, principal, Result.sha256 == upload.sha256)
        if known is None:
            session.add(result)
            audit.note(session, principal, "result.uploaded", result.id)
        session.flush()
    if known is not None and known.object_key != result.object_key:
        for key in (result.object_key, result.preview_key):
            services.objects.delete(key)
    return known or result


@router.get("/results", responses=documented(401, 422, 503))
def list_results(
    principal: SignedIn,
    services: WithServices,
    before: Annotated[datetime | None, Query(description="Only results made before this moment.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ResultPage:
    """The results of this account, the newest first."""
    conditions = [Result.user_id == principal.user_id] + ([Result.created_at < aware(before)] if before else [])
    with services.database.read() as session:
        found = session.scalars(select(Result).where(*conditions).order_by(Result.created_at.desc()).limit(limit)).all()
    return ResultPage(
        items=[_view(services, result) for result in found], next=found[-1].created_at if len(found) == limit else None
    )


@router.get("/results/{result_id}", responses=documented(401, 404, 422, 503))
def get_result(result_id: uuid.UUID, principal: SignedIn, services: WithServices) -> ResultView:
    """A result, with addresses to fetch it."""
    with services.database.read() as session:
        result = _find(session, principal, Result.id == result_id)
    if result is None:
        raise not_found("result")
    return _view(services, result)


@router.delete("/results/{result_id}", status_code=204, responses=documented(401, 404, 422, 503))
def delete_result(result_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """Delete a result from the service; the job that made it stays in the list."""
    with services.database.write() as session:
        result = _find(session, principal, Result.id == result_id)
        if result is None:
            raise not_found("result")
        session.delete(result)
        keys = jobs.outputs_of(session, result)
        jobs.forget_outputs(session, result)
        audit.note(session, principal, "result.deleted", result_id)
    for key in keys:
        services.objects.delete(key)
    return Response(status_code=204)


@router.get(
    "/objects/{key:path}",
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The file."},
        206: {"content": {"application/octet-stream": {}}, "description": "A part of the file."},
        400: {"content": {"text/plain": {}}, "description": "The Range header is malformed."},
        416: {"content": {"text/plain": {}}, "description": "The file has no such range."},
    }
    | documented(403, 404, 422),
    response_class=FileResponse,
)
def get_object(
    key: str,
    request: Request,
    services: WithServices,
    expires: int,
    signature: str,
    name: str,
    type: str,
    inline: Literal["0", "1"],
) -> FileResponse:
    """A file by the signed address that another call gave out, while objects are kept in a folder."""
    words = {"expires": str(expires), "name": name, "type": type, "inline": inline}
    objects = services.objects
    if (
        not isinstance(objects, Folder)
        or not compare_digest(objects.sign(key, words).encode(), signature.encode())
        or expires < time.time()
    ):
        raise Problem(
            403,
            "bad_address",
            "Not allowed",
            "This address has expired or was changed.",
            "Ask for the job or result again.",
        )
    if not objects.path(key).is_file():
        raise not_found("object")
    headers = {"Content-Disposition": disposition(name, inline=inline == "1"), "Cache-Control": "private, max-age=600"}
    return FileResponse(objects.path(key), media_type=type, headers=headers)


def _find_or_open(session: Session, services: Services, principal: Principal, body: NewUpload) -> Upload:
    upload = session.scalar(select(Upload).where(Upload.user_id == principal.user_id, Upload.sha256 == body.sha256))
    if upload is not None and upload.bytes == body.bytes:
        return upload
    if upload is not None:
        session.delete(upload)
        session.flush()
    if _used_bytes(session, principal.tenant_id) + body.bytes > _quota_bytes(session, services, principal):
        raise Problem(
            413,
            "storage_full",
            "Too large",
            "The storage of this account is full.",
            "Delete results that you do not need.",
        )
    opened = Upload(
        id=uuid.uuid4(),
        user_id=principal.user_id,
        tenant_id=principal.tenant_id,
        sha256=body.sha256,
        bytes=body.bytes,
        received_bytes=0,
        parts=[],
        name=clean_name(body.name),
    )
    session.add(opened)
    return opened


def _quota_bytes(session: Session, services: Services, principal: Principal) -> int:
    """What a tenant may keep here: all that syncs, or what renderings need."""
    syncs = "results_sync" in licences.plan_of(session.get_one(Tenant, principal.tenant_id)).entitlements
    settings = services.settings
    small_bytes = min(settings.small_storage_quota_bytes, settings.storage_quota_bytes)
    return settings.storage_quota_bytes if syncs else small_bytes


def _used_bytes(session: Session, tenant_id: uuid.UUID) -> int:
    """The bytes a tenant keeps here, with what its uploads under way were announced with."""
    sums = [
        select(func.coalesce(func.sum(table.bytes), 0)).where(table.tenant_id == tenant_id).scalar_subquery()
        for table in (Result, Upload)
    ]
    return int(session.scalar(select(sums[0] + sums[1])) or 0)


def _keep_chunk(
    services: Services, principal: Principal, upload_id: uuid.UUID, offset: int, chunk: bytes
) -> UploadView:
    """Store the chunk first and count it afterwards: what arrived is there before anybody is told so."""
    with services.database.read() as session:
        upload = _own(session, principal, upload_id)
    _check_turn(upload, offset, chunk)
    part = f"tenants/{upload.tenant_id}/uploads/{upload.id}/{offset}-{uuid.uuid4().hex}"
    with tempfile.NamedTemporaryFile(prefix="modamoda-") as temporary:
        temporary.write(chunk)
        temporary.flush()
        services.objects.put(part, Path(temporary.name), "application/octet-stream")
    with services.database.write() as session:
        current = session.scalars(select(Upload).where(Upload.id == upload.id).with_for_update()).one_or_none()
        if current is None:
            raise not_found("upload")
        _check_turn(current, offset, chunk)
        current.received_bytes, current.parts, current.touched_at = offset + len(chunk), [*current.parts, part], now()
        return _progress(services, current)


def _check_turn(upload: Upload, offset: int, chunk: bytes) -> None:
    if offset != upload.received_bytes:
        raise Problem(
            409,
            "wrong_offset",
            "Conflict",
            f"{upload.received_bytes} bytes have arrived, this chunk begins at {offset}.",
        )
    if offset + len(chunk) > upload.bytes:
        raise Problem(409, "too_many_bytes", "Conflict", f"The file was announced with {upload.bytes} bytes.")


def _checked(services: Services, upload: Upload, folder: Path) -> Result:
    whole, preview = folder / "whole", folder / "preview.jpg"
    _join_parts(services, upload, folder, whole)
    try:
        if pictures.sha256_of(whole) != upload.sha256:
            raise pictures.BadPicture("its content does not have the hash that was announced")
        picture = pictures.inspect(whole, max_pixels=services.settings.max_pixels)
        pictures.write_preview(whole, preview, max_pixels=services.settings.max_pixels)
    except pictures.BadPicture as error:
        with services.database.write() as session:
            _forget(session, upload)
        _forget_parts(services, upload)
        raise unreadable(upload.name, error) from error
    place = f"tenants/{upload.tenant_id}/results/{upload.user_id}/{upload.sha256}"
    services.objects.put(f"{place}{picture.suffix}", whole, picture.content_type)
    services.objects.put(f"{place}.preview.jpg", preview, "image/jpeg")
    return Result(
        id=uuid.uuid4(),
        user_id=upload.user_id,
        tenant_id=upload.tenant_id,
        sha256=upload.sha256,
        bytes=upload.bytes,
        content_type=picture.content_type,
        name=upload.name,
        width=picture.width,
        height=picture.height,
        object_key=f"{place}{picture.suffix}",
        preview_key=f"{place}.preview.jpg",
        created_at=now(),
    )


def _join_parts(services: Services, upload: Upload, folder: Path, whole: Path) -> None:
    with whole.open("wb") as target:
        for key in upload.parts:
            part = folder / "part"
            services.objects.fetch(key, part)
            target.write(part.read_bytes())


def _forget(session: Session, upload: Upload) -> None:
    session.execute(delete(Upload).where(Upload.id == upload.id).execution_options(synchronize_session=False))


def _forget_parts(services: Services, upload: Upload) -> None:
    for key in upload.parts:
        services.objects.delete(key)


def _find(session: Session, principal: Principal, condition: ColumnElement[bool]) -> Result | None:
    return session.scalar(select(Result).where(Result.user_id == principal.user_id, condition))


def _own(session: Session, principal: Principal, upload_id: uuid.UUID) -> Upload:
    upload = session.get(Upload, upload_id)
    if upload is None or upload.user_id != principal.user_id:
        raise not_found("upload")
    return upload


def _progress(services: Services, upload: Upload) -> UploadView:
    return UploadView(
        upload_id=upload.id,
        result_id=None,
        received_bytes=upload.received_bytes,
        bytes=upload.bytes,
        chunk_bytes=services.settings.chunk_bytes,
    )


def _view(services: Services, result: Result) -> ResultView:
    stem = result.name.rsplit(".", 1)[0]
    return ResultView(
        download_url=services.objects.url(result.object_key, name=result.name, content_type=result.content_type),
        preview_url=services.objects.url(
            result.preview_key, name=f"{stem}.jpg", content_type="image/jpeg", inline=True
        ),
        **{name: getattr(result, name) for name in ResultView.model_fields if name in Result.__table__.columns},
    )
