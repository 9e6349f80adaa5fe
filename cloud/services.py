"""What the parts of the service share, made once from the settings and handed down."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from cloud.database import Database
from cloud.identity import TokenMaker
from cloud.licences import Signer, make_signer
from cloud.mailers import Mailer, make_mailer
from cloud.objects import Objects, make_objects
from cloud.payments import Gateway
from cloud.proofs import ProofMaker
from cloud.settings import Settings
from cloud.vault import Vault, make_vault

STANDIN_KEY = "sk_test_standin"


@dataclass(frozen=True, kw_only=True)
class Services:
    """The neighbours of the service behind one name each."""

    settings: Settings
    database: Database
    objects: Objects
    vault: Vault
    tokens: TokenMaker
    signer: Signer
    gateway: Gateway
    proofs: ProofMaker
    mailer: Mailer


@contextlib.contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """The services of these settings; the database's connections are closed at the end."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)  # database and photos are for its user alone
    database = Database(settings.database)
    try:
        yield Services(
            settings=settings,
            database=database,
            objects=make_objects(settings),
            vault=make_vault(settings),
            tokens=TokenMaker(
                settings.secret("secret_key"),
                issuer=settings.public_url,
                access_s=settings.access_token_s,
                refresh_s=settings.refresh_token_s,
            ),
            signer=make_signer(settings),
            gateway=_make_gateway(settings),
            proofs=ProofMaker(settings.secret("secret_key"), issuer=settings.public_url),
            mailer=make_mailer(settings),
        )
    finally:
        database.close()


def _make_gateway(settings: Settings) -> Gateway:
    if settings.plays_payments:
        return Gateway(settings, settings.stripe_api_base or f"{settings.public_url}/development/stripe", STANDIN_KEY)
    return Gateway(settings, settings.stripe_api_base, settings.stripe_secret_key.get_secret_value())
