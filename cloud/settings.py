"""Everything the service is told from outside by environment variables; secrets have no default in production."""

import json
import os
import re
import secrets
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Literal, NoReturn, Self

import limits
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_NAMES = ("secret_key", "licence_key", "master_key", "stripe_webhook_secret")
_KEY = re.compile("[0-9a-fA-F]{64}")
# How an address must begin, and an example of one.
_ADDRESSES = {
    "public_url": (r"https?://[^/]", "https://account.example.com"),
    "database_url": (
        r"sqlite:///[^:]|(postgres|postgresql|postgresql\+psycopg)://",
        "postgresql://user:password@host/name",
    ),
    "redis_url": (r"rediss?://", "redis://host:6379/0"),
}


class Settings(BaseSettings):
    """The service's settings, each read from MODAMODA_CLOUD_<NAME>.

    In `development` everything has a working default under `home`: SQLite, a folder of objects, jobs in the same
    process, payments played by a stand-in, secrets made once and kept in `home/secrets.json`. In `staging` and
    `production` a missing secret, database, queue, object store or payment key is an error at start.
    """

    model_config = SettingsConfigDict(env_prefix="MODAMODA_CLOUD_", extra="ignore", frozen=True)

    environment: Literal["development", "staging", "production"] = "development"
    home: Path = Field(default_factory=lambda: user_data_path("modamoda-cloud"))
    public_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    redis_url: str = ""

    s3_bucket: str = ""
    s3_endpoint_url: str | None = None
    s3_region: str = "eu-central-1"

    secret_key: SecretStr = SecretStr("")
    licence_key: SecretStr = SecretStr("")
    licence_key_id: str = "development-1"
    retired_licence_keys: dict[str, str] = Field(default_factory=dict)
    master_key: SecretStr = SecretStr("")
    kms_key_id: str = ""
    kms_endpoint_url: str | None = None

    stripe_secret_key: SecretStr = SecretStr("")
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_api_base: str = ""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = ""

    metrics_token: SecretStr = SecretStr("")
    sentry_dsn: str = ""
    trusted_proxies: str = "127.0.0.1"
    alive_file: Path = Path(tempfile.gettempdir()) / "modamoda-worker-alive"
    embedded_workers: int = Field(default=1, ge=0, le=64)

    access_token_s: int = 600
    refresh_token_s: int = 60 * 86_400
    download_url_s: int = 900
    lease_s: float = 45.0
    keeper_interval_s: float = 5.0
    retry_delay_s: float = 10.0
    job_limit_s: int = 600
    abandoned_upload_s: int = 7 * 86_400

    max_upload_bytes: int = 200 * 2**20
    max_pixels: int = 120_000_000
    max_made_pixels: int = 160_000_000
    chunk_bytes: int = 8 * 2**20
    storage_quota_bytes: int = 50 * 2**30
    small_storage_quota_bytes: int = 5 * 2**30

    sign_in_limit: str = "10/minute"
    sign_up_limit: str = "20/hour"
    device_limit: str = "30/minute"
    submit_limit: str = "600/minute"
    mail_limit: str = "5/hour"

    keep_photos_days: int = Field(default=30, ge=0)
    keep_results_days: int = Field(default=365, ge=0)

    oldest_app: str = Field(default="0.1.0", pattern=r"^\d+(\.\d+)*$")

    @field_validator("licence_key", "master_key")
    @classmethod
    def _check_key(cls, value: SecretStr) -> SecretStr:
        return value if not _text(value) or _KEY.fullmatch(_text(value)) else _refuse("64 hexadecimal digits")

    @field_validator("retired_licence_keys")
    @classmethod
    def _check_keys(cls, value: dict[str, str]) -> dict[str, str]:
        return value if all(map(_KEY.fullmatch, value.values())) else _refuse("64 hexadecimal digits for each name")

    @field_validator("public_url", "database_url", "redis_url")
    @classmethod
    def _check_address(cls, value: str, info: ValidationInfo) -> str:
        pattern, such_as = _ADDRESSES[str(info.field_name)]
        if not value or (re.match(pattern, value) and _has_sound_port(value)):
            return value
        _refuse(f"an address such as {such_as}")

    @field_validator("sign_in_limit", "sign_up_limit", "device_limit", "submit_limit", "mail_limit")
    @classmethod
    def _check_limit(cls, value: str) -> str:
        try:
            limits.parse(value)
        except ValueError:
            _refuse("a limit such as 10/minute")
        return value

    @model_validator(mode="after")
    def _refuse_defaults_outside_development(self) -> Self:
        if self.environment == "development":
            return self
        needed = (
            "database_url",
            "redis_url",
            "s3_bucket",
            "secret_key",
            "licence_key",
            "stripe_secret_key",
            "stripe_webhook_secret",
            "metrics_token",
            "smtp_host",
            "mail_from",
        )
        missing = [name for name in needed if not _text(getattr(self, name))]
        if not self.kms_key_id and not _text(self.master_key):
            missing.append("master_key or kms_key_id")
        if not self.public_url.startswith("https://"):
            missing.append("public_url starting with https://")
        if self.licence_key_id.startswith("development"):
            missing.append("licence_key_id of the key used in this environment")
        if "*" in self.trusted_proxies:
            missing.append("trusted_proxies that name the proxies: anybody could claim any address")
        if len(_text(self.secret_key)) < 32:
            missing.append("secret_key of at least 32 characters")
        if missing:
            raise ValueError(f"environment {self.environment} needs MODAMODA_CLOUD_ settings for: {', '.join(missing)}")
        return self

    @property
    def is_development(self) -> bool:
        """Whether stand-ins and made-up secrets are allowed."""
        return self.environment == "development"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database, with the psycopg driver for PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'cloud.db'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else self.database_url

    @property
    def plays_payments(self) -> bool:
        """Whether the stand-in for Stripe's pages answers instead of Stripe."""
        return self.is_development and not _text(self.stripe_secret_key)

    @cached_property
    def _made_secrets(self) -> dict[str, str]:
        return _development_secrets(self.home / "secrets.json") if self.is_development else {}

    def secret(self, name: str) -> str:
        """A secret by its setting's name: given from outside, or in development the one made for this home."""
        return _text(getattr(self, name)) or self._made_secrets[name]


def _has_sound_port(address: str) -> bool:
    """Whether an address names no port or a number; SQLAlchemy's reading takes passwords that hold any sign."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(address).port != 0
    except (ArgumentError, ValueError):
        return False


def _refuse(wanted: str) -> NoReturn:
    """The value itself is not repeated: it may be a secret."""
    raise ValueError(f"it must be {wanted}")


def _text(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _development_secrets(path: Path) -> dict[str, str]:
    if path.exists():
        return json.loads(path.read_text())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {name: secrets.token_urlsafe(32) for name in SECRET_NAMES}
    made |= {"licence_key": secrets.token_hex(32), "master_key": secrets.token_hex(32)}
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(made))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return json.loads(path.read_text())
