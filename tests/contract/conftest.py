"""The fixtures of the account service, for tests of what is spoken between it and others."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cloud.building import House, Person, Stripe
from tests.cloud.conftest import *  # noqa: F403 -- fixtures are found by their names here
from tests.contract.computer import SERVICE, Computer
from tests.fakes.account import Faults


@pytest.fixture
def shop(open_house: Callable[..., House], sqlite_url: str, stripe_standin: Stripe) -> House:
    """The service where the app expects it, with the stand-in for Stripe behind a real port.

    Its computers all sign in from one address, up to a hundred of them within a minute.
    """
    stripe = stripe_standin.url
    return open_house(database_url=sqlite_url, public_url=SERVICE, stripe_api_base=stripe, device_limit="1000/minute")


@pytest.fixture
def open_computer(tmp_path: Path) -> Iterator[Callable[..., Computer]]:
    """Opens computers with the app on them; they are closed after the test."""
    opened: list[Computer] = []

    def open_one(house: House, person: Person, faults: Faults | None = None) -> Computer:
        opened.append(Computer(house, tmp_path / f"computer{len(opened)}", person, faults))
        return opened[-1]

    yield open_one
    for computer in opened:
        computer.studio.close()


@pytest.fixture
def computer(shop: House, open_computer: Callable[..., Computer]) -> Computer:
    """A computer whose owner has three credits."""
    return open_computer(shop, shop.person(credits=3))
