"""Where a bundle's executables begin: the window, the command line, or a child process of either."""

import sys
from pathlib import Path

from studio.bundled import COMMAND_LINE, run_child


def main() -> int:
    """Be what this executable's name and its arguments say; return the exit status."""
    if run_child(sys.argv[1:]):
        return 0
    if Path(sys.argv[0]).stem == COMMAND_LINE:
        from studio import cli

        return cli.main()
    from studio.ui.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
