"""Emptying the outbox: the oldest message first, each with its own key, again later while the network fails."""

import os
import random
from collections.abc import Callable
from pathlib import Path

from studio.errors import AccountError, NetworkError
from studio.jobs.outgoing import CANCEL_CLOUD, UPLOAD
from studio.model import Failure, OutboxItem
from studio.sync.records import Records
from studio.sync.results import Pace, send_file
from studio.sync.session import Session

FIRST_PAUSE_S = 4.0
LONGEST_PAUSE_S = 1800.0


async def send_due(
    session: Session, account: str, records: Records, pace: Pace, *, may_upload: bool, clock: Callable[[], float]
) -> int:
    """Send what is due, the oldest first; how many messages left the outbox.

    The first message that the network does not take ends the round and waits, longer each time. may_upload: whether
    the licence allows it; files wait in the outbox until it does. Raises AccountError, Cancelled.
    """
    kinds = (CANCEL_CLOUD, UPLOAD) if may_upload else (CANCEL_CLOUD,)
    left = 0
    while item := records.next_message(account, clock(), kinds):
        pace.check()
        try:
            await _send(session, item, records, pace)
        except NetworkError as error:
            records.defer(item, clock() + _pause_s(item.attempts))
            raise error
        except AccountError as error:
            if error.is_of_sign_in:  # the message stays as it is until that is mended
                raise
            records.refuse(item, Failure(title=error.title, message=error.message, hint=error.hint))
        left += 1
    return left


async def _send(session: Session, item: OutboxItem, records: Records, pace: Pace) -> None:
    if item.kind == UPLOAD:
        result_id = await send_file(session, item, pace)
        path = Path(os.fsdecode(bytes.fromhex(item.payload["path"])))
        records.sent(item, sha256=item.payload["sha256"], path=path, result_id=result_id)
        return
    if order := item.payload.get("order"):
        await session.call("POST", "/process/withdraw", key=item.key, json={"order": order})
    else:
        await session.call("POST", f"/jobs/{item.payload['remote_id']}/cancel", key=item.key)
    records.sent(item)


def _pause_s(attempts: int) -> float:
    return random.uniform(0.5, 1.0) * min(FIRST_PAUSE_S * 2**attempts, LONGEST_PAUSE_S)
