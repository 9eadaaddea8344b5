"""`python -m edocman.services start|stop [FOLDER]`: the servers alone, for work on the code."""

import argparse
import sys
from pathlib import Path

from edocman import services

FOLDER = Path(__file__).resolve().parents[2] / "var" / "dev"


def main() -> int:
    """Start or stop the servers of a folder; a start prints their addresses for a shell."""
    parser = argparse.ArgumentParser(prog="python -m edocman.services", description=__doc__)
    parser.add_argument("verb", choices=["start", "stop"])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    wanted = parser.parse_args()
    try:
        with services.lock(wanted.folder, "python -m edocman.services"):
            if wanted.verb == "stop":
                services.stop(wanted.folder)
                return 0
            for name, address in services.start(wanted.folder).items():
                sys.stdout.write(f"{name}={address}\n")
    except services.ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
