"""The app's account against the real service in this process: signing in, licences, credits, results, rendering."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from cloud.tables import Upload
from studio.errors import AccountError, Cancelled
from studio.model import Format, JobStatus, LicenceState, Notice, PurchaseState, ResultFile
from tests.cloud.building import House, Stripe
from tests.contract.computer import Computer, check_ledger, deliver_all, remote_jobs, render
from tests.fakes.account import HERE, Faults


def test_signing_in_tells_who_it_is_and_what_there_is(computer: Computer) -> None:
    known = computer.sign_in()
    assert known.email == computer.person.email
    assert known.balance is not None
    assert known.balance.available == 3
    assert (datetime.now(UTC) - known.balance.told_at).total_seconds() < 60
    assert known.licence.state is LicenceState.VALID
    assert known.licence.watched_folders == 1


def test_giving_a_sign_in_up_is_heard_at_once_also_by_a_service_that_does_not_answer(computer: Computer) -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(20)
            raise httpx.ReadTimeout("no answer", request=request)

    computer.transport = Silent
    computer.restart()
    before = time.monotonic()
    with pytest.raises(Cancelled):
        computer.account.sign_in(computer.approve, is_stopped=lambda: time.monotonic() > before + 0.1, with_vault=False)
    assert time.monotonic() - before < 3
    assert not computer.account.snapshot().is_signed_in


def test_what_is_known_is_known_without_a_network(computer: Computer) -> None:
    computer.sign_in()
    computer.faults = Faults(kind="lost-request", every=True)
    computer.restart()
    assert computer.account.snapshot().balance.available == 3
    with pytest.raises(AccountError) as caught:
        computer.account.balance()
    assert caught.value.retryable
    assert caught.value.hint


def test_a_plan_unlocks_watched_folders_offline(computer: Computer) -> None:
    computer.sign_in("pro")
    assert computer.studio.folders_allowed() is None


def test_a_computer_without_a_seat_is_signed_in_says_why_and_gets_one_that_was_freed(
    shop: House, open_computer: Callable[..., Computer]
) -> None:
    person = shop.person(credits=3)
    machines = [replace(HERE, system=f"system {n}", network=f"{n:012x}", name=f"name {n}") for n in range(3)]
    computers = [open_computer(shop, person) for _ in machines]
    for computer, machine in zip(computers, machines, strict=True):
        computer.account.keeper._machine = lambda machine=machine: machine
        assert computer.sign_in().is_signed_in
    *_, last = computers
    known = last.account.snapshot()
    assert (known.licence.state, known.balance.available) == (LicenceState.NONE, 3)
    assert "held by other computers" in known.licence.reason
    with pytest.raises(AccountError, match="held by other computers"):
        last.account.renew_licence()
    seats = last.account.seats()
    assert [last.account.keeper.is_here(seat.installation) for seat in seats] == [False, False]
    last.account.free_seat(seats[-1].id)
    assert last.account.renew_licence().state is LicenceState.VALID
    assert last.account.snapshot().licence.reason == ""


def test_signing_out_keeps_what_is_local(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in("pro")
    computer.account.sync_shoot(tmp_path, True)
    token = computer.memory.held.access_token
    computer.account.sign_out()
    assert computer.memory.held is None
    assert not computer.account.snapshot().is_signed_in
    assert computer.studio.folders_allowed() is None
    answer = computer.house.client.get("/api/v1/account", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_an_expired_access_token_is_renewed_without_a_word(computer: Computer) -> None:
    computer.sign_in()
    before = computer.memory.held
    computer.memory.held = type(before)(**(before.__dict__ | {"expires_at": time.time() - 1}))
    assert computer.account.balance().available == 3
    assert computer.memory.held.refresh_token != before.refresh_token


def test_a_stolen_refresh_token_ends_the_sign_in_with_a_sentence(computer: Computer) -> None:
    computer.sign_in()
    stolen = computer.memory.held
    form = {"grant_type": "refresh_token", "refresh_token": stolen.refresh_token}
    thief = computer.house.client.post("/api/v1/auth/token", json=form, headers={"Idempotency-Key": "of-a-thief"})
    assert thief.status_code == 200
    computer.memory.held = type(stolen)(**(stolen.__dict__ | {"expires_at": 0.0}))
    with pytest.raises(AccountError, match="ended this computer's sign-in"):
        computer.account.balance()
    assert not computer.account.snapshot().is_signed_in
    headers = {"Authorization": f"Bearer {thief.json()['access_token']}"}
    assert computer.house.client.get("/api/v1/account", headers=headers).status_code == 401


def test_a_renewal_whose_answer_was_lost_goes_on_after_a_restart(computer: Computer) -> None:
    computer.sign_in()
    held = computer.memory.held
    key = hashlib.sha256(f"refresh:{held.refresh_token}".encode()).hexdigest()
    form = {"grant_type": "refresh_token", "refresh_token": held.refresh_token}
    lost = computer.house.client.post("/api/v1/auth/token", json=form, headers={"Idempotency-Key": key})
    assert lost.status_code == 200
    computer.memory.held = type(held)(**(held.__dict__ | {"expires_at": 0.0}))
    computer.restart()
    assert computer.account.balance().available == 3
    assert computer.memory.held.refresh_token == lost.json()["refresh_token"]


def test_credits_arrive_after_the_program_was_closed_and_opened(computer: Computer, stripe_standin: Stripe) -> None:
    computer.sign_in()
    begun = computer.account.buy("credits-10")
    assert begun.checkout_url
    assert computer.round()
    assert computer.account.snapshot().purchase.key == begun.key
    computer.restart()
    stripe_standin.standin.pay(begun.checkout_url.rsplit("/", 1)[-1])
    deliver_all(computer.house, stripe_standin)
    assert not computer.round()
    known = computer.account.snapshot()
    assert known.purchase is None
    assert known.balance.available == 13
    bought = [row for row in computer.account.transactions() if row.type == "credit_purchase"]
    assert [(row.status, row.credits_amount) for row in bought] == [("succeeded", 10)]
    assert "9.00 EUR" in httpx.get(computer.account.invoice(bought[0].id)).text


def test_a_purchase_killed_before_its_answer_opens_one_page(computer: Computer, stripe_standin: Stripe) -> None:
    computer.sign_in()
    user_id = computer.account.connection.user_id
    computer.account.records.begin_purchase(user_id, "credits-10", 10)  # and then the power went
    computer.restart()
    computer.round()
    computer.round()
    assert len(computer.account.transactions()) == 1
    assert computer.account.snapshot().purchase.state is PurchaseState.WAITING


def test_results_of_a_shoot_without_consent_stay_here(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    computer.finish(*computer.order())
    computer.round()
    assert computer.account.snapshot().waiting == 0
    assert computer.person.get("/results").json()["items"] == []


def test_results_come_to_the_second_computer(
    computer: Computer, open_computer: Callable[..., Computer], tmp_path: Path
) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    made = computer.finish(entries[0], side=200)
    assert computer.account.snapshot().waiting == 1
    computer.round()
    assert computer.account.snapshot().waiting == 0
    other = open_computer(computer.house, computer.person)
    other.sign_in("pro")
    other.account.fetch_into(tmp_path / "fetched")
    other.round()
    assert (tmp_path / "fetched" / made.name).read_bytes() == made.read_bytes()
    (tmp_path / "fetched" / made.name).unlink()
    other.round()
    assert list((tmp_path / "fetched").iterdir()) == [], "what its owner deleted does not come back"


def test_consent_sends_what_was_finished_before_and_its_end_nothing_more(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    computer.finish(*computer.order())
    computer.account.sync_shoot(computer.shoot, True)
    assert computer.account.snapshot().waiting == 1
    computer.account.sync_shoot(computer.shoot, False)
    assert computer.account.snapshot().waiting == 0


def test_reports_and_layers_are_not_sent(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    store, job_id = computer.studio._store, entries[0].job.id
    names = ("a.png", "a.report.json", "a.layers/garment.png", "a.psd")
    files = [ResultFile(path=computer.out / name, sha256="0" * 64) for name in names]
    assert store.claim(job_id, "worker")
    assert store.finish(job_id, "worker", files=files, confidence=1, warnings=(), needs_review=False)
    assert computer.account.snapshot().waiting == 1


def test_a_file_of_that_name_is_never_overwritten(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    made = computer.finish(entries[0])
    computer.round()
    theirs = tmp_path / "here" / made.name
    theirs.parent.mkdir()
    theirs.write_bytes(b"another picture")
    with computer.account.records.writing() as session:
        from sqlalchemy import delete

        from studio.jobs.outgoing import SyncedRow

        session.execute(delete(SyncedRow))
    computer.account.fetch_into(theirs.parent)
    computer.round()
    assert theirs.read_bytes() == b"another picture"
    assert (theirs.parent / "blouse (2).png").read_bytes() == made.read_bytes()


def test_a_result_changed_after_it_was_finished_becomes_a_notice(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    computer.finish(entries[0]).write_bytes(b"retouched by hand")
    computer.round()
    refused = computer.account.snapshot().refused
    assert [item.refusal.title for item in refused] == ["Result not sent"]
    computer.account.dismiss([item.number for item in refused])
    assert computer.account.snapshot().refused == ()


def test_paused_sync_sends_nothing_and_goes_on_later(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    computer.finish(entries[0])
    computer.account.pause_sync(True)
    computer.round()
    assert computer.account.snapshot().waiting == 1
    computer.account.pause_sync(False)
    computer.round()
    assert computer.account.snapshot().waiting == 0


def test_a_pause_stops_in_the_middle_of_a_file_which_goes_on_from_there(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    made = computer.finish(entries[0], side=300)  # some chunks of what goes through in two seconds
    computer.studio.save_settings(replace(computer.studio.settings, sync_kilobytes_a_second=20))

    async def pause(seconds: float) -> None:
        computer.account.pause_sync(True)

    around = computer.account.connection.around
    computer.account.connection.around = replace(around, sleep=pause)
    computer.round()
    with computer.house.services.database.read() as session:
        begun = session.scalars(select(Upload)).one()
    assert 0 < begun.received_bytes < made.stat().st_size
    assert computer.account.snapshot().waiting == 1
    computer.account.connection.around = around
    computer.account.pause_sync(False)
    computer.round()
    assert computer.account.snapshot().waiting == 0


def test_without_the_licence_sync_says_so_and_work_goes_on(computer: Computer) -> None:
    computer.sign_in("free")
    with pytest.raises(AccountError, match="free does not hold"):
        computer.account.sync_shoot(computer.shoot, True)
    computer.photo()
    assert computer.finish(*computer.order()).exists()


def test_a_job_is_rendered_by_the_service_and_stands_in_the_same_history(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    assert computer.account.cloud.price(entries) == 1
    assert computer.account.cloud.send(entries) == 1
    assert computer.round()
    assert computer.account.balance().reserved == 1
    content = render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path)
    assert not computer.round()
    entry = computer.studio.history.entry(entries[0].job.id)
    assert (entry.job.status, entry.ran_on) == (JobStatus.DONE, "cloud")
    assert [path.path.read_bytes() for path in entry.files if path.path.suffix == ".png"] == [content]
    assert computer.account.balance().available == 2
    check_ledger(computer.house)


def test_cancelling_gives_the_credit_back(computer: Computer) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    assert computer.studio.queue.cancel(entries[0].job.id)
    computer.round()
    assert computer.studio.history.entry(entries[0].job.id).job.status is JobStatus.CANCELLED
    balance = computer.account.balance()
    assert (balance.available, balance.reserved) == (3, 0)


def test_a_job_comes_back_to_this_computer_on_request(computer: Computer) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    entry = computer.studio.history.entry(entries[0].job.id)
    assert entry.job.status is JobStatus.QUEUED
    computer.round()
    assert computer.account.balance().available == 3
    computer.studio.work.resume(computer.events.append)
    entry = computer.studio.history.entry(entries[0].job.id)
    assert (entry.job.status, entry.ran_on) == (JobStatus.DONE, "")


def test_a_job_that_came_back_gives_its_credit_back_at_once(computer: Computer) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    assert computer.account.balance().available == 3


def test_what_the_service_had_finished_is_fetched_instead_of_taken_back(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path)
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    entry = computer.studio.history.entry(entries[0].job.id)
    assert (entry.job.status, entry.ran_on) == (JobStatus.DONE, "cloud")


def test_a_doubtful_result_that_is_not_waited_for_gives_its_credit_back(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path, needs_review=True)
    computer.round()
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    assert computer.studio.history.entry(entries[0].job.id).job.status is JobStatus.QUEUED
    assert computer.account.balance().available == 3
    check_ledger(computer.house)


def test_a_job_comes_back_after_the_service_ended_the_sign_in(computer: Computer) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    computer.account.connection.forget()
    assert [cloud.job.id for cloud in computer.account.cloud.jobs.under_way()] == [entries[0].job.id]
    computer.account.cloud.render_here(entries[0].job.id, computer.events.append)
    assert computer.studio.history.entry(entries[0].job.id).job.status is JobStatus.QUEUED
    computer.sign_in()
    computer.round()
    assert computer.account.balance().available == 3


def test_only_what_waits_is_sent(computer: Computer) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.finish(entries[0])
    with pytest.raises(AccountError, match="does not wait"):
        computer.account.cloud.send([computer.studio.history.entry(entries[0].job.id)])


def test_whoever_is_not_signed_in_hears_that_and_nothing_of_a_keyring(computer: Computer) -> None:
    def refuse() -> None:
        raise AssertionError("nobody is signed in: no keyring is needed")

    computer.memory.load = refuse
    for ask in (computer.account.transactions, computer.account.refresh, computer.account.sign_out):
        with pytest.raises(AccountError, match="not signed in"):
            ask()
    assert computer.account.packages()


def test_without_credits_the_job_is_done_here(shop: House, open_computer: Callable[..., Computer]) -> None:
    computer = open_computer(shop, shop.person(credits=0))
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    assert computer.studio.history.entry(entries[0].job.id).job.status is JobStatus.QUEUED
    assert any(getattr(event, "title", "") == "Not enough credits" for event in computer.events)


@pytest.mark.parametrize(("approved", "left"), [(True, 2), (False, 3)])
def test_a_doubtful_result_costs_only_when_taken(computer: Computer, tmp_path: Path, approved: bool, left: int) -> None:
    computer.sign_in()
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.round()
    render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path, needs_review=True)
    computer.round()
    assert computer.studio.history.entry(entries[0].job.id).job.status is JobStatus.RUNNING
    computer.account.cloud.decide(entries[0].job.id, computer.events.append, approved=approved)
    status = computer.studio.history.entry(entries[0].job.id).job.status
    assert status is (JobStatus.DONE if approved else JobStatus.CANCELLED)
    assert computer.account.balance().available == left


def ordered(computer: Computer, photos: int, **rule: int) -> None:
    """So many photos wait, and the settings say when the service may render by itself."""
    for number in range(photos):
        computer.photo(f"photo{number}.jpg")
    computer.order()
    computer.studio.save_settings(replace(computer.studio.settings, **rule))


def ordered_without_card(computer: Computer, photos: int) -> None:
    """So many photos wait on a computer without a graphics card, which makes that a reason for the service."""
    computer.has_gpu = False
    ordered(computer, photos, cloud_without_gpu=1)


def waiting(computer: Computer) -> int:
    return len([job for job in computer.studio.queue.jobs() if job.status is JobStatus.QUEUED])


def test_no_rule_spends_a_credit_that_nobody_agreed_to(computer: Computer) -> None:
    computer.sign_in()
    ordered(computer, 3, cloud_over_queue=1, cloud_without_gpu=1)
    computer.round()
    assert (computer.account.cloud.jobs.under_way(), waiting(computer)) == ([], 3)
    assert not computer.account.cloud.rule().is_on


def test_the_rule_sends_what_is_beyond_the_queues_length(computer: Computer) -> None:
    computer.sign_in()
    ordered(computer, 4, cloud_over_queue=2)
    computer.account.cloud.agree_to_rule(10)
    computer.round()
    assert (len(computer.account.cloud.jobs.under_way()), waiting(computer)) == (2, 2)
    assert computer.account.cloud.rule().used == 2


@pytest.mark.parametrize(("has_card", "sent"), [(True, 0), (False, 2)])
def test_without_a_graphics_card_all_that_waits_is_sent(computer: Computer, has_card: bool, sent: int) -> None:
    computer.has_gpu = has_card
    computer.sign_in()
    ordered(computer, 2, cloud_without_gpu=1)
    computer.account.cloud.agree_to_rule(10)
    computer.round()
    assert len(computer.account.cloud.jobs.under_way()) == sent


def test_the_rule_stops_at_the_credits_agreed_to_and_says_so_once(computer: Computer) -> None:
    computer.sign_in()
    ordered_without_card(computer, 3)
    computer.account.cloud.agree_to_rule(1)
    for _ in range(3):
        computer.round()
    assert (len(computer.account.cloud.jobs.under_way()), waiting(computer)) == (1, 2)
    told = [event.title for event in computer.events if isinstance(event, Notice)]
    assert told == ["Credits agreed to are used"]


def test_a_photo_that_was_begun_here_in_that_moment_uses_up_no_credit(computer: Computer) -> None:
    computer.sign_in()
    ordered_without_card(computer, 2)
    computer.account.cloud.agree_to_rule(2)
    hand_over, store = computer.account.cloud.jobs.hand_over, computer.studio._store

    def begun_here(job_id: str, account: str) -> bool:
        computer.account.cloud.jobs.hand_over = hand_over
        assert store.claim(job_id, "worker")
        return hand_over(job_id, account)

    computer.account.cloud.jobs.hand_over = begun_here
    computer.round()
    assert (len(computer.account.cloud.jobs.under_way()), computer.account.cloud.rule().used) == (1, 1)
    assert [event for event in computer.events if isinstance(event, Notice)] == []


def test_a_credit_that_came_back_is_free_for_the_rule_and_its_job_stays_here(computer: Computer) -> None:
    computer.sign_in()
    ordered_without_card(computer, 2)
    computer.account.cloud.agree_to_rule(1)
    computer.round()
    first = computer.account.cloud.jobs.under_way()[0].job.id
    computer.account.cloud.render_here(first, computer.events.append)
    computer.round()
    assert [cloud.job.id for cloud in computer.account.cloud.jobs.under_way()] != [first]
    assert computer.studio.history.entry(first).job.status is JobStatus.QUEUED
    assert computer.account.cloud.rule().used == 1


def test_what_the_rule_had_done_stays_counted_over_a_restart(computer: Computer, tmp_path: Path) -> None:
    computer.sign_in()
    ordered_without_card(computer, 2)
    computer.account.cloud.agree_to_rule(1)
    computer.round()
    render(computer.house.services, str(remote_jobs(computer.house)[0].id), tmp_path)
    computer.round()
    computer.restart()
    computer.round()
    assert (computer.account.cloud.jobs.under_way(), computer.account.cloud.rule().used) == ([], 1)


def test_the_rule_sends_no_more_than_the_balance_pays(computer: Computer) -> None:
    computer.sign_in()
    ordered_without_card(computer, 5)
    computer.account.cloud.agree_to_rule(100)
    computer.round()
    computer.round()
    assert (len(computer.account.cloud.jobs.under_way()), waiting(computer)) == (3, 2)
    assert [event for event in computer.events if isinstance(event, Notice)] == []


def test_a_consent_belongs_to_the_account_that_gave_it(computer: Computer) -> None:
    computer.sign_in()
    computer.account.cloud.agree_to_rule(5)
    computer.account.sign_out()
    with pytest.raises(AccountError, match="not signed in"):
        computer.account.cloud.agree_to_rule(5)
    computer.person = computer.house.person(credits=3)
    computer.sign_in()
    assert computer.account.cloud.rule().limit == 0


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ({"format": Format.PSD}, "PNG, JPEG, TIFF and WebP"),
        ({"format": Format.TIFF, "layered": True}, "without layers"),
        ({"templates": ("zalando",)}, "sales channels"),
    ],
)
def test_what_the_service_does_not_make_stays_here(computer: Computer, output: dict[str, Any], reason: str) -> None:
    computer.sign_in()
    computer.photo()
    entry = computer.order()[0]
    recipe = replace(entry.job.recipe, output=replace(entry.job.recipe.output, **output))
    other = replace(entry, job=replace(entry.job, recipe=recipe))
    assert computer.account.cloud.renderable([entry, other]) == [entry]
    with pytest.raises(AccountError, match=reason):
        computer.account.cloud.price([entry, other])
