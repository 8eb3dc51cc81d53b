"""Only `fetch` connects to other machines (requirement B4).

The import contracts keep httpx and its parts in `fetch`. These tests cover everything else with which the standard
library and our dependencies could open a connection.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "wirekin"
WAYS_OUT = {
    "socket", "ssl", "asyncore", "http.client", "urllib.request", "ftplib", "smtplib", "poplib", "imaplib", "nntplib",
    "telnetlib", "xmlrpc", "webbrowser", "subprocess", "httpx", "aiohttp", "aiohappyeyeballs", "requests", "urllib3",
    "psycopg",
}  # fmt: skip
CALLS = {"open_connection", "create_connection", "start_connection", "open_unix_connection", "create_datagram_endpoint",
         "sock_connect", "connect_ex", "create_subprocess_exec", "create_subprocess_shell", "system", "popen", "urlopen",
         "urlretrieve"}  # fmt: skip
ELSEWHERE = {
    "web/_server.py": {"socket"},  # listens
    "daemon.py": {"socket"},  # notifies systemd over a UNIX socket
    "demo/_server.py": {"socket"},  # listens, on loopback
    "demo/_review.py": {"urllib.request"},  # asks the demo's own loopback publishers
    "cli/_demo.py": {"urllib.request", "urlopen"},  # the same
    "cli/_run.py": {"http.client"},  # asks our own server for its health
    "workers.py": {"create_subprocess_exec"},  # starts our own parsers
}


def ways_out(module: Path) -> set[str]:
    """The WAYS_OUT that a module imports and the CALLS that it makes."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {_way(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {_way(node.module or ""), *(_way(f"{node.module}.{alias.name}") for alias in node.names)}
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found |= {name} & CALLS
    return found - {""}


def _way(imported: str) -> str:
    return next((way for way in WAYS_OUT if imported == way or imported.startswith(f"{way}.")), "")


def test_nothing_but_fetch_dials_strangers() -> None:
    found = {module.relative_to(SOURCE).as_posix(): ways_out(module) for module in SOURCE.rglob("*.py")}
    outside = {name: ways for name, ways in found.items() if ways and not name.startswith("fetch/")}

    assert outside == ELSEWHERE


def test_fetch_dials_in_one_place() -> None:
    modules = {module.name: module for module in (SOURCE / "fetch").glob("*.py")}
    dialling = {name for name, module in modules.items() if ways_out(module) & CALLS}
    exchanging = {name for name, module in modules.items() if ".handle_async_request(" in module.read_text()}
    asking = {name for name, module in modules.items() if "_client.ask(" in module.read_text()}

    assert (dialling, exchanging, asking) == ({"_transport.py"}, {"_client.py"}, {"__init__.py"})


def test_no_parser_is_given_what_it_could_open() -> None:
    # feedparser.parse opens a string that is a path or a URL, and so does lxml's parse (requirement fact 5)
    for module in (SOURCE / "parse").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "feedparser.parse",
                "etree.parse",
                "html.parse",
            }:
                assert ast.unparse(node.func) == "feedparser.parse"
                assert ast.unparse(node.args[0]).startswith("io.BytesIO(")


def test_what_polls_asks_the_machine_for_no_time() -> None:
    """Requirement G6: only the composition root, and code that is never simulated, reads the wall clock."""
    asking = {
        module.relative_to(SOURCE).as_posix()
        for module in SOURCE.rglob("*.py")
        if re.search(r"\.(?:now|utcnow|today)\(|\btime\.time\(", module.read_text(encoding="utf-8"))
    }

    assert asking == {"cli/_app.py", "store/_admin.py"}
