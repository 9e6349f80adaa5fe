"""`modamoda` with the real engine, to be started with `python -m`."""

import sys

from studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
