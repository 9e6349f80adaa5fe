"""The fixtures of the account service, for tests of what is spoken between it and others."""

from tests.cloud.conftest import *  # noqa: F403 -- fixtures are found by their names here
