"""The licence that this computer keeps: asked for, stored, judged anew each time, and the mark of time beside it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from studio.errors import AccountError
from studio.model import Licence, LicenceState
from studio.sync.client import Address
from studio.sync.device import Machine
from studio.sync.licence import DEVELOPMENT, Forged, Mark, judge, verify
from studio.sync.records import Records
from studio.sync.session import Session
from studio.sync.wire import LicenceView, not_understood, read

NO_SEAT = "no_seat"
MARK_EVERY_S = 3600.0
RENEW_BEFORE_S = 10 * 86_400.0
RENEW_EVERY_S = 86_400.0
_NOBODY = Machine(system="", network="", name="", processor="")


class LicenceKeeper:
    """The licence of this computer. keys: the built-in public keys by id; clock: seconds since 1970."""

    def __init__(
        self,
        records: Records,
        address: Address,
        keys: Mapping[str, str],
        machine: Callable[[], Machine],
        clock: Callable[[], float],
    ) -> None:
        self._records = records
        self._address = address
        self._built_in = keys
        self._machine = machine
        self._clock = clock

    def licence(self) -> Licence:
        """What this computer may do today, without a network; remembers once an hour how late it is."""
        found = self._judged()
        refused: list[str] | None = self._records.fact("licence_refused")
        if refused is None or found.state in (LicenceState.VALID, LicenceState.GRACE):
            return found
        return replace(found, reason=refused[0], hint=refused[1])

    def _judged(self) -> Licence:
        document = self._records.fact("licence")
        if document is None:
            return judge(None, None, keys={}, machine=_NOBODY, now_s=0)
        machine, now_s = self._machine(), self._clock()
        seal = _seal(self._records.fact("installation"))
        mark = self._records.mark(seal)
        found = judge(str(document), mark, keys=self._keys(), machine=machine, now_s=now_s)
        if mark and found.state in (LicenceState.VALID, LicenceState.GRACE) and now_s > mark.latest_s + MARK_EVERY_S:
            self._records.keep_mark(replace(mark, latest_s=now_s), seal)
        return found

    def is_renewal_due(self) -> bool:
        """Whether the licence ends soon, or unlocks nothing though it might, and was not asked for today."""
        asked = self._records.fact("licence_asked_s") or 0.0
        now_s = self._clock()
        if 0 <= now_s - asked < RENEW_EVERY_S:
            return False
        licence = self.licence()
        return licence.expires_at is None or licence.expires_at.timestamp() - now_s < RENEW_BEFORE_S

    async def renew(self, session: Session, device_name: str) -> None:
        """Get this computer a seat and a licence. Raises AccountError."""
        machine = self._machine()
        installation = self._records.fact("installation")
        if installation is None or not machine.fits(installation):
            installation = machine.new_installation()
        self._records.keep(installation=installation, licence_asked_s=self._clock())
        if self._address.is_local:
            await self._learn_keys(session)
        form = {"installation": installation, "device_name": device_name}
        try:
            view = read(LicenceView, await session.call("POST", "/licences/activate", json=form))
        except AccountError as error:
            if error.code == NO_SEAT:
                self._records.keep(licence_refused=[error.message, error.hint])
            raise
        try:
            document = verify(view.document or "", self._keys())
        except Forged as error:
            raise AccountError(
                "Licence not genuine",
                "The service sent a licence that is not signed with a key this program knows.",
                "Update the program.",
            ) from error
        # The service's clock is the one to trust: a mark made while this computer's clock ran ahead ends here.
        mark = Mark(latest_s=document.issued_at, newest_issue_s=document.issued_at)
        self._records.keep_licence(view.document or "", mark, _seal(installation))
        self._records.keep(licence_refused=None)

    async def renew_if_there_is_a_seat(self, session: Session, device_name: str) -> None:
        """Get a licence unless other computers hold all of them, which the licence then says. Raises AccountError."""
        try:
            await self.renew(session, device_name)
        except AccountError as error:
            if error.code != NO_SEAT:
                raise

    def is_here(self, installation: str) -> bool:
        """Whether a name of an installation is this one's."""
        return installation == self._records.fact("installation")

    async def _learn_keys(self, session: Session) -> None:
        """A service in development on this very computer makes its own key; no other may name its keys."""
        said: object = await session.client.call("GET", "/licences/keys")
        try:
            known = cast("list[dict[str, str]]", cast("dict[str, Any]", said)["keys"])
            keys = {entry["kid"]: _hexadecimal(entry["x"]) for entry in known}
        except (KeyError, TypeError, ValueError) as error:
            raise not_understood() from error
        self._records.keep(development_keys=keys)

    def _keys(self) -> dict[str, str]:
        learned: dict[str, str] = (self._records.fact("development_keys") or {}) if self._address.is_local else {}
        return {name: key for name, key in learned.items() if name.startswith(DEVELOPMENT)} | dict(self._built_in)


def _seal(installation: object) -> bytes:
    # Of the name, not of the computer's parts: a part that is changed must not break it.
    return hashlib.sha256(f"modamoda mark:{installation}".encode()).digest()


def _hexadecimal(text: str) -> str:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()
