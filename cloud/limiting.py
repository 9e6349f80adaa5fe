"""Limits on how often something may be tried; counted in Redis where there is one, so that replicas count together."""

import hashlib
import logging
import math
import time

from limits import parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from cloud.problems import Problem

LOG = logging.getLogger(__name__)


class Limiter:
    """Counts tries in moving windows. Names are hashed: no address stands in the counters."""

    def __init__(self, redis_url: str) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(storage_from_string(redis_url)) if redis_url else self._local

    def check(self, limit: str, what: str, who: str) -> None:
        """Count a try of `what` by `who` against a limit such as `10/minute`. Raises Problem (429)."""
        item = parse(limit)
        name = hashlib.sha256(who.encode()).hexdigest()[:32]
        limiter = self._limiter()
        if limiter.hit(item, what, name):
            return
        wait_s = max(1, math.ceil(limiter.get_window_stats(item, what, name).reset_time - time.time()))
        headers = {"Retry-After": str(wait_s)}
        raise Problem(429, "too_many_requests", "Too many requests", f"Try again in {wait_s} s.", headers=headers)

    def _limiter(self) -> MovingWindowRateLimiter:
        """The shared counters, or while Redis is away those of this process."""
        if self._shared is self._local or self._shared.storage.check():
            return self._shared
        LOG.warning("Redis does not answer; limits are counted in this process")
        return self._local
