"""Ctrl-C, crashes and kills: nothing is lost, nothing is done twice, nothing is left lying about."""

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from studio.jobs.store import DEATHS_ALLOWED
from tests.flow.shoot import Shoot, wait_until, worker_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def some_photos(shoot: Shoot, count: int, **script: object) -> list[str]:
    stems = [f"p{number:02}" for number in range(count)]
    for stem in stems:
        shoot.photo(f"{stem}.jpg", **script)
    return stems


def interrupt(process: "subprocess.Popen[str]", word: int = signal.SIGINT) -> float:
    """Send a signal; return the seconds until the program has ended."""
    started = time.monotonic()
    process.send_signal(word)
    process.wait(10)
    return time.monotonic() - started


@pytest.mark.alone
@pytest.mark.parametrize("word", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_ctrl_c_stops_within_two_seconds_and_the_rest_waits(shoot: Shoot, word: int) -> None:
    stems = some_photos(shoot, 6, steps=8, step_s=0.1)
    with shoot.started_processing() as process:
        wait_until((shoot.out / "p00.png").exists)
        worker = worker_of(process)
        assert interrupt(process, word) < 2
        run = shoot.finished(process)
    assert run.status == 130
    assert "modamoda resume" in run.err
    assert not worker.is_running()
    assert shoot.statuses().get("queued", 0) >= 3
    assert "running" not in shoot.statuses()
    run = shoot.run("resume", "--json")
    assert (run.status, shoot.statuses()) == (0, {"done": 6})
    shoot.assert_finished_once(stems)


@pytest.mark.alone
def test_ctrl_c_ends_a_worker_that_does_not_yield(shoot: Shoot) -> None:
    shoot.photo("deaf.jpg", deaf_s=30)
    shoot.photo("other.jpg")
    with shoot.started_processing() as process:
        wait_until((shoot.out / "other.png").exists)
        worker = worker_of(process)
        assert interrupt(process) < 2
        assert shoot.finished(process).status == 130
    assert not worker.is_running()
    assert shoot.statuses() == {"queued": 1, "done": 1}


@pytest.mark.alone
def test_ctrl_c_before_the_worker_is_up_stops_too(shoot: Shoot) -> None:
    some_photos(shoot, 3)
    with shoot.started_processing() as process:
        worker_of(process)
        assert interrupt(process) < 2
        assert shoot.finished(process).status == 130
    assert shoot.run("resume").status == 0
    assert shoot.statuses() == {"done": 3}


def test_resume_with_nothing_to_do_is_content(shoot: Shoot) -> None:
    run = shoot.run("resume")
    assert (run.status, run.out.strip()) == (0, "Nothing to do")


def test_a_killed_worker_is_started_again_and_the_batch_ends_well(shoot: Shoot) -> None:
    stems = some_photos(shoot, 6, steps=4, step_s=0.1)
    with shoot.started_processing() as process:
        wait_until((shoot.out / "p00.png").exists)
        worker_of(process).kill()
        run = shoot.finished(process)
    assert run.status == 0
    shoot.assert_finished_once(stems)


def test_a_poison_photo_fails_after_three_crashes_and_harms_no_other(shoot: Shoot) -> None:
    some_photos(shoot, 2, steps=3, step_s=0.1)
    shoot.photo("p01a.jpg", die=True)
    run = shoot.process()
    assert run.status == 1
    assert run.photos("failed") == ["p01a.jpg"]
    assert run.photos("done") == ["p00.jpg", "p01.jpg"]
    assert "3 times" in run.events[-1]["message"] or any("3 times" in line.get("message", "") for line in run.events)
    assert shoot.run("resume").out.strip() == "Nothing to do"


@pytest.mark.slow
def test_a_crash_that_does_not_return_is_forgiven(shoot: Shoot) -> None:
    shoot.photo("a.jpg", die_times=2)
    run = shoot.process()
    assert (run.status, run.photos("done")) == (0, ["a.jpg"])


def test_death_between_two_moves_leaves_one_result(shoot: Shoot) -> None:
    shoot.photo("a.jpg", die_in_move=1)
    run = shoot.process()
    assert run.status == 0
    shoot.assert_finished_once(["a"])


@pytest.mark.slow
def test_when_the_parent_is_killed_the_worker_ends_and_resume_goes_on(shoot: Shoot) -> None:
    stems = some_photos(shoot, 6, steps=4, step_s=0.1)
    with shoot.started_processing() as process:
        wait_until((shoot.out / "p00.png").exists)
        worker = worker_of(process)
        process.kill()
        assert psutil.wait_procs([worker], timeout=3)[1] == []
    run = shoot.run("resume", "--json")
    assert run.status == 0
    shoot.assert_finished_once(stems)
    assert all(entry.job.attempts == 0 for entry in shoot.history())


@pytest.mark.slow
def test_when_both_are_killed_resume_goes_on_at_once(shoot: Shoot) -> None:
    stems = some_photos(shoot, 4, steps=4, step_s=0.1, fill_bytes=1_000_000)
    with shoot.started_processing() as process:
        wait_until((shoot.out / "p00.png").exists)
        worker = worker_of(process)
        process.kill()
        worker.kill()
    assert shoot.run("resume").status == 0
    shoot.assert_finished_once(stems)


def test_the_same_command_after_a_kill_finishes_the_rest(shoot: Shoot) -> None:
    stems = some_photos(shoot, 4, steps=4, step_s=0.1)
    with shoot.started_processing() as process:
        wait_until((shoot.out / "p00.png").exists)
        process.kill()
    assert shoot.process().status == 0
    shoot.assert_finished_once(stems)


@pytest.mark.slow
def test_two_programs_share_one_home_and_do_nothing_twice(shoot: Shoot) -> None:
    stems = some_photos(shoot, 8, steps=2, step_s=0.1)
    with shoot.started_processing() as first, shoot.started_processing() as second:
        runs = [shoot.finished(first), shoot.finished(second)]
    assert [run.status for run in runs] == [0, 0]
    assert sorted(runs[0].photos("started") + runs[1].photos("started")) == [f"{stem}.jpg" for stem in stems]
    shoot.assert_finished_once(stems)


@pytest.mark.slow
def test_killed_at_random_moments_everything_is_finished_once(shoot: Shoot) -> None:
    kill_at_random(shoot, rounds=4, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 8))
def test_killed_at_many_random_moments_everything_is_finished_once(shoot: Shoot, seed: int) -> None:
    kill_at_random(shoot, rounds=25, seed=seed)


def kill_at_random(shoot: Shoot, *, rounds: int, seed: int) -> None:
    """Start, kill the parent, the worker or both at a random moment, and again; then one start must end it all.

    The worker alone is killed less often than a job may die of it.
    """
    dice = random.Random(seed)
    stems = some_photos(shoot, 3 * rounds, steps=2, step_s=0.05, write_s=0.05, move_s=0.05, fill_bytes=200_000)
    victims = ["parent", "both"] * (rounds // 2) + ["worker"] * (DEATHS_ALLOWED - 1)
    dice.shuffle(victims)
    for victim in victims:
        again = shoot.home.exists() and dice.random() < 0.5
        with shoot.started("resume") if again else shoot.started_processing() as process:
            time.sleep(dice.uniform(0.8, 2.5))
            with contextlib.suppress(psutil.Error):
                children = psutil.Process(process.pid).children(recursive=True)
                if victim != "worker":
                    process.kill()
                if victim != "parent":
                    for child in children:
                        child.kill()
            time.sleep(dice.uniform(0, 0.3))
            process.kill()
    run = shoot.process()
    assert run.status == 0, run.out + run.err
    assert shoot.run("resume").status == 0
    shoot.assert_finished_once(stems)


@pytest.mark.skipif(not Path("/proc/mounts").exists(), reason="needs a small disk that Linux can make")
def test_a_full_disk_fails_the_photo_and_room_lets_it_pass(shoot: Shoot, is_root: bool) -> None:
    if not is_root:
        pytest.skip("only root may mount a small disk")
    shoot.out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", shoot.out], check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        shoot.photo("a.jpg")
        shoot.photo("large.jpg", fill_bytes=1_000_000)
        run = shoot.process()
        assert (run.status, run.photos("done"), run.photos("failed")) == (1, ["a.jpg"], ["large.jpg"])
        (failed,) = (line for line in run.events if line["event"] == "failed")
        assert failed["title"] == "Disk full"
        assert "large.png" in failed["message"]
        assert shoot.results() == ["a.png", "a.report.json"]
        subprocess.run(["mount", "-o", "remount,size=3m", shoot.out], check=True)
        assert shoot.process().photos("done") == ["large.jpg"]
    finally:
        subprocess.run(["umount", shoot.out], check=True)
