"""Who somebody is: accounts, passwords, signed-in devices, rotating refresh tokens, and a desktop signed in by code."""

import base64
import functools
import hashlib
import hmac
import secrets
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cloud import ledger
from cloud.database import now
from cloud.kinds import Role, UserType
from cloud.tables import Device, DeviceGrant, RefreshToken, Tenant, User

GRANT_S = 600
POLL_INTERVAL_S = 5
BROWSER_S = 3600
REPEATED_WITHIN_S = 120
"""How long after an exchange its answer may be asked for again: as long as a program tries while its network fails."""
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
HASHING = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16)
"""Argon2id with RFC 9106's second recommendation; memory_cost in KiB."""
_HASHES_AT_A_TIME = threading.BoundedSemaphore(4)
"""Each hash takes 64 MiB: a storm of sign-ins waits here instead of ending the process for want of memory."""
_AUDIENCES = {"api": "modamoda-api", "browser": "modamoda-browser"}


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The person and device behind a request."""

    user_id: uuid.UUID
    tenant_id: uuid.UUID
    device_id: uuid.UUID
    user_type: UserType
    role: Role


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a signed-in device holds: a short access token and the refresh token that gets the next pair, once."""

    access_token: str
    refresh_token: str
    expires_in_s: int


@dataclass(frozen=True, kw_only=True)
class NewGrant:
    """A desktop's wish to be signed in: device_code stays with it, user_code is shown to the person."""

    device_code: str
    user_code: str


@functools.cache
def _nobodys_hash() -> str:
    return HASHING.hash(secrets.token_hex(16))


def normal_email(email: str) -> str:
    """One spelling for one address, without what no database holds."""
    return email.replace("\0", "").strip().lower()


def hash_password(password: str) -> str:
    """The Argon2id hash of a password, with a salt of its own."""
    with _HASHES_AT_A_TIME:
        return HASHING.hash(password)


def sign_up(
    session: Session,
    *,
    email: str,
    password_hash: str,
    user_type: UserType = UserType.INDIVIDUAL,
    full_name: str | None = None,
    company_name: str | None = None,
    tenant: Tenant | None = None,
) -> User | None:
    """Make an account with its ledger accounts; None = the address is taken. tenant: None = one of its own."""
    if session.scalar(select(User.id).where(User.email == normal_email(email))):
        return None
    tenant = tenant or Tenant(id=uuid.uuid4(), kind=user_type)
    user = User(
        id=uuid.uuid4(),
        email=normal_email(email),
        password_hash=password_hash,
        full_name=full_name,
        company_name=company_name,
        user_type=user_type,
        tenant_id=tenant.id,
    )
    for row in (tenant, user):
        session.add(row)
        session.flush()
    ledger.open_accounts(session, user.id)
    return user


def renew_hash(session: Session, user: User, password: str) -> None:
    """Hash a password that was just entered again, where its hash is weaker than those made today."""
    if HASHING.check_needs_rehash(user.password_hash):
        session.execute(update(User).where(User.id == user.id).values(password_hash=hash_password(password)))


def find_user(session: Session, email: str, password: str) -> User | None:
    """The active user with this address and password. A wrong address costs the same time as a wrong password."""
    user = session.scalar(select(User).where(User.email == normal_email(email)))
    if (
        not password_fits(user.password_hash if user else _nobodys_hash(), password)
        or user is None
        or not user.is_active
    ):
        return None
    return user


def password_fits(password_hash: str, password: str) -> bool:
    """Whether the hash is of this password."""
    try:
        with _HASHES_AT_A_TIME:
            return HASHING.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


class TokenMaker:
    """Makes and reads access tokens (JWT, HS256)."""

    def __init__(self, secret: str, *, issuer: str, access_s: int, refresh_s: int) -> None:
        self._key = hashlib.sha256(f"tokens:{secret}".encode()).hexdigest()
        self._issuer = issuer
        self._access_s = access_s
        self._refresh_s = refresh_s

    def sign_in(self, session: Session, user: User, device_name: str) -> Tokens:
        """Sign a new device in."""
        device = Device(id=uuid.uuid4(), user_id=user.id, name=device_name)
        session.add(device)
        session.flush()
        return self._pair(session, device)

    def refresh(self, session: Session, refresh_token: str, key: str | None = None) -> Tokens | None:
        """Exchange a refresh token, once; None = not honoured. One that was exchanged before ends its whole device.

        key: names the exchange. Whose answer was lost on the network gets the same successor for the same key, for
        REPEATED_WITHIN_S and only while nobody has used that successor.
        """
        token = session.scalar(
            select(RefreshToken).where(RefreshToken.token_hash == _hash(refresh_token)).with_for_update()
        )
        if token is None:
            return None
        device = session.get_one(Device, token.device_id, with_for_update=True)
        successor = self._successor(refresh_token, key)
        is_repeated = token.used_at is not None
        if token.used_at is not None and not _may_repeat(session, token.used_at, successor):
            device.revoked_at = device.revoked_at or now()
            return None
        user = session.get_one(User, device.user_id)
        if token.expires_at <= now() or device.revoked_at is not None or not user.is_active:
            return None
        if is_repeated:
            return self._tokens(device, successor)
        token.used_at = device.last_seen_at = now()
        return self._pair(session, device, successor)

    def browser_token(self, session: Session, user: User) -> str:
        """Sign a browser in for an hour, without a refresh token; for a cookie."""
        device = Device(id=uuid.uuid4(), user_id=user.id, name="Browser")
        session.add(device)
        session.flush()
        return self._encode(device, "browser", BROWSER_S)

    def principal(self, session: Session, token: str, kind: str = "api") -> Principal | None:
        """Who holds this token; None = invalid, expired, or its device or user was signed out."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=["HS256"],
                audience=_AUDIENCES[kind],
                issuer=self._issuer,
                options={"require": ["exp", "sub", "sid"]},
            )
            device_id = uuid.UUID(claims["sid"])
        except (jwt.InvalidTokenError, KeyError, ValueError):
            return None
        found = session.execute(
            select(User)
            .join(Device, Device.user_id == User.id)
            .where(Device.id == device_id, Device.revoked_at.is_(None))
        )
        user = found.scalar_one_or_none()
        if user is None or not user.is_active:
            return None
        return Principal(
            user_id=user.id, tenant_id=user.tenant_id, device_id=device_id, user_type=user.user_type, role=user.role
        )

    def is_ours(self, token: str) -> bool:
        """Whether this service made this access token, expired or not; asks no database."""
        try:
            jwt.decode(token, self._key, algorithms=["HS256"], options={"verify_aud": False, "verify_exp": False})
        except jwt.InvalidTokenError:
            return False
        return True

    def _successor(self, refresh_token: str, key: str | None) -> str:
        """The token that follows in an exchange: with a key always the same, so that it need not be stored to be told
        again; nobody without the service's secret can compute it."""
        if key is None:
            return secrets.token_urlsafe(32)
        message = f"successor:{refresh_token}:{key}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key.encode(), message, "sha256")).decode().rstrip("=")

    def _pair(self, session: Session, device: Device, refresh_token: str | None = None) -> Tokens:
        refresh_token = refresh_token or secrets.token_urlsafe(32)
        expires = now() + timedelta(seconds=self._refresh_s)
        session.add(RefreshToken(token_hash=_hash(refresh_token), device_id=device.id, expires_at=expires))
        return self._tokens(device, refresh_token)

    def _tokens(self, device: Device, refresh_token: str) -> Tokens:
        return Tokens(
            access_token=self._encode(device, "api", self._access_s),
            refresh_token=refresh_token,
            expires_in_s=self._access_s,
        )

    def _encode(self, device: Device, kind: str, seconds: int) -> str:
        issued = now()
        claims = {
            "iss": self._issuer,
            "aud": _AUDIENCES[kind],
            "sub": str(device.user_id),
            "sid": str(device.id),
            "iat": issued,
            "exp": issued + timedelta(seconds=seconds),
        }
        return jwt.encode(claims, self._key, algorithm="HS256")


def sign_out_everywhere(session: Session, user_id: uuid.UUID, *, but: uuid.UUID | None = None) -> int:
    """End every device of a user at once, except `but`; how many."""
    alive = (Device.user_id == user_id, Device.revoked_at.is_(None), Device.id != but)
    ended = session.execute(update(Device).where(*alive[: 2 if but is None else 3]).values(revoked_at=now()))
    return ended.rowcount  # pyright: ignore[reportAttributeAccessIssue] -- an UPDATE's result has it


def sign_out(session: Session, user_id: uuid.UUID, device_id: uuid.UUID) -> bool:
    """End one device of a user; False = it is not theirs or was ended before."""
    device = session.get(Device, device_id)
    if device is None or device.user_id != user_id or device.revoked_at is not None:
        return False
    device.revoked_at = now()
    return True


def open_grant(session: Session, device_name: str) -> NewGrant:
    """Note a desktop's wish to be signed in."""
    session.execute(delete(DeviceGrant).where(DeviceGrant.expires_at < now() - timedelta(days=1)))
    code = "".join(secrets.choice(USER_CODE_LETTERS) for _ in range(8))
    grant = NewGrant(device_code=secrets.token_urlsafe(32), user_code=f"{code[:4]}-{code[4:]}")
    expires = now() + timedelta(seconds=GRANT_S)
    session.add(
        DeviceGrant(
            device_code_hash=_hash(grant.device_code),
            user_code=grant.user_code,
            device_name=device_name,
            expires_at=expires,
        )
    )
    return grant


def find_grant(session: Session, user_code: str) -> DeviceGrant | None:
    """The undecided grant of a code as a person typed it; None = wrong, expired or decided."""
    letters = "".join(letter for letter in user_code.upper() if letter.isalpha())
    code = f"{letters[:4]}-{letters[4:]}"
    grant = session.scalar(select(DeviceGrant).where(DeviceGrant.user_code == code).with_for_update())
    if grant is None or grant.expires_at <= now() or grant.user_id is not None or grant.denied:
        return None
    return grant


def redeem_grant(session: Session, device_code: str) -> tuple[User, str] | str:
    """The user who approved and the device's name, once; or the OAuth error code (RFC 8628, section 3.5)."""
    grant = session.scalar(
        select(DeviceGrant).where(DeviceGrant.device_code_hash == _hash(device_code)).with_for_update()
    )
    if grant is None or grant.redeemed_at is not None:
        return "invalid_grant"
    if grant.denied:
        return "access_denied"
    if grant.expires_at <= now():
        return "expired_token"
    too_soon = grant.polled_at is not None and now() - grant.polled_at < timedelta(seconds=POLL_INTERVAL_S - 1)
    grant.polled_at = now()
    if grant.user_id is None:
        return "slow_down" if too_soon else "authorization_pending"
    grant.redeemed_at = now()
    user = session.get_one(User, grant.user_id)
    return (user, grant.device_name) if user.is_active else "access_denied"


def _may_repeat(session: Session, used_at: datetime, successor: str) -> bool:
    """Whether an exchange made at `used_at` may be answered again: it led to this successor, lately, and to no more."""
    if now() - used_at > timedelta(seconds=REPEATED_WITHIN_S):
        return False
    follower = session.scalar(select(RefreshToken).where(RefreshToken.token_hash == _hash(successor)))
    return follower is not None and follower.used_at is None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
