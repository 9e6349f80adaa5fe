"""App, service, network and clock take random steps and crash anywhere; what must hold holds after each."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cloud import jobs as cloud_jobs
from studio.errors import AccountError
from studio.model import JobStatus, PurchaseState
from tests.cloud.building import House, Stripe
from tests.contract.computer import Computer, check_ledger, deliver_all, remote_jobs, render
from tests.fakes.account import FAULTS, Faults

GIVEN = 3


def machine(shop: House, stripe: Stripe) -> type[RuleBasedStateMachine]:
    """The machine on one service; each run has a person and a computer of its own."""

    class Life(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            self.computer = Computer(shop, Path(self.folder.name), shop.person(credits=GIVEN))
            self.computer.sign_in("pro")
            self.computer.faults = Faults()
            self.computer.restart()
            self.results: dict[Path, bytes] = {}

        @rule(kind=st.sampled_from(FAULTS), soon=st.integers(0, 3))
        def break_network(self, kind: str, soon: int) -> None:
            faults = self.computer.faults
            faults.kind, faults.at = kind, faults.seen + soon

        @rule()
        def crash(self) -> None:
            self.computer.restart()

        @rule()
        def turn(self) -> None:
            self._attempt(self.computer.round)

        @rule()
        def buy(self) -> None:
            self._attempt(lambda: self.computer.account.buy("credits-10"))

        @rule()
        def pay(self) -> None:
            for purchase in self.computer.account.records.purchases(self.computer.account.connection.user_id):
                if purchase.checkout_url:
                    stripe.standin.pay(purchase.checkout_url.rsplit("/", 1)[-1])
            deliver_all(shop, stripe)

        @rule()
        def order(self) -> None:
            self.computer.photo(f"{uuid.uuid4().hex}.jpg")
            self.computer.order()

        @rule()
        def send_to_cloud(self) -> None:
            for job in self._queued()[:1]:
                self._attempt(
                    lambda job=job: self.computer.account.cloud.send([self.computer.studio.history.entry(job.id)])
                )

        @rule()
        def finish_here(self) -> None:
            for job in self._queued()[:1]:
                path = self.computer.finish(self.computer.studio.history.entry(job.id))
                self.results[path] = path.read_bytes()

        @rule()
        def cancel(self) -> None:
            for cloud in self.computer.account.cloud.jobs.under_way()[:1]:
                self.computer.studio.queue.cancel(cloud.job.id)

        @rule()
        def service_renders(self) -> None:
            for job in self._remote():
                if job.status.value == "queued":
                    render(shop.services, str(job.id), Path(self.folder.name))

        @rule()
        def service_fails(self) -> None:
            for job in self._remote():
                if job.status.value == "queued":
                    with shop.services.database.write() as session:
                        run = cloud_jobs.claim(session, job.id, 60)
                        cloud_jobs.give_up(session, run, cloud_jobs.Fault(title="T", message="M."), retry_s=None)

        @rule(wanted=st.booleans())
        def consent(self, wanted: bool) -> None:
            self._attempt(lambda: self.computer.account.sync_shoot(self.computer.shoot, wanted))

        @invariant()
        def books_are_right_and_nothing_is_paid_twice(self) -> None:
            check_ledger(shop)
            person = self.computer.person
            money = person.get("/credits/balance").json()
            rows = person.get("/credits/transactions").json()
            bought = sum(row["credits_amount"] for row in rows if (row["type"], row["status"]) == BOUGHT)
            done = [job for job in self._remote() if job.status.value == "done"]
            assert money["available"] + money["reserved"] + len(done) == GIVEN + bought
            orders = self.computer.account.records.purchases(self.computer.account.connection.user_id)
            assert len([row for row in rows if row["type"] == "credit_purchase"]) <= len(orders)
            paid = [order for order in orders if order.state is PurchaseState.PAID]
            assert len(paid) <= bought // 10

        @invariant()
        def files_are_whole(self) -> None:
            for path, content in self.results.items():
                assert path.read_bytes() == content
            for entry in self.computer.studio.history.newest(status=JobStatus.DONE):
                assert all(file.path.exists() for file in entry.files)

        def teardown(self) -> None:
            if hasattr(self, "computer"):
                self.computer.studio.close()
                self.folder.cleanup()

        def _queued(self) -> list[Any]:
            return [job for job in self.computer.studio.queue.jobs() if job.status is JobStatus.QUEUED]

        def _remote(self) -> list[Any]:
            return [job for job in remote_jobs(shop) if job.user_id == self.computer.person.id]

        def _attempt(self, verb: Any) -> None:
            try:
                verb()
            except AccountError as error:
                if not error.retryable and error.code not in ("insufficient_credits",):
                    raise

    return Life


BOUGHT = ("credit_purchase", "succeeded")


def live(shop: House, stripe: Stripe, examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    bounds = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, database=None
    )
    run_state_machine_as_test(machine(shop, stripe), settings=bounds)


def test_a_few_random_lives(shop: House, stripe_standin: Stripe) -> None:
    live(shop, stripe_standin, 4, 12)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_random_lives(shop: House, stripe_standin: Stripe) -> None:
    live(shop, stripe_standin, 60, 30)
