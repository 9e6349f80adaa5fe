import subprocess
import sys
from pathlib import Path

import pytest

from studio.jobs.locks import Lock, alone, remove_dead

HOLD = """
import sys
from pathlib import Path
from studio.jobs.locks import Lock
lock = Lock.take(Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_lock_is_held_once_and_free_again_after_release(tmp_path: Path) -> None:
    lock = Lock.take(tmp_path / "a.lock")
    assert lock
    assert Lock.take(tmp_path / "a.lock") is None
    lock.release()
    again = Lock.take(tmp_path / "a.lock")
    assert again
    again.release(remove=True)
    assert list(tmp_path.iterdir()) == []


def test_the_death_of_a_process_frees_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        assert Lock.take(path) is None
        remove_dead(tmp_path)
        assert path.exists()
        process.kill()
        process.wait()
    remove_dead(tmp_path)
    assert not path.exists()


def test_a_lock_on_a_removed_file_is_not_taken_for_the_real_one(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    stale = Lock.take(path)
    assert stale
    path.unlink()
    real = Lock.take(path)
    assert real
    assert Lock.take(path) is None
    stale.release()
    real.release()


def test_waiting_for_a_held_lock_ends(tmp_path: Path) -> None:
    with alone(tmp_path / "a.lock"), pytest.raises(TimeoutError):
        Lock.wait_for(tmp_path / "a.lock", wait_s=0.1)
