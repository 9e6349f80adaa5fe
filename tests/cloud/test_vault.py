"""Sealed secrets: opened only where they were sealed for, with a local master key and with KMS."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from sqlalchemy import text

from cloud.kinds import UserType
from cloud.tables import ApiKey
from cloud.vault import KmsWrapper, LocalWrapper, SealBroken, Vault
from tests.cloud.building import House

PLACE = {"tenant": "t1", "provider": "stability-ai"}


@pytest.fixture
def kms(moto_server: str, amazon: None) -> Iterator[Any]:
    client = boto3.client("kms", endpoint_url=moto_server, region_name="eu-central-1")
    yield client
    client.close()


@pytest.fixture(params=["local", "kms"])
def make_vault(request: pytest.FixtureRequest) -> Callable[[], Vault]:
    """Makes vaults, each with a master key of its own."""

    def make() -> Vault:
        if request.param == "local":
            return Vault(LocalWrapper(os.urandom(32)))
        client = request.getfixturevalue("kms")
        return Vault(KmsWrapper(client, client.create_key()["KeyMetadata"]["KeyId"]))

    return make


def test_a_sealed_secret_is_opened_where_it_was_sealed_for(make_vault: Callable[[], Vault]):
    vault = make_vault()
    sealed = vault.seal("sk-secret", PLACE)
    assert b"sk-secret" not in sealed.ciphertext + sealed.wrapped_key
    assert vault.open(sealed, PLACE) == "sk-secret"
    assert vault.seal("sk-secret", PLACE).ciphertext != sealed.ciphertext


@pytest.mark.parametrize(
    "elsewhere", [{"tenant": "t2", "provider": "stability-ai"}, {"tenant": "t1", "provider": "other"}]
)
def test_a_secret_moved_to_another_tenant_or_provider_stays_shut(
    make_vault: Callable[[], Vault], elsewhere: dict[str, str]
):
    vault = make_vault()
    with pytest.raises(SealBroken):
        vault.open(vault.seal("sk-secret", PLACE), elsewhere)


def test_another_master_key_opens_nothing(make_vault: Callable[[], Vault]):
    sealed = make_vault().seal("sk-secret", PLACE)
    with pytest.raises(SealBroken):
        make_vault().open(sealed, PLACE)


def test_a_changed_secret_stays_shut(make_vault: Callable[[], Vault]):
    from dataclasses import replace

    vault = make_vault()
    sealed = vault.seal("sk-secret", PLACE)
    with pytest.raises(SealBroken):
        vault.open(replace(sealed, ciphertext=bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]), PLACE)


def test_a_tenants_key_is_stored_sealed_and_never_shown(any_house: House):
    owner = any_house.person(user_type=UserType.ENTERPRISE)
    shown = owner.call("PUT", "/tenant/api-keys/stability-ai", json={"api_key": "sk-very-secret-9876"})
    replaced = owner.call("PUT", "/tenant/api-keys/stability-ai", json={"api_key": "sk-newer-secret-5432"})
    assert (shown.json()["last_four"], replaced.json()["last_four"]) == ("9876", "5432")
    assert "secret" not in shown.text + owner.get("/tenant/api-keys").text
    with any_house.services.database.read() as session:
        row = session.query(ApiKey).one()
        stored = session.execute(text("SELECT ciphertext, wrapped_key FROM api_keys")).one()
    assert b"secret" not in bytes(stored[0]) + bytes(stored[1])
    assert (
        any_house.services.vault.open(row, {"tenant": str(owner.tenant_id), "provider": "stability-ai"})
        == "sk-newer-secret-5432"
    )
    assert owner.call("DELETE", "/tenant/api-keys/stability-ai").status_code == 204
    assert owner.get("/tenant/api-keys").json() == []
