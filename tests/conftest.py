"""The order of all tests."""

import pytest

LOADS_TORCH = ("studio_engine", "training")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What loads torch and its kin comes first: processes that share the tests take them from each other at the end of
    the list, and each would load them (half a minute) and make the small networks anew."""
    items.sort(key=lambda item: not any(name in item.path.parts for name in LOADS_TORCH))
