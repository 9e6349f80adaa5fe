"""Cloud jobs while the service, or the keyring, is out of reach: nothing waits for it here, nothing is lost there."""

import contextlib
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from cloud import jobs
from cloud.kinds import JobStatus as RemoteStatus
from studio.cli import main
from studio.commands import account
from studio.errors import AccountError
from studio.model import Balance, HistoryEntry, JobStatus, Notice, Progress
from studio.sync.credentials import _locked
from tests.contract.computer import Computer, check_ledger, remote_jobs, render
from tests.fakes.account import Faults


def sent(computer: Computer, *names: str) -> list[HistoryEntry]:
    """Jobs handed over to the service, which has not heard of them yet."""
    computer.sign_in()
    for name in names or ("blouse.jpg",):
        computer.photo(name)
    entries = computer.order()
    computer.account.cloud.send(entries)
    return entries


def meet(computer: Computer, kind: str | None) -> None:
    """From now on every request meets that fault, None = none."""
    computer.faults = Faults(kind=kind, every=True) if kind else None


def status(computer: Computer, entry: HistoryEntry) -> JobStatus:
    return computer.studio.history.entry(entry.job.id).job.status


def balance(computer: Computer) -> tuple[int, int]:
    known = computer.account.balance()
    return known.available, known.reserved


def test_a_job_at_the_service_is_said_to_be_there_once_also_while_that_is_away(computer: Computer) -> None:
    entries = sent(computer)
    meet(computer, "unavailable")
    for _ in range(2):
        with pytest.raises(AccountError):
            computer.round()
    told = [event for event in computer.events if isinstance(event, Progress)]
    assert [(event.job_id, event.stage, event.fraction) for event in told] == [(entries[0].job.id, "cloud", 0.0)]


@pytest.mark.parametrize("kind", ["lost-request", "lost-answer", "unavailable"])
def test_a_job_comes_back_while_the_service_is_away_whether_it_arrived_there_or_not(
    computer: Computer, kind: str
) -> None:
    entries = sent(computer)
    meet(computer, kind)
    with pytest.raises(AccountError):
        computer.round()
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    assert status(computer, entries[0]) is JobStatus.QUEUED
    assert [event.title for event in computer.events if isinstance(event, Notice)] == ["Rendered on this computer"]
    meet(computer, None)
    computer.round()
    assert all(job.status is RemoteStatus.CANCELLED for job in remote_jobs(computer.house))
    assert balance(computer) == (3, 0)
    check_ledger(computer.house)


def test_an_order_that_arrives_after_it_was_taken_back_is_refused(computer: Computer) -> None:
    entries = sent(computer)
    meet(computer, "lost-request")
    with pytest.raises(AccountError):
        computer.round()
    cloud = computer.account.cloud.jobs.under_way()[0]
    meet(computer, None)
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    photo = cloud.job.shot.front.read_bytes()
    late = computer.person.post(
        "/process", files={"file": ("blouse.jpg", photo, "image/jpeg")}, headers={"Idempotency-Key": cloud.key}
    )
    assert (late.status_code, late.json()["code"]) == (422, "order_withdrawn")
    assert not remote_jobs(computer.house)


def test_an_order_withdrawn_by_a_program_that_was_ended_then_is_done_here_without_ado(computer: Computer) -> None:
    entries = sent(computer)
    order = computer.account.cloud.jobs.under_way()[0].key
    computer.person.post("/process/withdraw", json={"order": order})
    computer.restart()
    computer.round()
    assert status(computer, entries[0]) is JobStatus.QUEUED
    assert not computer.account.cloud.jobs.under_way()
    assert not [event for event in computer.events if isinstance(event, Notice)]
    assert not remote_jobs(computer.house)
    assert balance(computer) == (3, 0)


def test_what_a_person_stops_is_stopped_while_the_service_is_away(computer: Computer) -> None:
    entries = sent(computer, "a.jpg", "b.jpg")
    computer.round()
    meet(computer, "lost-request")
    computer.studio.queue.cancel(*(entry.job.id for entry in entries))
    computer.restart()
    with pytest.raises(AccountError):
        computer.account.sync_now(computer.events.append)
    assert {status(computer, entry) for entry in entries} == {JobStatus.CANCELLED}
    assert computer.faults.seen < 12, "the second was asked for too"
    meet(computer, None)
    computer.round()
    assert balance(computer) == (3, 0)


def test_a_job_taken_back_while_others_are_sent_is_not_sent_after_all(computer: Computer) -> None:
    entries = sent(computer, "a.jpg", "b.jpg")

    def take_back(event: object) -> None:
        for cloud in computer.account.cloud.jobs.under_way()[1:]:
            computer.account.cloud.jobs.take_back(cloud)

    emit, computer.events = computer.events, Hearing(take_back)
    computer.round()
    computer.events = emit
    assert len(remote_jobs(computer.house)) == 1
    assert status(computer, entries[1]) is JobStatus.QUEUED


def test_a_job_taken_back_while_it_is_sent_is_withdrawn(computer: Computer) -> None:
    entries = sent(computer)
    unsent, real = computer.account.cloud.jobs.under_way()[0], computer.transport()

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/process"):
                computer.account.cloud.jobs.take_back(unsent)
            return await real.handle_async_request(request)

    computer.transport = Slow
    computer.restart()
    computer.round()
    assert status(computer, entries[0]) is JobStatus.QUEUED
    assert [job.status for job in remote_jobs(computer.house)] == [RemoteStatus.CANCELLED]
    assert balance(computer) == (3, 0)


def test_a_job_that_was_taken_back_and_sent_anew_stays_there_when_its_first_order_is_refused(
    computer: Computer,
) -> None:
    entries = sent(computer)
    desk, real, orders = computer.account.cloud, computer.transport(), []

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/process") and not orders:
                orders.extend(desk.jobs.under_way())
                computer.person.post("/process/withdraw", json={"order": orders[0].key})
                desk.jobs.take_back(orders[0])
                assert desk.jobs.hand_over(entries[0].job.id, orders[0].account)
            return await real.handle_async_request(request)

    computer.transport = Slow
    computer.restart()
    computer.round()
    assert status(computer, entries[0]) is JobStatus.RUNNING
    assert [cloud.key == orders[0].key for cloud in computer.account.cloud.jobs.under_way()] == [False]


def test_a_stopped_job_whose_result_is_gone_holds_up_no_other(computer: Computer, tmp_path: Path) -> None:
    entries = sent(computer, "a.jpg", "b.jpg")
    computer.round()
    done = remote_jobs(computer.house)[0].id
    render(computer.house.services, str(done), tmp_path)
    computer.house.services.objects.delete(f"made/{done}.png")
    computer.studio.queue.cancel(*(entry.job.id for entry in entries))
    computer.round()
    assert {status(computer, entry) for entry in entries} == {JobStatus.CANCELLED}
    assert "Not found" in [event.title for event in computer.events if isinstance(event, Notice)]


class Hearing(list[object]):
    """Events that something is done about at once."""

    def __init__(self, hear) -> None:
        super().__init__()
        self.hear = hear

    def append(self, event: object) -> None:
        super().append(event)
        self.hear(event)


def test_a_locked_keyring_keeps_the_sign_in_and_takes_no_job_back(computer: Computer, monkeypatch) -> None:
    entries = sent(computer)
    computer.round()

    def refuse(*_about: object) -> None:
        raise _locked("Keyring locked", "Locked.", "Unlock it.")

    with monkeypatch.context() as locked:
        for verb in ("load", "save", "delete"):
            locked.setattr(computer.memory, verb, refuse)
        with pytest.raises(AccountError, match="Keyring locked"):
            computer.account.sign_out()
        assert computer.account.snapshot().is_signed_in
        assert status(computer, entries[0]) is JobStatus.RUNNING
    computer.account.sign_out()
    assert status(computer, entries[0]) is JobStatus.QUEUED


def test_nothing_is_handed_over_while_the_keyring_is_locked(computer: Computer, monkeypatch) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()

    def refuse() -> None:
        raise _locked("Keyring locked", "Locked.", "Unlock it.")

    monkeypatch.setattr(computer.memory, "load", refuse)
    with pytest.raises(AccountError, match="Keyring locked"):
        computer.account.cloud.send(entries)
    assert status(computer, entries[0]) is JobStatus.QUEUED


def test_the_balance_follows_the_renderings(computer: Computer, tmp_path: Path) -> None:
    def told() -> tuple[int, int]:
        known = computer.account.snapshot().balance
        assert isinstance(known, Balance)
        return known.available, known.reserved

    entries = sent(computer, "a.jpg", "b.jpg")
    computer.round()
    assert told() == (1, 2)
    by_name = {job.photo_name: str(job.id) for job in remote_jobs(computer.house)}
    render(computer.house.services, by_name["a.jpg"], tmp_path)
    computer.round()
    assert told() == (1, 1)
    back = next(entry for entry in entries if entry.job.shot.front.name == "b.jpg")
    computer.account.cloud.render_here(back.job.id, computer.events.append)
    computer.round()
    assert told() == (2, 0)


def test_a_doubtful_result_is_looked_at_and_nothing_waits_for_the_decision(computer: Computer, tmp_path: Path) -> None:
    entries = sent(computer)
    for ask in (
        computer.account.cloud.preview,
        lambda job_id: computer.account.cloud.decide(job_id, print, approved=True),
    ):
        with pytest.raises(AccountError, match="not rendered yet"):
            ask(entries[0].job.id)
    computer.round()
    render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path, needs_review=True)
    assert not computer.round(), "a command would wait for ever"
    url = computer.account.cloud.preview(entries[0].job.id)
    assert computer.house.client.get(url).headers["content-type"] == "image/jpeg"


def test_a_rendering_that_fails_is_told_with_its_reason_and_the_exit_status(
    computer: Computer, monkeypatch, capsys
) -> None:
    def fail(_seconds: float) -> None:
        with computer.house.services.database.write() as session:
            job = jobs.claim(session, remote_jobs(computer.house)[0].id, 60)
            fault = jobs.Fault(title="No garment found", message="blouse.jpg shows none.", hint="Look at it.")
            jobs.give_up(session, job, fault, retry_s=None)

    computer.sign_in()
    computer.photo()
    ids = [entry.job.id for entry in computer.order()]
    monkeypatch.setattr(account, "_studio", lambda: contextlib.nullcontext(computer.studio))
    monkeypatch.setattr(account, "time", SimpleNamespace(sleep=fail))
    assert main(["account", "render", "--yes", *ids]) == 1
    assert "No garment found: blouse.jpg shows none. Look at it." in capsys.readouterr().out
    assert balance(computer) == (3, 0)


def test_a_sign_in_that_the_service_cannot_answer_promises_no_retry(computer: Computer) -> None:
    meet(computer, "unavailable")
    computer.restart()
    with pytest.raises(AccountError) as caught:
        computer.sign_in()
    assert caught.value.title == "Account service unavailable"
    assert caught.value.hint.startswith("Try again")
