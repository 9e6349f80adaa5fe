"""The ledger against a model of it: whatever happens in whatever order, the credits are exactly what they should be."""

import functools
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cloud import jobs, ledger, payments
from cloud.database import Database
from cloud.kinds import DisputeStatus, JobStatus, ModelType, TransactionType
from cloud.migrate import migrate
from cloud.tables import Base, Job, Transaction
from tests.cloud.building import House, make_order, make_user

DISPUTES = st.sampled_from([None, "open", "won", "lost"])


@functools.cache
def migrated() -> bytes:
    """An empty SQLite database at its newest version, as a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.close()
        return path.read_bytes()


class LedgerHistories(RuleBasedStateMachine):
    """Random histories of purchases, refunds, disputes and jobs of two users, beside plain numbers.

    The model: a purchase has given what its facts say; available and owed are kept apart only by what could be taken.
    """

    purchases = Bundle("purchases")
    waiting = Bundle("waiting")

    @initialize()
    def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "ledger.db"
        path.write_bytes(migrated())
        self.database = Database(f"sqlite:///{path}")
        with self.database.write() as session:
            self.users = [make_user(session, f"{name}@example.com") for name in ("a", "b")]
        self.net = {user.id: 0 for user in self.users}
        self.reserved = {user.id: 0 for user in self.users}
        self.given: dict[uuid.UUID, int] = {}
        self.used = 0

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self._folder.cleanup()

    @rule(target=purchases, who=st.integers(0, 1), credits=st.integers(1, 20), cents=st.integers(1, 999))
    def buy(self, who: int, credits: int, cents: int):
        user = self.users[who]
        purchase = Transaction(
            id=uuid.uuid4(),
            user_id=user.id,
            tenant_id=user.tenant_id,
            type=TransactionType.CREDIT_PURCHASE,
            amount_cents=cents,
            credits_amount=credits,
        )
        with self.database.write() as session:
            session.add(purchase)
        self.given[purchase.id] = 0
        return purchase

    @rule(
        purchase=purchases,
        paid=st.booleans(),
        share=st.integers(0, 4),
        dispute=DISPUTES,
        times=st.integers(1, 3),
    )
    def learn(self, purchase: Transaction, paid: bool, share: int, dispute: str | None, times: int) -> None:
        """Stripe says something about a purchase, possibly more than once."""
        refunded = purchase.amount_cents * share // 4
        with self.database.write() as session:
            row = payments.lock(session, purchase.id)
            assert row is not None
            row.paid = row.paid or paid
            row.refunded_cents = max(row.refunded_cents, refunded)
            if dispute and row.dispute not in (DisputeStatus.WON, DisputeStatus.LOST):
                row.dispute = DisputeStatus(dispute)
            for _ in range(times):
                payments.settle(session, row)
            kept = row.amount_cents - row.refunded_cents
            counts = row.paid and row.dispute in (DisputeStatus.NONE, DisputeStatus.WON)
            due = row.credits_amount * kept // row.amount_cents if counts else 0
        self.net[purchase.user_id] += due - self.given[purchase.id]
        self.given[purchase.id] = due

    @rule(target=waiting, who=st.integers(0, 1), credits=st.integers(1, 5))
    def submit(self, who: int, credits: int):
        user = self.users[who]
        job = Job(
            id=uuid.uuid4(),
            user_id=user.id,
            tenant_id=user.tenant_id,
            task_id=str(uuid.uuid4()),
            model_type=ModelType.INVISIBLE,
            photo_name="a.jpg",
            input_key="a",
            credits=credits,
        )
        expected = max(self.net[user.id], 0) >= credits
        try:
            with self.database.write() as session:
                session.add(job)
                session.flush()
                ledger.reserve(session, user.id, job.id, credits)
        except ledger.InsufficientCredits:
            assert not expected
            return multiple()
        assert expected
        self.net[user.id] -= credits
        self.reserved[user.id] += credits
        return job

    @rule(job=consumes(waiting), success=st.booleans())
    def end(self, job: Job, success: bool) -> None:
        with self.database.write() as session:
            (ledger.spend if success else ledger.release)(session, job.user_id, job.id, job.credits)
        self.reserved[job.user_id] -= job.credits
        if success:
            self.used += job.credits
        else:
            self.net[job.user_id] += job.credits
        with pytest.raises(DatabaseError), self.database.write() as session:
            ledger.release(session, job.user_id, job.id, job.credits)

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "users"):
            return
        with self.database.read() as session:
            assert ledger.find_faults(session) == []
            assert ledger.total_used(session) == self.used
            for user in self.users:
                balance = ledger.balance(session, user.id)
                net = self.net[user.id]
                assert balance == ledger.Balance(
                    available=max(net, 0), reserved=self.reserved[user.id], owed=max(-net, 0)
                )


LedgerHistories.TestCase.settings = settings(
    max_examples=4, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLedgerHistories = LedgerHistories.TestCase


def test_fifty_parallel_submits_on_a_balance_of_ten_queue_ten_jobs(any_house: House):
    person = any_house.person(credits=10)
    database = any_house.services.database

    def submit(number: int) -> bool:
        order = make_order(person)
        try:
            with database.write() as session:
                jobs.submit(session, order, uuid.uuid4())
        except ledger.InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(submit, range(50)))
    assert sum(won) == 10
    with database.read() as session:
        assert ledger.balance(session, person.id) == ledger.Balance(available=0, reserved=10, owed=0)
        assert ledger.find_faults(session) == []
        assert session.query(Job).filter(Job.status == JobStatus.QUEUED).count() == 10


def test_ten_parallel_endings_of_one_job_spend_its_credit_once(any_house: House):
    person = any_house.person(credits=3)
    database = any_house.services.database
    order = make_order(person)
    with database.write() as session:
        job = jobs.submit(session, order, uuid.uuid4())

    def end(number: int) -> bool:
        try:
            with database.write() as session:
                (ledger.spend if number % 2 else ledger.release)(session, person.id, job.id, 1)
        except DatabaseError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(end, range(10))) == 1
    with database.read() as session:
        balance = ledger.balance(session, person.id)
        assert balance.reserved == 0
        assert balance.available + ledger.total_used(session) == 3


@pytest.mark.parametrize("statement", ["UPDATE ledger_transfers SET amount = 100", "DELETE FROM ledger_transfers"])
def test_the_database_itself_refuses_to_change_the_ledger(any_house: House, statement: str):
    any_house.person(credits=1)
    with pytest.raises(DatabaseError, match="append-only"), any_house.services.database.write() as session:
        session.execute(text(statement))


def test_every_table_is_what_the_migrations_make(database_url: str):
    with opened(database_url) as database:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        yield database
    finally:
        database.close()
