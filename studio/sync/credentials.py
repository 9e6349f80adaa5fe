"""Where the account's secrets live: the system's keyring, or by explicit choice a vault under a passphrase.

Nothing is ever written in plain text. Source of the vault's parameters: OWASP's advice for scrypt (N = 2^17, r = 8,
p = 1, 128 MiB), AES-256-GCM with a new salt and nonce at each writing.
"""

import base64
import contextlib
import dataclasses
import hashlib
import json
import os
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from studio.errors import AccountError
from studio.files import write_atomically

SERVICE = "Modamoda Studio"
LOCKED = "locked"
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MOST_MEMORY_BYTES = 256 * 2**20
SHORTEST_PASSPHRASE = 8
# Backends that keep secrets readable, or throw them away; keyring may choose them when it finds nothing better.
_REFUSED_BACKENDS = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What a signed-in computer holds. expires_at: of the access token, seconds since 1970."""

    user_id: str
    email: str
    refresh_token: str
    access_token: str
    expires_at: float

    def to_json(self) -> str:
        """As text for a keyring."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """What `to_json` wrote; None for anything else, which is as good as being signed out."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None


class Credentials(Protocol):
    """A place for the secrets of one account. All methods raise AccountError when it cannot be used."""

    def load(self) -> Secrets | None:
        """The secrets, None when nobody is signed in."""
        ...

    def save(self, secrets: Secrets) -> None:
        """Keep these instead of those before."""
        ...

    def delete(self) -> None:
        """Forget them; nothing to forget is fine."""
        ...


class Keyring:
    """The system's keyring: Keychain on macOS, Credential Locker on Windows, Secret Service on Linux."""

    def __init__(self, name: str) -> None:
        """name: of the entry; one home and one service have one."""
        self._name = name

    def load(self) -> Secrets | None:
        """The secrets, None when nobody is signed in."""
        with _keyring_errors():
            text = _backend().get_password(SERVICE, self._name)
        return Secrets.from_json(text) if text else None

    def save(self, secrets: Secrets) -> None:
        """Keep these instead of those before."""
        with _keyring_errors():
            _backend().set_password(SERVICE, self._name, secrets.to_json())

    def delete(self) -> None:
        """Forget them; nothing to forget is fine."""
        from keyring.errors import PasswordDeleteError

        with _keyring_errors(), contextlib.suppress(PasswordDeleteError):
            _backend().delete_password(SERVICE, self._name)


def kept_word(name: str) -> str | None:
    """A single secret of the system's keyring, None = there is none. Raises AccountError."""
    with _keyring_errors():
        return _backend().get_password(SERVICE, name)


def keep_word(name: str, word: str) -> None:
    """Keep a single secret in the system's keyring; "" forgets it. Raises AccountError."""
    from keyring.errors import PasswordDeleteError

    with _keyring_errors(), contextlib.suppress(PasswordDeleteError):
        if word:
            _backend().set_password(SERVICE, name, word)
        else:
            _backend().delete_password(SERVICE, name)


class Vault:
    """An encrypted file, for computers without a keyring. passphrase: asked for once, when it is first needed."""

    def __init__(self, path: Path, passphrase: Callable[[], str]) -> None:
        self.path = path
        self._ask = passphrase
        self._passphrase: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether its passphrase was given since the program started."""
        return self._passphrase is not None

    def load(self) -> Secrets | None:
        """The secrets, None when nobody is signed in."""
        try:
            box: dict[str, Any] = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._damaged() from error
        return Secrets.from_json(self._open(box))

    def save(self, secrets: Secrets) -> None:
        """Keep these instead of those before."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, nonce = os.urandom(16), os.urandom(12)
        head: dict[str, Any] = {"version": 1, **_SCRYPT, "salt": _text(salt), "nonce": _text(nonce)}
        sealed = AESGCM(self._key(head)).encrypt(nonce, secrets.to_json().encode(), _bound(head))
        write_atomically(self.path, json.dumps(head | {"sealed": _text(sealed)}).encode())
        self.path.chmod(0o600)

    def delete(self) -> None:
        """Forget them; nothing to forget is fine."""
        self.path.unlink(missing_ok=True)

    def _open(self, box: dict[str, Any]) -> str:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            sealed = base64.b64decode(box.pop("sealed"))
            return AESGCM(self._key(box)).decrypt(base64.b64decode(box["nonce"]), sealed, _bound(box)).decode()
        except InvalidTag as error:
            self._passphrase = None
            raise _locked(
                "Vault not opened",
                f"The passphrase is not that of {self.path}, or the file was changed.",
                "Type it again. If it is lost, sign out and in again: nothing else is in the vault.",
            ) from error
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged() from error

    def _key(self, head: dict[str, Any]) -> bytes:
        if self._passphrase is None:
            self._passphrase = _long_enough(self._ask())
        cost = {name: int(head[name]) for name in _SCRYPT}
        return hashlib.scrypt(
            self._passphrase.encode(), salt=base64.b64decode(head["salt"]), dklen=32, maxmem=_MOST_MEMORY_BYTES, **cost
        )

    def _damaged(self) -> AccountError:
        return AccountError(
            "Vault damaged", f"{self.path} cannot be read.", "Sign out and in again: nothing else is in the vault."
        )


def _backend() -> Any:
    """The keyring in use. Raises AccountError for one that keeps nothing or keeps it readable."""
    import keyring

    backend: Any = keyring.get_keyring()
    if type(backend).__module__.startswith(_REFUSED_BACKENDS):
        raise _no_keyring()
    return backend


@contextlib.contextmanager
def _keyring_errors() -> Generator[None]:
    from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

    try:
        yield
    except NoKeyringError as error:
        raise _no_keyring() from error
    except (KeyringLocked, InitError) as error:
        raise _locked(
            "Keyring locked",
            "The system's keyring is locked, so that the account's secrets are out of reach.",
            _how_to_unlock(),
        ) from error
    except (KeyringError, OSError, RuntimeError) as error:
        raise _locked(
            "Keyring not usable", f"The system's keyring does not answer: {error}.", _how_to_unlock()
        ) from error


def _no_keyring() -> AccountError:
    return _locked(
        "No keyring",
        "This computer offers no keyring that keeps secrets safe.",
        "Install one (Debian: gnome-keyring), or sign in with a passphrase on the page Account; in a terminal: "
        "modamoda account sign-in --vault",
    )


def _locked(title: str, message: str, hint: str) -> AccountError:
    error = AccountError(title, message, hint)
    error.code = LOCKED
    return error


def _how_to_unlock() -> str:
    hint = "Unlock the login keyring (Seahorse, KWallet, or sign in to the desktop again), then try again."
    if sys.platform == "darwin":
        hint = "Unlock the keychain “login” in Keychain Access, then try again."
    elif sys.platform == "win32":
        hint = "Sign in to Windows again, then try again."
    return hint


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise _locked(
            "Passphrase too short",
            f"A passphrase has {SHORTEST_PASSPHRASE} characters or more.",
            "Choose a longer one.",
        )
    return passphrase


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bound(head: dict[str, Any]) -> bytes:
    """The head as what the seal covers too: weakened parameters would not open it."""
    return json.dumps(head, sort_keys=True).encode()
