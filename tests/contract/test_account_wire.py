"""What the app reads is what the service's OpenAPI document promises."""

import dataclasses
import typing
from typing import Any

import pytest

from cloud.app import make_app
from studio.sync import wire
from tests.cloud.building import House

KINDS = {
    "TokenPair": wire.TokenPair,
    "DeviceCode": wire.DeviceCode,
    "AccountView": wire.AccountView,
    "PackageView": wire.PackageView,
    "BalanceView": wire.BalanceView,
    "TransactionView": wire.TransactionView,
    "CheckoutView": wire.CheckoutView,
    "LicenceView": wire.LicenceView,
    "InvoiceView": wire.InvoiceView,
    "UploadView": wire.UploadView,
    "ResultView": wire.ResultView,
    "ResultPage": wire.ResultPage,
    "Submitted": wire.Submitted,
    "JobView": wire.JobView,
    "JobError": wire.JobError,
}


@pytest.fixture
def schemas(house: House) -> dict[str, Any]:
    return make_app(house.services).openapi()["components"]["schemas"]


def test_every_field_that_the_app_reads_is_promised(schemas: dict[str, Any]) -> None:
    for name, kind in (*KINDS.items(), ("LicenceView", wire.SeatView)):
        schema = schemas[name]
        for field in dataclasses.fields(kind):
            assert field.name in schema["properties"], f"{name}.{field.name}"
            if field.default is dataclasses.MISSING:
                is_sure = field.name in schema["required"] or "default" in schema["properties"][field.name]
                assert is_sure, f"{name}.{field.name}"


def test_what_may_be_missing_is_read_as_such(schemas: dict[str, Any]) -> None:
    for name, kind in KINDS.items():
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            options = schemas[name]["properties"][field.name].get("anyOf", [])
            if {"type": "null"} in options:
                assert type(None) in typing.get_args(hints[field.name]), f"{name}.{field.name}"
