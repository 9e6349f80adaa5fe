"""Content Credentials: a C2PA manifest in the finished file, signed on this computer with a certificate of its own.

Nothing goes over the network: no time stamp, no remote manifest. The certificate vouches that the file was not changed
since this program wrote it, not for who wrote it: a reader calls the signer untrusted, as nobody else knows it.
c2pa-python (MIT or Apache-2.0) weighs 55 MB and comes with the extra `provenance`; without it files carry IPTC's words
alone.
"""

import datetime
import importlib
import io
import json
import os
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar, cast

from studio.errors import OutputError
from studio.files import output_errors, temporary_beside
from studio.model import Format

_TYPES = {
    Format.JPG: "image/jpeg",
    Format.PNG: "image/png",
    Format.TIFF: "image/tiff",
    Format.WEBP: "image/webp",
    Format.AVIF: "image/avif",
}
_IDENTITY = "identity.pem"
_END_OF_KEY = b"-----END PRIVATE KEY-----"
_YEARS = 10
MOST_BYTES = 8192
"""What a manifest adds to a file at most; about 4,000 bytes were measured."""

_T = TypeVar("_T")
_making = threading.Lock()
_REGIONS = "com.modamoda.regions"
# No thumbnail: the picture itself is there, and a shop may count its bytes.
_SETTINGS = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_after_sign": False}}


def is_available() -> bool:
    """Whether manifests can be written: c2pa-python is installed, and its library fits this computer."""
    try:
        importlib.import_module("c2pa")
    except (ImportError, OSError):
        return False
    return True


def can_sign(kind: Format) -> bool:
    """Whether a file of this type can carry a manifest, and one can be written here."""
    return kind in _TYPES and is_available()


def state(kind: Format, folder: Path | None) -> str:
    """What becomes of a file of this type, in words for the report."""
    if folder is None:
        return "not signed: no folder for its key was given"
    if kind not in _TYPES:
        return f"not signed: {kind.value.upper()} has no place for it"
    if not is_available():
        return "not signed: c2pa-python is missing or does not run here (pip install 'modamoda-studio[provenance]')"
    return "signed with this computer's own certificate"


def sign(path: Path, kind: Format, account: dict[str, object], folder: Path, *, title: str) -> None:
    """Put a signed manifest into the finished file at `path`. folder: of the key, which is made on first use.

    account: as `provenance.account` gives it. The decoded pixels stay; the bytes differ from run to run.
    Raises OutputError; the file is then as it was.
    """
    import c2pa

    target = temporary_beside(path)
    signer = _signer(folder)
    try:
        context = c2pa.Context.from_dict(_SETTINGS)
        manifest = json.dumps(_manifest(account, _as_text(title)))
        with (
            output_errors(path.with_name(title)),
            c2pa.Builder(manifest, context=context) as builder,
            path.open("rb") as source,
            _Target(io.FileIO(target, "w+b")) as signed,
        ):
            try:
                cast(Any, builder).sign(signer, _TYPES[kind], source, signed)
            except c2pa.C2paError as error:
                raise (signed.refusal or error) from error
        target.replace(path)
    except c2pa.C2paError as error:
        hint = "Switch provenance off in the recipe, or report this with the file."
        raise OutputError("Content Credentials not written", f"{title} could not be signed: {error}.", hint) from error
    finally:
        target.unlink(missing_ok=True)
        cast(Any, signer).close()


class _Target(io.BufferedRandom):
    """A file to write that remembers what the disk said: c2pa tells of every failure in one word."""

    refusal: OSError | None = None

    def write(self, buffer: Any, /) -> int:
        """As a file does."""
        return self._heard(lambda: super(_Target, self).write(buffer))

    def flush(self) -> None:
        """As a file does."""
        self._heard(super().flush)

    def seek(self, target: int, whence: int = 0, /) -> int:
        """As a file does."""
        return self._heard(lambda: super(_Target, self).seek(target, whence))

    def _heard(self, act: Callable[[], _T]) -> _T:
        try:
            return act()
        except OSError as error:
            self.refusal = error
            raise


def read(path: Path, kind: Format) -> dict[str, Any] | None:
    """What c2pa's own reader says of a file: its whole store of manifests as JSON; None = it carries none."""
    import c2pa

    with path.open("rb") as stream:
        reader = c2pa.Reader.try_create(_TYPES[kind], stream)
        if reader is None:
            return None
        with reader:
            return cast("dict[str, Any]", json.loads(reader.json()))


def _as_text(name: str) -> str:
    """A file's name as text: bytes that are none (old disks, other systems) are written out."""
    return name.encode(errors="backslashreplace").decode()


def _manifest(account: dict[str, object], title: str) -> dict[str, object]:
    kind = account["digital_source_type"] or "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    version = metadata.version("modamoda-studio")
    actions = [
        {"action": "c2pa.created", "digitalSourceType": kind, "softwareAgent": {"name": "Modamoda Studio"}},
        {"action": "c2pa.edited", "description": "the garment was cut out and laid on its background"},
    ]
    return {
        "claim_generator_info": [{"name": "Modamoda Studio", "version": version}],
        "title": title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": _REGIONS, "data": {"regions": account["regions"]}},
        ],
    }


def _signer(folder: Path) -> object:
    import c2pa

    key, certificates = _identity(folder)
    info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, certificates, key, None)
    return c2pa.Signer.from_info(info)


def _identity(folder: Path) -> tuple[bytes, bytes]:
    """The key and the chain of certificates, as PEM; made where there are none, or where they ran out."""
    path = folder / _IDENTITY
    with _making:
        if not path.is_file() or _is_over(path.read_bytes()):
            folder.mkdir(parents=True, exist_ok=True)
            # One file: a key never stands beside the certificate of another.
            _write_private(path, b"".join(_new_identity()))
        key, mark, chain = path.read_bytes().partition(_END_OF_KEY)
    return key + mark, chain.lstrip()


def _is_over(identity: bytes) -> bool:
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificates(identity.partition(_END_OF_KEY)[2])[0]
    except ValueError:
        return True
    return certificate.not_valid_after_utc < datetime.datetime.now(datetime.UTC)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    temporary = temporary_beside(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    temporary.replace(path)


def _new_identity() -> tuple[bytes, bytes]:
    """A P-256 key with a certificate by C2PA's profile, under an authority whose own key is thrown away at once."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Modamoda Studio, this computer", authority_key, authority_key, is_authority=True)
    own = _certificate("Modamoda Studio", key, authority_key, is_authority=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, own.public_bytes(pem) + authority.public_bytes(pem)


def _certificate(name: str, key: Any, signed_by: Any, *, is_authority: bool) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(common: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Local"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
        )

    # A day back: clocks differ.
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named("Modamoda Studio, this computer"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False)
    )
    if not is_authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(signed_by, hashes.SHA256())


def _key_usage(is_authority: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
