"""Crash reports and logs: what is in them, what never is, how many stay."""

import logging
from pathlib import Path

import pytest

from studio import crash, log
from studio.jobs.scan import PHOTO_SUFFIXES
from studio.private import without_private

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXNvbWU"


def fault(message: str) -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "said",
    [
        "[Errno 2] No such file or directory: '/home/anna/Secret shoot/IMG 1.jpg'",
        "/home/anna/Secret shoot/IMG 1.jpg cannot be read",
        "cannot write /home/anna/Secret shoot",
        r"cannot open C:\Users\anna\Secret shoot\IMG 1.nef",
        r"'C:\\Users\\anna\\Secret shoot\\x'",
        r"\\server\anna\Secret shoot is away",
        "//server/anna/Secret is away",
        "~/anna/Secret",
        "b'/home/anna/Secret'",
        "file:///home/anna/Secret.png",
        "[PosixPath('/home/anna/Secret'), 3]",
        "anna-secret.CR3 is damaged",
        "'/home/anna/d\\'Secret/x'",
        "mail to anna@secret.example",
    ],
)
def test_private_names_are_replaced(said: str) -> None:
    text = without_private(f"before {said}\nafter 3/4 and/or image/png")
    assert "anna" not in text.lower()
    assert "secret" not in text.lower()
    assert text.startswith("before ")
    assert text.endswith("after 3/4 and/or image/png")


@pytest.mark.parametrize("suffix", sorted(PHOTO_SUFFIXES))
def test_names_of_all_photographs_are_known(suffix: str) -> None:
    assert "tell" not in without_private(f"tell-tale{suffix} is damaged")


@pytest.mark.parametrize(
    "said",
    [
        f"Authorization: Bearer {TOKEN}",
        f"token {TOKEN}",
        "refresh_token=abcdefghijklmnop",
        '{"password": "hunter2-hunter2"}',
        "sk_live_51Habcdefgh",
        "https://user:passw0rd@shop.example/a?token=abcdef",
        "a1" * 32,
    ],
)
def test_secrets_are_replaced(said: str) -> None:
    text = without_private(said)
    for secret in (TOKEN, "abcdef", "hunter2", "51H", "passw0rd", "a1a1"):
        assert secret not in text


def test_the_programs_own_files_are_named() -> None:
    text = without_private(f'File "{Path(crash.__file__)}", line 3, in keep')
    assert text == 'File "<program>/studio/crash.py", line 3, in keep'


def test_a_report_tells_the_fault_and_the_last_lines_of_the_logs_and_nothing_private(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    log.set_up(logs, name="modamoda")
    logging.getLogger("studio.test").warning("Could not look at /shoots/anna/tell-tale.jpg")
    photo = Path("/shoots/anna-winter/tell-tale 7")
    path = crash.keep(
        tmp_path / "crashes", fault(f"cannot reshape {photo.name}"), where="t", logs=logs, private=[photo]
    )
    assert path
    text = path.read_text()
    for word in (
        "ValueError: cannot reshape <name>",
        "<program>/tests/unit/test_crash.py",
        "Version",
        "numpy",
        "WARNING",
    ):
        assert word in text
    assert "anna" not in text
    assert "tell-tale" not in text
    assert str(tmp_path) not in text


def test_the_same_fault_is_kept_once_and_ten_different_ones(tmp_path: Path) -> None:
    for number in range(15):
        for _ in range(2):
            assert crash.keep(tmp_path, f"fault {number}", where="t", logs=tmp_path)
    assert len(crash.reports(tmp_path)) == crash.KEPT
    assert "fault 14" in "".join(path.read_text() for path in crash.reports(tmp_path))
    for name in ("a", "b"):
        crash.keep(tmp_path, fault(name), where="t", logs=tmp_path)
    assert sum("ValueError" in path.read_text() for path in crash.reports(tmp_path)) == 1


def test_a_report_that_cannot_be_written_is_no_second_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert crash.keep(tmp_path / "file", fault("x"), where="t", logs=tmp_path) is None


def test_logs_say_paths_in_debug_lines_only(tmp_path: Path) -> None:
    log.set_up(tmp_path, name="modamoda", verbose=True)
    logger = logging.getLogger("studio.test")
    try:
        raise FileNotFoundError(2, "No such file", "/shoots/tell-tale/a.jpg")
    except FileNotFoundError:
        logger.exception("It failed")
    logger.debug("looking at /shoots/debug-only/a.jpg")
    text = (tmp_path / "modamoda.log").read_text()
    assert "tell-tale" not in text
    assert "debug-only" in text
    assert "FileNotFoundError" in text
