"""Only `fetch` connects to other machines (requirement B4).

The import contracts keep httpx and its parts in `fetch`. These tests cover everything else with which the standard
library and our dependencies could open a connection.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "wirekin"
NETWORK_MODULES = {
    "socket", "ssl", "asyncore", "http.client", "urllib.request", "ftplib", "smtplib", "poplib", "imaplib", "nntplib",
    "telnetlib", "xmlrpc", "webbrowser", "subprocess", "httpx", "aiohttp", "aiohappyeyeballs", "requests", "urllib3",
    "psycopg",
}  # fmt: skip
NETWORK_CALLS = {"open_connection", "create_connection", "start_connection", "open_unix_connection", "create_datagram_endpoint",
         "sock_connect", "connect_ex", "create_subprocess_exec", "create_subprocess_shell", "system", "popen", "urlopen",
         "urlretrieve"}  # fmt: skip
OUTSIDE_FETCH = {
    "web/_server.py": {"socket"},  # listens
    "daemon.py": {"socket"},  # notifies systemd over a UNIX socket
    "demo/_server.py": {"socket"},  # listens, on loopback
    "demo/_review.py": {"urllib.request"},  # asks the demo's own loopback publishers
    "cli/_demo.py": {"urllib.request", "urlopen"},  # the same
    "cli/_run.py": {"http.client"},  # asks our own server for its health
    "workers.py": {"create_subprocess_exec"},  # starts our own parsers
}


def network_use(module: Path) -> set[str]:
    """The NETWORK_MODULES that a module imports and the NETWORK_CALLS that it makes."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {_network_module(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {
                _network_module(node.module or ""),
                *(_network_module(f"{node.module}.{alias.name}") for alias in node.names),
            }
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found |= {name} & NETWORK_CALLS
    return found - {""}


def _network_module(imported: str) -> str:
    return next((way for way in NETWORK_MODULES if imported == way or imported.startswith(f"{way}.")), "")


def test_only_fetch_connects_to_other_machines() -> None:
    found = {module.relative_to(SOURCE).as_posix(): network_use(module) for module in SOURCE.rglob("*.py")}
    outside = {name: ways for name, ways in found.items() if ways and not name.startswith("fetch/")}

    assert outside == OUTSIDE_FETCH


def test_fetch_connects_sends_and_asks_hosts_in_one_module_each() -> None:
    modules = {module.name: module for module in (SOURCE / "fetch").glob("*.py")}
    dialling = {name for name, module in modules.items() if network_use(module) & NETWORK_CALLS}
    exchanging = {name for name, module in modules.items() if ".handle_async_request(" in module.read_text()}
    asking = {name for name, module in modules.items() if "_client.ask(" in module.read_text()}

    assert (dialling, exchanging, asking) == ({"_transport.py"}, {"_client.py"}, {"__init__.py"})


def test_parsers_are_given_bytes_and_never_a_path_or_url() -> None:
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


def test_only_the_composition_root_and_the_store_admin_read_the_wall_clock() -> None:
    """Requirement G6; the store's admin is never simulated."""
    asking = {
        module.relative_to(SOURCE).as_posix()
        for module in SOURCE.rglob("*.py")
        if re.search(r"\.(?:now|utcnow|today)\(|\btime\.time\(", module.read_text(encoding="utf-8"))
    }

    assert asking == {"cli/_app.py", "store/_admin.py"}
