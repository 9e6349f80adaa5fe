"""Licences offline: genuine, in time, of this computer; everything else is refused with a sentence."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from studio.model import Entitlement, Licence, LicenceState
from studio.sync.device import Machine
from studio.sync.licence import DOCUMENT_TYPE, Mark, built_in_keys, judge
from tests.fakes.account import ELSEWHERE, HERE

NOW = 1_795_000_000
DAY = 86_400
KEY = Ed25519PrivateKey.generate()
OLD_KEY = Ed25519PrivateKey.generate()
KEYS = {"now": KEY.public_key().public_bytes_raw().hex(), "old": OLD_KEY.public_key().public_bytes_raw().hex()}
INSTALLATION = HERE.new_installation()


def part(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(key: Ed25519PrivateKey = KEY, kid: str = "now", alg: str = "EdDSA", **claims: Any) -> str:
    said = {
        "sub": "somebody",
        "installation": INSTALLATION,
        "plan": "pro",
        "entitlements": ["watched_folders", "something_new"],
        "iat": NOW,
        "exp": NOW + 30 * DAY,
        "grace_days": 30,
    }
    body = f"{part({'alg': alg, 'typ': DOCUMENT_TYPE, 'kid': kid})}.{part(said | claims)}"
    return f"{body}.{part(key.sign(body.encode()))}"


def judged(document: str | None, *, days: float = 0, mark: Mark | None = None, machine: Machine = HERE) -> Licence:
    mark = mark or Mark(latest_s=NOW, newest_issue_s=NOW)
    return judge(document, mark, keys=KEYS, machine=machine, now_s=NOW + days * DAY)


def test_a_genuine_licence_unlocks_what_it_names() -> None:
    found = judged(signed(), days=1)
    assert found.state is LicenceState.VALID
    assert found.entitlements == {Entitlement.WATCHED_FOLDERS}
    assert found.watched_folders is None


def test_three_weeks_on_a_mountain_are_no_matter_and_grace_lasts_thirty_days() -> None:
    assert judged(signed(), days=21).state is LicenceState.VALID
    grace = judged(signed(), days=59.9)
    assert (grace.state, grace.watched_folders) == (LicenceState.GRACE, None)
    ended = judged(signed(), days=60.1)
    assert (ended.state, ended.watched_folders) == (LicenceState.EXPIRED, 1)
    assert ended.reason
    assert ended.hint


def test_grace_is_thirty_days_whatever_a_document_says() -> None:
    assert judged(signed(grace_days=9999), days=61).state is LicenceState.EXPIRED


def test_a_retired_key_still_verifies() -> None:
    assert judged(signed(OLD_KEY, "old")).state is LicenceState.VALID


@pytest.mark.parametrize(
    "document",
    [
        signed(OLD_KEY, "now"),
        signed(Ed25519PrivateKey.generate(), "unknown"),
        signed(alg="none"),
        signed().rsplit(".", 1)[0] + ".",
        signed()[:-8] + "AAAAAAAA",
        ".".join([signed().split(".")[0], part({"plan": "enterprise"}), signed().split(".")[2]]),
        "not a document",
        "",
        signed(exp="soon"),
        signed(entitlements=None),
    ],
)
def test_what_the_service_did_not_sign_unlocks_nothing(document: str) -> None:
    found = judged(document)
    assert found.state is LicenceState.FORGED
    assert found.watched_folders == 1
    assert found.reason


def test_a_licence_of_another_computer_is_refused() -> None:
    assert judged(signed(), machine=ELSEWHERE).state is LicenceState.FOREIGN


@pytest.mark.parametrize(
    ("machine", "fits"),
    [
        (Machine(system="a1b2c3", network="new card", name="renamed", processor="new"), True),
        (Machine(system="new system", network="001122334455", name="studio", processor="new"), True),
        (Machine(system="new system", network="new card", name="studio", processor="model name: one"), False),
        (Machine(system="", network="", name="studio", processor="model name: one"), False),
        (Machine(system="", network="001122334455", name="studio", processor=""), True),
    ],
)
def test_a_repaired_computer_is_the_same_and_one_of_its_kind_is_not(machine: Machine, fits: bool) -> None:
    assert machine.fits(INSTALLATION) is fits


def test_the_name_of_an_installation_is_one_that_the_service_takes() -> None:
    import re

    assert re.fullmatch(r"[A-Za-z0-9-]{8,64}", INSTALLATION)
    assert HERE.new_installation() != INSTALLATION
    assert not HERE.fits("v2-else")
    assert not HERE.fits("")


def test_an_older_licence_put_in_place_of_a_newer_is_refused() -> None:
    newer = Mark(latest_s=NOW, newest_issue_s=NOW + DAY)
    assert judged(signed(), mark=newer).state is LicenceState.FORGED


def test_a_mark_that_is_missing_or_was_edited_unlocks_nothing() -> None:
    assert judge(signed(), None, keys=KEYS, machine=HERE, now_s=NOW).state is LicenceState.FORGED


def test_a_clock_turned_back_is_noticed_and_another_zone_is_not() -> None:
    late = Mark(latest_s=NOW + 50 * DAY, newest_issue_s=NOW)
    assert judged(signed(), days=1, mark=late).state is LicenceState.CLOCK
    assert judged(signed(), days=49.2, mark=late).state is LicenceState.GRACE
    assert judged(signed(), days=-3).state is LicenceState.CLOCK


def test_the_built_in_keys_are_keys() -> None:
    keys = built_in_keys()
    assert keys
    assert all(len(bytes.fromhex(key)) == 32 for key in keys.values())
    assert not any(name.startswith("development") for name in keys)
