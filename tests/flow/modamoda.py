"""`modamoda` with the fake engine: what the tests of this folder start as a process."""

import sys

from studio.cli import main

if __name__ == "__main__":
    sys.exit(main(engine="tests.fakes.engine"))
