"""Score the page extraction against labelled pages beside others, and measure its CPU beside plain link listings.

    python bench/pages.py [PAGES] [--errors] [--alone] [--quick | --long]

PAGES defaults to ../shared/pages/dev beside the repository; CPU is measured only where PAGES is left out.

The naive baseline takes links with more than 25 characters. BeautifulSoup, trafilatura, courlan and newspaper4k are
installed by pip into venvs of their own under .venv; one that cannot be had is skipped, with the reason, and --alone
or --quick skips them all. MB/s are by CPU time, on the pages of ../shared/corpus: of each page the best of ROUNDS, in
turn. The floors show how much of the time is the parser's, and what our tree costs before anything is judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from _measure import keep, options, skip, table
from wirekin import urls
from wirekin.model import Entry, FeedKind, Parsed, Precision
from wirekin.parse import parse_document
from wirekin.parse.pages import _dom, _markup

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pages"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CORPUS = SHARED.parent / "corpus" / "pages"
PEER_VENVS = Path(__file__).resolve().parents[1] / ".venv" / "peers" / "pages"
PEERS = {  # what is imported, and what pip is asked for
    "beautifulsoup": ("bs4", "beautifulsoup4"),
    "trafilatura": ("trafilatura", "trafilatura lxml_html_clean"),
    "courlan": ("courlan", "courlan"),
    "newspaper": ("newspaper", "newspaper4k lxml_html_clean"),
}
ROUNDS = {"quick": 1, "usual": 3, "long": 5}
SOME = 5  # pages of the corpus, in a quick run
FIGURES = {name: f"pages, F1, {name}" for name in PEERS} | {"beautifulsoup": "pages, *BeautifulSoup*"}
MIN_CHARS = 25  # what the baseline takes for a headline


def row(entry: Entry) -> dict[str, str | None]:
    """An entry as the scorer wants it: times as precise as the page gave them."""
    at = entry.published_at
    written = None
    if at is not None:
        written = at.date().isoformat() if entry.precision is Precision.DAY else at.isoformat()
        written = at.replace(tzinfo=None).isoformat() if entry.precision is Precision.LOCAL else written
    return {
        "title": entry.title,
        "url": urls.clean_link(entry.link),
        "image": entry.image.url if entry.image else None,
        "published_at": written,
        "publisher": entry.source.name if entry.source else None,
    }


def ours(body: bytes, url: str) -> list[dict[str, str | None]]:
    parsed = parse_document(body, url=url, kind=FeedKind.PAGE, now=NOW)
    return [row(entry) for entry in parsed.entries] if isinstance(parsed, Parsed) else []


def naive(body: bytes, url: str) -> list[dict[str, str | None]]:
    rows = []
    for link in LexborHTMLParser(body).css("a[href]"):
        title = " ".join(link.text().split())
        resolved = urls.resolve(url, link.attributes["href"] or "")
        if len(title) > MIN_CHARS and resolved:
            rows.append({"title": title, "url": resolved})
    return list({one["url"]: one for one in reversed(rows)}.values())[::-1]


def lxml_links(body: bytes, url: str) -> list[tuple[str | None, str]]:
    try:
        document = lxml.html.document_fromstring(body)
    except (etree.ParserError, ValueError):
        return []
    document.make_links_absolute(url)
    return [(link.get("href"), link.text_content()) for link in document.iter("a")]


def lxml_bare(body: bytes, url: str) -> list[tuple[str | None, str]]:  # noqa: ARG001
    try:
        document = lxml.html.document_fromstring(body)
    except (etree.ParserError, ValueError):
        return []
    return [(link.get("href"), link.text_content()) for link in document.iter("a")]


def lexbor_bare(body: bytes, url: str) -> LexborHTMLParser:  # noqa: ARG001
    return LexborHTMLParser(body)


def lexbor_links(body: bytes, url: str) -> list[str | None]:  # noqa: ARG001
    return [link.attributes.get("href") for link in LexborHTMLParser(body).css("a[href]")]


def our_tree(body: bytes, url: str) -> None:  # noqa: ARG001
    if not _markup.excess(body):
        with _dom.opened(_markup.utf8(body), whole=False):
            pass


def scored(name: str, pages: Path, rows_of: Mapping[str, object], *, errors: bool = False) -> None:
    """Print the scorer's two lines for what one extractor found on each page."""
    with tempfile.TemporaryDirectory() as scratch:
        for page, rows in rows_of.items():
            (Path(scratch) / f"{page}.json").write_text(json.dumps(rows), encoding="utf-8")
        print(f"--- {name}", flush=True)
        score = [sys.executable, str(SHARED / "score.py"), str(pages), scratch]
        subprocess.run([*score, *(["--errors"] if errors else [])], check=True)
        told = json.loads(subprocess.run([*score, "--json"], check=True, capture_output=True).stdout)
        keep(f"pages, F1, {name}", told["macro"]["F1"])
        if name == "wirekin":
            keep("pages, titles", told["shares"]["title"]["micro"])
            keep("pages, images", told["shares"]["image"]["micro"])
            keep("pages, must-not", told["must_not"])


def peer(name: str, package: str) -> Path | None:
    """The Python of a venv that has a peer; None, and the reason said, where pip cannot get it."""
    venv = PEER_VENVS / name
    python = venv / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
        if subprocess.run([python, "-c", f"import {package}"], capture_output=True, check=False).returncode:
            pip = [
                python,
                "-m",
                "pip",
                "--disable-pip-version-check",
                "--no-input",
                "install",
                "--quiet",
                *PEERS[name][1].split(),
            ]
            subprocess.run(pip, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip().splitlines()
        skip(FIGURES[name], f"{name}: {said[-1] if said else error}")
        return None
    return python


def asked(python: Path, name: str, what: str, pages: Sequence[tuple[Path, str]]) -> Any:
    """What a peer says of pages: seconds, or rows."""
    given = json.dumps([[str(path), url] for path, url in pages])
    script = [python, Path(__file__).with_name("_page_peers.py"), name, what]
    done = subprocess.run(script, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        skip(FIGURES[name], f"{name}: {done.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def seconds(extract: Callable[[bytes, str], object], pages: Sequence[tuple[Path, str]]) -> list[float]:
    """CPU time of each page."""
    took = []
    for body, url in [(path.read_bytes(), url) for path, url in pages]:
        started = time.process_time()
        extract(body, url)
        took.append(time.process_time() - started)
    return took


def throughput(soup: Path | None, size: str) -> None:
    """MB/s of CPU: our whole extraction beside plain link listings of the same pages, in one run."""
    pages = [(path, "https://news.example/") for path in sorted(CORPUS.rglob("*.html"))]
    pages = pages[:SOME] if size == "quick" else pages
    megabytes = sum(path.stat().st_size for path, _ in pages) / 1e6
    least: dict[str, list[float]] = {}
    for _ in range(ROUNDS[size]):
        for name, extract in (
            ("wirekin", ours),
            ("lxml", lxml_links),
            ("lxml, links as written", lxml_bare),
            ("lexbor", naive),
            ("floor: lexbor's parse alone", lexbor_bare),
            ('floor: lexbor\'s parse and one css("a[href]")', lexbor_links),
            ("floor: wirekin's tree, nothing judged", our_tree),
        ):
            took = seconds(extract, pages)
            least[name] = list(map(min, least.get(name, took), took))
    best = {name: sum(took) for name, took in least.items()}
    if soup is not None and (soup_took := asked(soup, "beautifulsoup", "links", pages)):
        best["BeautifulSoup (html.parser)"] = soup_took
    speed = {name: megabytes / took for name, took in best.items()}
    print(f"--- CPU, {len(pages)} pages of {megabytes:.1f} MB")
    rows = [(name, f"{one:.1f}", f"{speed['wirekin'] / one:.2f}") for name, one in speed.items()]
    table(["extraction; the others list links", "MB/s", "wirekin is times as fast"], rows)
    for other in speed.keys() - {"wirekin"}:
        keep(f"pages, {other}", speed["wirekin"] / speed[other])
    keep("pages, lxml MB/s", speed["lxml"])
    slowest = max(least["wirekin"])
    print(f"slowest page: {slowest:.2f} s of CPU")
    keep("pages, slowest, s", slowest)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("pages", nargs="?", type=Path)
    parser.add_argument("--errors", action="store_true", help="print what is wrong on each page")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    given = parser.parse_args()
    pages = given.pages or SHARED / "dev"
    if not pages.is_dir():
        skip("pages, *", f"no labelled pages at {pages}")
        return
    labelled = [
        (page, json.loads(page.with_suffix(".truth.json").read_text(encoding="utf-8"))["url"])
        for page in sorted(pages.glob("*.html"))
    ]
    for name, extract in (("naive", naive), ("wirekin", ours)):
        rows = {page.stem: extract(page.read_bytes(), url) for page, url in labelled}
        scored(name, pages, rows, errors=given.errors and name == "wirekin")
    if alone := given.alone or given.size == "quick":
        skip(FIGURES["beautifulsoup"], "peers were not asked for")
    pythons = {name: peer(name, PEERS[name][0]) for name in PEERS if not alone}
    for name, python in pythons.items():
        if python is not None and (rows := asked(python, name, "rows", labelled)) is not None:
            scored(name, pages, {page.stem: found for (page, _), found in zip(labelled, rows, strict=True)})
    if CORPUS.is_dir() and given.pages is None:
        throughput(pythons.get("beautifulsoup"), given.size)


if __name__ == "__main__":
    main()
