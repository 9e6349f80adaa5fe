"""Which computer this is: a name that a licence is bound to, and that still fits after a small repair.

The name carries a few letters of salted hashes of what the computer is made of, so that the signed licence itself says
where it belongs, and nobody can tell from it what stands in the computer.
"""

import contextlib
import hashlib
import platform
import secrets
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

VERSION = "v1"
HASH_LETTERS = 8
UNKNOWN = "0" * HASH_LETTERS
# The system's own id is enough alone; without it (installed anew) both the network card and another part must fit.
WEIGHTS = {"system": 3, "network": 2, "name": 1, "processor": 1}
ENOUGH = 3


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What this computer is made of; "" = cannot be told."""

    system: str
    network: str
    name: str
    processor: str

    @classmethod
    def here(cls) -> "Machine":
        """This computer."""
        return cls(system=_system_id(), network=_network(), name=platform.node(), processor=_processor())

    def new_installation(self) -> str:
        """A new name for this installation, for a licence to be bound to."""
        salt = secrets.token_hex(HASH_LETTERS // 2)
        return "-".join([VERSION, salt, *(_hash(salt, getattr(self, part)) for part in WEIGHTS)])

    def fits(self, installation: str) -> bool:
        """Whether a name was made on this computer, one or two changed parts notwithstanding."""
        version, salt, *hashes = installation.split("-") if installation.count("-") == len(WEIGHTS) + 1 else ("", "")
        if version != VERSION:
            return False
        found = 0
        for (part, weight), known in zip(WEIGHTS.items(), hashes, strict=True):
            if known != UNKNOWN and _hash(salt, getattr(self, part)) == known:
                found += weight
        return found >= ENOUGH


def _hash(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()[:HASH_LETTERS] if value else UNKNOWN


def _system_id() -> str:
    """The id that the operating system made when it was installed."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        if sys.platform == "darwin":
            command = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
            said = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout
            return next((line.split('"')[-2] for line in said.splitlines() if "IOPlatformUUID" in line), "")
        for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
            if path.exists():
                return path.read_text().strip()
    return ""


def _network() -> str:
    node = uuid.getnode()
    is_made_up = bool(node >> 40 & 1)  # RFC 4122: a random number where no card was found
    return "" if is_made_up else f"{node:012x}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line
    return platform.processor() or platform.machine()
