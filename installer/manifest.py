"""Make and sign the list of versions that installed programs ask for (`updates.json`), or a new pair of keys.

python -m installer.manifest new-key ID PRIVATE_FILE          the public half goes into resources/update-keys.json
python -m installer.manifest sign ID PRIVATE_FILE VERSION PAGE OUT

The private half belongs among the secrets of whoever publishes (an offline disk or a vault), in two places, and never
into the repository or onto a build machine. A program accepts every key it came with: to change the key, ship the new
public half some versions before the old one is retired.
"""

import argparse
import base64
import json
import os
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ROOT = Path(__file__).resolve().parents[1]
KEYS = ROOT / "resources" / "update-keys.json"
PROGRAM = "modamoda-studio"


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    new_key = commands.add_parser("new-key")
    signing = commands.add_parser("sign")
    for command in (new_key, signing):
        command.add_argument("id")
        command.add_argument("private", type=Path)
    signing.add_argument("version")
    signing.add_argument("page")
    signing.add_argument("out", type=Path)
    options = parser.parse_args()
    if options.command == "new-key":
        keep_new_key(options.id, options.private)
        return 0
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(options.private.read_text().strip()))
    options.out.write_text(signed(options.id, private, options.version, options.page), encoding="utf-8")
    return 0


def signed(key: str, private: Ed25519PrivateKey, version: str, page: str) -> str:
    """The manifest that names `version`, to be had at `page`."""
    said = {"program": PROGRAM, "version": version, "page": page, "issued_s": int(time.time())}
    content = json.dumps(said).encode()
    envelope = {
        "key": key,
        "signed": base64.b64encode(content).decode(),
        "signature": base64.b64encode(private.sign(content)).decode(),
    }
    return json.dumps(envelope, indent=1) + "\n"


def keep_new_key(key: str, private_file: Path) -> None:
    """Make a pair of keys: the private half into a new file that its owner alone reads, the public half to the rest."""
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    handle = os.open(private_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secret.hex() + "\n")
    known = json.loads(KEYS.read_text(encoding="utf-8")) if KEYS.exists() else {}
    known[key] = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    KEYS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
