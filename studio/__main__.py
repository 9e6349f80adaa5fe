"""`python -m studio`: the desktop app."""

import sys

from studio import starting

with starting.imports():
    from studio.ui.main import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
