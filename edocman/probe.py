"""`python -m edocman.probe [PATH]`: the health check of our own web server, exit 0 or 1."""

import os
import sys
import urllib.error
import urllib.request


def ask(path: str = "/readyz") -> int:
    """The status that the web server of this environment answers with, 0 when it does not."""
    bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
    bind = bind.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")  # noqa: S104 -- read, not bound
    # A host that is allowed, or the question is refused before it is heard.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*")
    request = urllib.request.Request(f"http://{bind}{path}", headers={"Host": host or "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- http, our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(0 if ask(*sys.argv[1:2]) == 200 else 1)
