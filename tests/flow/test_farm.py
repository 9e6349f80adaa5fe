"""The render farm with a real Redis and workers as processes: exactly once, whatever is lost on the way."""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from studio import __version__
from studio.app import Order, Studio
from studio.errors import AccountError, UsageError
from studio.farm.board import Board
from studio.farm.place import Place, keep_place, known_place, without_password
from studio.farm.storage import Storage
from studio.model import Event, Notice
from studio.settings import Home
from tests.cloud.servers import Redis, running_process, running_redis, wait_until
from tests.flow.shoot import Shoot

PROGRAM = [sys.executable, "-m", "tests.flow.farm_modamoda"]


@pytest.fixture
def broker() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


class Farm:
    """A shoot, a broker and a shared folder."""

    def __init__(self, shoot: Shoot, broker: Redis) -> None:
        self.shoot = shoot
        self.broker = broker
        self.store = shoot.photos.parent / "store"
        self.log = shoot.photos.parent / "farm.log"
        self.environment = {"MODAMODA_HOME": str(shoot.home)}
        self.shoot.run("farm", "set-up", "--broker", broker.url, "--storage", self.store)

    @contextlib.contextmanager
    def worker(self, name: str, *words: str, version: str = "") -> Iterator[int]:
        """A worker for the block; its process group."""
        environment = {"MODAMODA_HOME": str(self.shoot.home)} | ({"MODAMODA_TEST_VERSION": version} if version else {})
        with running_process([*PROGRAM, "farm", "worker", "--name", name, *words], environment, self.log) as process:
            wait_until(lambda: name in self.workers(), seconds=60, what=f"worker {name}")
            yield process.pid

    @contextlib.contextmanager
    def sender(self) -> Iterator[Path]:
        """`modamoda process --farm` as a process for the block; the file of what it says."""
        told = self.shoot.photos.parent / "told"
        words = ["process", str(self.shoot.photos), "--out", str(self.shoot.out), "--farm", "--json"]
        with running_process([*PROGRAM, *words], self.environment, told) as process:
            self.process = process
            yield told

    def workers(self) -> dict[str, dict[str, object]]:
        """The living workers by name."""
        told = self.shoot.run("farm", "status", "--json")
        return {facts["name"]: facts for facts in json.loads(told.out)["workers"]} if told.status == 0 else {}

    def wait(self, seconds: float = 60) -> None:
        """Wait for the sender's end."""
        self.process.wait(timeout=seconds)


@pytest.fixture
def farm(shoot: Shoot, broker: Redis) -> Farm:
    return Farm(shoot, broker)


@pytest.mark.slow
def test_a_worker_with_two_processes_does_a_shoot_once_and_doubtful_results_wait_for_review(farm: Farm) -> None:
    for number in range(4):
        farm.shoot.photo(f"{number}.jpg", steps=2, step_s=0.1)
    farm.shoot.photo("doubtful.jpg", review=True)
    farm.shoot.photo("bad.jpg", error="Photo not good")
    with farm.worker("a", "--concurrency", "2"), farm.sender() as told:
        farm.wait()
    assert farm.shoot.statuses() == {"done": 4, "needs_review": 1, "failed": 1}
    assert told.read_text().count('"event": "failed"') == 1, "a failure is told, and counted, once"
    assert "_review/doubtful.png" in farm.shoot.results()
    assert {entry.ran_on for entry in farm.shoot.history()} == {"farm"}
    assert list((farm.store / "runs").iterdir()) == []


@pytest.mark.slow
def test_a_job_on_the_farm_is_cancelled_within_seconds(farm: Farm) -> None:
    farm.shoot.photo("long.jpg", steps=600, step_s=0.1)
    with farm.worker("a"), farm.sender():
        wait_until(lambda: bool(farm.workers()["a"]["doing"]), what="the work")
        farm.shoot.run("farm", "cancel", farm.shoot.history()[0].job.id)
        farm.wait(10)
        wait_until(lambda: not farm.workers()["a"]["doing"], seconds=10, what="the worker's stop")
    assert farm.shoot.statuses() == {"cancelled": 1}
    assert farm.shoot.results() == []


@pytest.mark.slow
def test_a_worker_of_another_version_refuses_and_another_one_does_it(farm: Farm) -> None:
    farm.shoot.photo("a.jpg")
    with farm.worker("old", version="0.0.9"), farm.sender() as told:
        wait_until(lambda: "old runs version 0.0.9" in told.read_text(), what="the refusal")
        assert farm.shoot.statuses() == {"running": 1}
        with farm.worker("new"):
            farm.wait()
    farm.shoot.assert_finished_once(["a"])


def test_a_message_that_a_killed_worker_held_in_its_hands_is_sent_again(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    farm.shoot.photo("a.jpg")
    monkeypatch.setattr("studio.farm.client.FORGOTTEN_S", 0.5)
    with Studio(Home(folder=farm.shoot.home), engine="tests.fakes.engine") as studio:
        recipe = studio.recipes.find("invisible")
        studio.work.submit(studio.work.plan(Order(paths=(farm.shoot.photos,), out=farm.shoot.out, recipe=recipe)))
        client = studio.farm.open(lambda event: None)
        client.hand_over(studio.queue.jobs())
        client.step()
        with contextlib.closing(redis.Redis.from_url(farm.broker.url)) as board:
            assert board.llen("default") == 1
            time.sleep(0.6)
            client.step()
            assert board.llen("default") == 1, "it waits in its queue, so it is not sent twice"
            board.lpop("default")
            client.step()
            assert board.llen("default") == 0, "somebody may have just taken it"
            time.sleep(0.6)
            client.step()
            assert board.llen("default") == 1


def test_a_worker_with_another_folder_is_kept_out_and_named(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    other = farm.store.with_name("unmounted")
    Storage(other).set_up()
    facts = {"name": "stray", "host": "desk-3", "version": __version__, "folder": str(other), "models": [], "doing": []}
    board = Board(farm.broker.url)
    board.tell_worker("stray", facts | {"farm": Storage(other).identity, "abilities": [], "memory_mb": 1000})

    assert "another folder than this computer" in farm.shoot.run("farm", "status").out
    for words in (("worker",), ("set-up", "--broker", farm.broker.url, "--storage", farm.store)):
        refused = farm.shoot.run("farm", *words)
        assert refused.status == 2
        assert f"stray on desk-3 works with: {other}" in refused.err
    assert farm.shoot.run("farm", "set-up", "--broker", farm.broker.url, "--storage", other).status == 0

    farm.shoot.photo("a.jpg")
    monkeypatch.setattr("studio.farm.client.FORGOTTEN_S", 0.0)
    told: list[Event] = []
    with Studio(Home(folder=farm.shoot.home), engine="tests.fakes.engine") as studio:
        recipe = studio.recipes.find("invisible")
        studio.work.submit(studio.work.plan(Order(paths=(farm.shoot.photos,), out=farm.shoot.out, recipe=recipe)))
        client = studio.farm.open(told.append, Place(broker=farm.broker.url, storage=farm.store))
        client.hand_over(studio.queue.jobs())
        client.step()
        with contextlib.closing(redis.Redis.from_url(farm.broker.url)) as queues:
            queues.delete("default")
        for _ in range(3):
            client.step()
    notices = [event for event in told if isinstance(event, Notice)]
    assert [notice.title for notice in notices] == ["A worker uses another folder"]


def test_a_broker_that_wants_a_password_says_so(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(redis.Redis.from_url(farm.broker.url)) as server:
        server.config_set("requirepass", "secret")
    for words in (("status",), ("worker",)):
        refused = farm.shoot.run("farm", *words)
        assert refused.status == 1
        assert "wants another password" in refused.err
    monkeypatch.setenv("MODAMODA_FARM_BROKER", farm.broker.url.replace("//", "//:secret@"))
    made = farm.shoot.run("farm", "set-up", "--broker", farm.broker.url, "--storage", farm.store)
    assert (made.status, made.err) == (0, "")


def test_without_a_keyring_a_password_can_be_given_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_keyring(name: str, word: str) -> None:
        raise AccountError("No keyring", "There is none.", "Install one.")

    monkeypatch.setattr("studio.sync.credentials.keep_word", no_keyring)
    home, url = Home(folder=tmp_path), "redis://:secret@farm:6379/0"
    with pytest.raises(AccountError) as refused:
        keep_place(home, url, tmp_path)
    assert "MODAMODA_FARM_BROKER" in refused.value.hint
    keep_place(home, without_password(url), tmp_path)
    monkeypatch.setenv("MODAMODA_FARM_BROKER", url)
    assert known_place(home) == Place(broker=url, storage=tmp_path)


def test_a_farm_is_not_set_up_below_a_folder_that_is_not_there(farm: Farm) -> None:
    away = farm.store / "not-mounted" / "farm"
    refused = farm.shoot.run("farm", "set-up", "--broker", farm.broker.url, "--storage", away)
    assert "Farm folder not writable" in refused.err
    assert not away.parent.exists()


def test_without_a_licence_a_sentence_says_so_and_nothing_is_queued(farm: Farm) -> None:
    farm.shoot.photo("a.jpg")
    run = farm.shoot.process("--farm")
    assert run.status == 1
    assert "Farm rendering is not in this licence" in run.err
    assert farm.shoot.history() == []


def test_a_password_is_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("studio.sync.credentials.keep_word", kept.__setitem__)
    monkeypatch.setattr("studio.sync.credentials.kept_word", kept.get)
    home, url = Home(folder=tmp_path), "redis://:secret@farm:6379/0"
    keep_place(home, url, tmp_path)
    assert "secret" not in (tmp_path / "farm.json").read_text()
    place = known_place(home)
    assert place is not None
    assert place.broker == url
    assert "secret" not in repr(place)
    assert without_password(url) == "redis://farm:6379/0"
    with pytest.raises(UsageError):
        known_place(home, "amqp://farm")


@pytest.mark.slow
def test_two_computers_share_a_shoot(farm: Farm) -> None:
    stems = [str(number) for number in range(8)]
    for stem in stems:
        farm.shoot.photo(f"{stem}.jpg", steps=5, step_s=0.2)
    busy: set[str] = set()
    with farm.worker("a"), farm.worker("b"), farm.sender():
        while farm.process.poll() is None:
            busy |= {name for name, facts in farm.workers().items() if facts["doing"]}
        farm.wait()
    farm.shoot.assert_finished_once(stems)
    assert busy == {"a", "b"}


@pytest.mark.slow
@pytest.mark.parametrize("words", [("farm", "collect"), ("resume",)], ids=" ".join)
def test_a_sender_that_was_killed_collects_when_it_comes_again(farm: Farm, words: tuple[str, ...]) -> None:
    for number in range(6):
        farm.shoot.photo(f"{number}.jpg", steps=5, step_s=0.1)
    with farm.worker("a"):
        with farm.sender():
            wait_until(lambda: farm.shoot.statuses().get("done", 0) > 0, what="a result")
            os.killpg(farm.process.pid, signal.SIGKILL)
        assert farm.shoot.run(*words).status == 0
    done = [entry.job.shot.front.stem for entry in farm.shoot.history()]
    farm.shoot.assert_finished_once(done)


@pytest.mark.slow
def test_a_photo_that_kills_its_workers_fails_after_three_deaths(farm: Farm) -> None:
    farm.shoot.photo("poison.jpg", die=True)
    farm.shoot.photo("good.jpg")
    with farm.worker("a"), farm.sender():
        farm.wait(90)
    assert farm.shoot.statuses() == {"done": 1, "failed": 1}
    failed = next(entry.job.error for entry in farm.shoot.history() if entry.job.error)
    assert "crash 3 times" in failed.message


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_broker_that_is_away_and_forgets_everything_loses_nothing(farm: Farm) -> None:
    stems = [str(number) for number in range(12)]
    for stem in stems:
        farm.shoot.photo(f"{stem}.jpg", steps=5, step_s=0.2)
    with farm.worker("a"), farm.sender():
        wait_until(lambda: farm.shoot.statuses().get("done", 0) > 1, what="results")
        farm.broker.stop()
        time.sleep(20)
        farm.broker.start()
        farm.wait(200)
    farm.shoot.assert_finished_once(stems)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killing_workers_during_200_jobs_does_each_exactly_once(farm: Farm) -> None:
    stems = [f"{number:03}" for number in range(200)]
    for stem in stems:
        farm.shoot.photo(f"{stem}.jpg", steps=3, step_s=0.1)
    with farm.worker("steady", "--concurrency", "2"), farm.sender():
        for kill in range(4):
            with farm.worker(f"mortal-{kill}", "--concurrency", "2") as group:
                time.sleep(3)
                os.killpg(group, signal.SIGKILL)
        farm.wait(400)
    farm.shoot.assert_finished_once(stems)
