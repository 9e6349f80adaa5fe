"""The account service against its own OpenAPI document: no server error, no undocumented answer, whatever is sent."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cloud.kinds import UserType
from tests.cloud.building import House, Stripe

UNLIMITED = "1000000/second"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def open_to_all(open_house: Callable[..., House], stripe_standin: Stripe) -> Callable[[str], House]:
    """Opens the application on a database, without limits on tries."""
    limits = {f"{name}_limit": UNLIMITED for name in ("sign_in", "sign_up", "device", "submit", "mail")}
    return lambda url: open_house(database_url=url, stripe_api_base=stripe_standin.url, **limits)


@pytest.mark.timeout(900)
def test_nothing_sent_to_any_operation_is_answered_with_a_server_error_or_in_an_undocumented_way(
    open_to_all: Callable[[str], House], sqlite_url: str
):
    check(open_to_all(sqlite_url), examples=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nor_does_a_longer_search_find_such_an_answer_on_either_database(
    open_to_all: Callable[[str], House], database_url: str
):
    check(open_to_all(database_url), examples=30)


def check(house: House, *, examples: int) -> None:
    """Call every operation as somebody who is signed in, with valid and invalid data."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.client.app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    answers: Counter[int] = Counter()
    for operation in operations:
        person = house.person(credits=100, user_type=UserType.ENTERPRISE)
        exercise(operation, person.token, answers, examples)
    assert len(operations) > 35
    assert answers[200] + answers[201] > 40, "the calls must get past sign-in to say anything"
    assert answers[422] > 40


def exercise(operation: Any, token: str, answers: Counter[int], examples: int) -> None:
    """Call one operation with valid and invalid data."""

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
    )
    @given(case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode]))
    def run(case: Any) -> None:
        answer = case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})
        answers[answer.status_code] += 1

    run()
