"""`modamoda` with the fake engine and a licence for the farm: what the farm's tests start as a process.

MODAMODA_TEST_VERSION: the version that it takes itself for. MODAMODA_TEST_ENGINE: another engine's module.
"""

import os
import sys

import studio
from studio.app import Studio
from studio.model import Entitlement, Licence, LicenceState

if __name__ == "__main__":
    studio.__version__ = os.environ.get("MODAMODA_TEST_VERSION", studio.__version__)
    holds = Licence(state=LicenceState.VALID, plan="enterprise", entitlements=frozenset({Entitlement.FARM}))
    Studio.licence = lambda self: holds  # type: ignore[method-assign]
    from studio.cli import main

    sys.exit(main(engine=os.environ.get("MODAMODA_TEST_ENGINE", "tests.fakes.engine")))
