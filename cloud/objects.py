"""Files of the service behind one small interface: a folder, or a bucket of S3."""

import base64
import hashlib
import hmac
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from cloud.settings import Settings


class Objects(Protocol):
    """A store of files by key. Keys are made by the service alone; writing one is all or nothing."""

    def put(self, key: str, source: Path, content_type: str) -> None:
        """Store a copy of `source`, replacing what stood there."""
        ...

    def fetch(self, key: str, target: Path) -> None:
        """Write the object to `target`. Raises FileNotFoundError."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        ...

    def url(self, key: str, *, name: str, content_type: str, inline: bool = False) -> str:
        """An address that downloads the object, ranges included, without further authorisation, for a short while."""
        ...

    def check(self) -> None:
        """Raise OSError when the store cannot be used."""
        ...


class Folder:
    """Objects in a folder; the service itself answers their signed addresses."""

    def __init__(self, root: Path, *, public_url: str, secret: str, url_s: int) -> None:
        self.root = root
        self._public_url = public_url
        self._secret = hashlib.sha256(f"download:{secret}".encode()).digest()
        self._url_s = url_s
        root.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, source: Path, content_type: str) -> None:
        """Store a copy of `source`, replacing what stood there."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            source.open("rb") as stream,
            tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as temporary,
        ):
            shutil.copyfileobj(stream, temporary, 2**20)
        Path(temporary.name).replace(target)

    def fetch(self, key: str, target: Path) -> None:
        """Write the object to `target`. Raises FileNotFoundError."""
        shutil.copyfile(self.path(key), target)

    def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        self.path(key).unlink(missing_ok=True)

    def url(self, key: str, *, name: str, content_type: str, inline: bool = False) -> str:
        """An address of this service, signed."""
        expires = int(time.time()) + self._url_s
        words = {"expires": str(expires), "name": name, "type": content_type, "inline": str(int(inline))}
        words["signature"] = self.sign(key, words)
        return f"{self._public_url}/api/v1/objects/{quote(key)}?{urlencode(words)}"

    def sign(self, key: str, words: dict[str, str]) -> str:
        """The signature over a key and everything else in its address."""
        text = "\n".join([key, *(f"{name}={words[name]}" for name in ("expires", "name", "type", "inline"))])
        return base64.urlsafe_b64encode(hmac.digest(self._secret, text.encode(), "sha256")).decode().rstrip("=")

    def path(self, key: str) -> Path:
        """The file of a key. Raises FileNotFoundError for a key that leads out of the folder."""
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise FileNotFoundError(key)
        return path

    def check(self) -> None:
        """Raise OSError when the folder cannot be written."""
        with tempfile.TemporaryFile(dir=self.root):
            pass


class Bucket:
    """Objects in an S3 bucket, encrypted at rest; S3 answers their signed addresses."""

    def __init__(self, client: Any, bucket: str, *, url_s: int) -> None:
        self._client = client
        self._bucket = bucket
        self._url_s = url_s

    def put(self, key: str, source: Path, content_type: str) -> None:
        """Store a copy of `source`, in parts when it is large."""
        self._client.upload_file(
            str(source), self._bucket, key, ExtraArgs={"ContentType": content_type, "ServerSideEncryption": "AES256"}
        )

    def fetch(self, key: str, target: Path) -> None:
        """Write the object to `target`. Raises FileNotFoundError."""
        from botocore.exceptions import ClientError

        try:
            self._client.download_file(self._bucket, key, str(target))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
                raise FileNotFoundError(key) from error
            raise OSError(f"The object store refused {key}") from error

    def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def url(self, key: str, *, name: str, content_type: str, inline: bool = False) -> str:
        """An address of S3, signed."""
        words = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": disposition(name, inline=inline),
        }
        return self._client.generate_presigned_url("get_object", Params=words, ExpiresIn=self._url_s)

    def check(self) -> None:
        """Raise OSError when the bucket does not answer."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"The bucket {self._bucket} does not answer") from error


def make_objects(settings: Settings) -> Objects:
    """The object store of these settings: S3 where a bucket is named, else a folder in the home."""
    if not settings.s3_bucket:
        folder = settings.home / "objects"
        return Folder(
            folder, public_url=settings.public_url, secret=settings.secret("secret_key"), url_s=settings.download_url_s
        )
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4", connect_timeout=5, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"}
    )
    client = boto3.client("s3", region_name=settings.s3_region, endpoint_url=settings.s3_endpoint_url, config=config)
    return Bucket(client, settings.s3_bucket, url_s=settings.download_url_s)


def disposition(name: str, *, inline: bool) -> str:
    """A Content-Disposition header for a file name of any script."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
