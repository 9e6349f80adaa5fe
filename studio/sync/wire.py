"""What the account service says, in its own words, as frozen plain data; a test holds it to the service's OpenAPI."""

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from studio.errors import NetworkError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """An access token for some seconds, and the refresh token that gets the next pair, once."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, kw_only=True)
class DeviceCode:
    """What a sign-in shows and polls with (RFC 8628). interval: seconds between two polls."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """Who is signed in."""

    user_id: str
    email: str
    plan: str
    entitlements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageView:
    """Credits for money."""

    id: str
    credits: int
    price_cents: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class BalanceView:
    """Credits."""

    available: int
    reserved: int
    owed: int


@dataclass(frozen=True, kw_only=True)
class TransactionView:
    """Money: a purchase, a refund, a fee."""

    id: str
    type: str
    status: str
    amount_cents: int
    currency: str
    credits_amount: int
    package_id: str | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class InvoiceView:
    """Where an invoice is shown."""

    url: str


@dataclass(frozen=True, kw_only=True)
class CheckoutView:
    """Where to pay."""

    transaction_id: str
    checkout_url: str


@dataclass(frozen=True, kw_only=True)
class LicenceView:
    """A licence. document: the signed one, only when it was issued just now."""

    id: str
    document: str | None


@dataclass(frozen=True, kw_only=True)
class SeatView:
    """A computer that holds one of the plan's licences. installation: the name that it made for itself."""

    id: str
    installation: str
    device_name: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class UploadView:
    """How far an upload is. result_id: the content is there already."""

    upload_id: str | None
    result_id: str | None
    received_bytes: int
    bytes: int
    chunk_bytes: int


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """A file that the service keeps."""

    id: str
    job_id: str | None
    sha256: str
    bytes: int
    name: str
    created_at: datetime
    download_url: str


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """Some files, the newest first. next: what to ask for as `before`; None = this was the last page."""

    items: tuple[ResultView, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A rendering that stands in the service's queue."""

    job_id: str


@dataclass(frozen=True, kw_only=True)
class JobError:
    """Why a rendering failed."""

    title: str
    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class JobView:
    """How a rendering stands. progress: percent. output_url, preview_url: for some minutes."""

    job_id: str
    status: str
    progress: int
    stage: str
    output_url: str | None
    preview_url: str | None
    report: dict[str, Any] | None
    error: JobError | None


def read(kind: type[T], data: object) -> T:
    """An answer as `kind`; fields it does not know are the service's business. Raises NetworkError for nonsense."""
    return cast("T", _build(kind, data))


def read_all(kind: type[T], data: object) -> list[T]:
    """An answer that is a list of `kind`. Raises NetworkError."""
    if not isinstance(data, list):
        raise not_understood()
    return [read(kind, entry) for entry in cast("list[object]", data)]


def not_understood() -> NetworkError:
    """The answer is none of the service's: cut short, or somebody else's."""
    return NetworkError(
        "Answer not understood",
        "What came back is not what the account service says.",
        "Try again. In a hotel or café, open a web page first: their network may ask you to sign in.",
        retryable=True,
    )


def _build(kind: Any, data: object) -> Any:
    if not isinstance(data, dict):
        raise not_understood()
    fields = cast("dict[str, object]", data)
    hints = typing.get_type_hints(kind)
    found: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if field.name in fields:
            found[field.name] = _value(hints[field.name], fields[field.name])
        elif field.default is dataclasses.MISSING:
            raise not_understood()
    return kind(**found)


def _value(hint: Any, value: object) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(option for option in typing.get_args(hint) if option is not type(None))
    origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(typing.get_args(hint)[0], entry) for entry in cast("list[object]", value))
    if hint is datetime and isinstance(value, str):
        return _moment(value)
    if type(value) is (origin or hint):
        return value
    raise not_understood()


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise not_understood() from error
