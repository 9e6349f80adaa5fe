"""Envelope encryption: each secret has its own AES-256-GCM data key, which a master key (local, or in KMS) wraps."""

import os
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from cloud.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed secret was changed, belongs elsewhere, or was wrapped by another master key."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A secret as it is stored. wrapper: the name of the master key that opens wrapped_key."""

    wrapper: str
    wrapped_key: bytes
    nonce: bytes
    ciphertext: bytes


class Wrapper(Protocol):
    """A master key: makes data keys and opens the ones it wrapped. context binds a wrapped key to its place."""

    name: str

    def make_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        """A new data key (32 bytes) and the same wrapped."""
        ...

    def open_key(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        """The data key. Raises SealBroken."""
        ...


class LocalWrapper:
    """A master key held by this service (AES key wrap, RFC 3394)."""

    name = "local"

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key

    def make_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        """A new data key and the same wrapped."""
        key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
        return key, aes_key_wrap(self._master_key, key)

    def open_key(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        """The data key. Raises SealBroken."""
        try:
            return aes_key_unwrap(self._master_key, wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise SealBroken("wrapped by another master key") from error


class KmsWrapper:
    """A master key that never leaves AWS KMS."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self.name = f"kms:{key_id}"

    def make_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        """A new data key and the same wrapped, bound to `context`."""
        made = self._client.generate_data_key(KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=context)
        return made["Plaintext"], made["CiphertextBlob"]

    def open_key(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        """The data key. Raises SealBroken."""
        try:
            return self._client.decrypt(CiphertextBlob=wrapped, KeyId=self._key_id, EncryptionContext=context)[
                "Plaintext"
            ]
        except (
            self._client.exceptions.InvalidCiphertextException,
            self._client.exceptions.IncorrectKeyException,
        ) as error:
            raise SealBroken("KMS does not open this key here") from error


class Vault:
    """Seals secrets and opens them again, each only in the context (tenant, provider) it was sealed for."""

    def __init__(self, wrapper: Wrapper) -> None:
        self._wrapper = wrapper

    def seal(self, secret: str, context: dict[str, str]) -> Sealed:
        """Encrypt a secret under a data key of its own."""
        key, wrapped = self._wrapper.make_key(context)
        nonce = os.urandom(NONCE_BYTES)
        return Sealed(
            wrapper=self._wrapper.name,
            wrapped_key=wrapped,
            nonce=nonce,
            ciphertext=AESGCM(key).encrypt(nonce, secret.encode(), _bound(context)),
        )

    def open(self, sealed: Sealed, context: dict[str, str]) -> str:
        """The secret. Raises SealBroken."""
        if sealed.wrapper != self._wrapper.name:
            raise SealBroken(f"sealed under master key {sealed.wrapper}, this service holds {self._wrapper.name}")
        key = self._wrapper.open_key(sealed.wrapped_key, context)
        try:
            return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, _bound(context)).decode()
        except InvalidTag as error:
            raise SealBroken("changed, or sealed for another tenant or provider") from error


def make_vault(settings: Settings) -> Vault:
    """The vault of these settings: KMS where a key id is given, else the local master key (64 hexadecimal digits)."""
    if not settings.kms_key_id:
        return Vault(LocalWrapper(bytes.fromhex(settings.secret("master_key"))))
    import boto3

    client = boto3.client("kms", region_name=settings.s3_region, endpoint_url=settings.kms_endpoint_url)
    return Vault(KmsWrapper(client, settings.kms_key_id))


def _bound(context: dict[str, str]) -> bytes:
    return "\n".join(f"{name}={value}" for name, value in sorted(context.items())).encode()
