"""Score the page extraction against labelled pages, beside a naive baseline (links with more than 25 characters).

python bench/pages.py [PAGES] [--errors]      PAGES defaults to ../shared/pages/dev beside the repository
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from wirekin import urls
from wirekin.model import Entry, FeedKind, Parsed, Precision
from wirekin.parse import parse_document

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pages"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MIN_CHARS = 25  # what the baseline takes for a headline


def row(entry: Entry) -> dict[str, str | None]:
    """An entry as the scorer wants it: times with as much as the page gave."""
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


def main() -> None:
    arguments = [one for one in sys.argv[1:] if not one.startswith("-")]
    pages = Path(arguments[0]) if arguments else SHARED / "dev"
    if not pages.is_dir():
        sys.exit(f"no labelled pages at {pages}")
    for name, extract in (("naive", naive), ("wirekin", ours)):
        with tempfile.TemporaryDirectory() as scratch:
            took = 0.0
            for page in sorted(pages.glob("*.html")):
                truth = json.loads(page.with_suffix(".truth.json").read_text(encoding="utf-8"))
                started = time.perf_counter()
                rows = extract(page.read_bytes(), truth["url"])
                took += time.perf_counter() - started
                (Path(scratch) / f"{page.stem}.json").write_text(json.dumps(rows), encoding="utf-8")
            flags = ["--errors"] if "--errors" in sys.argv and name == "wirekin" else []
            print(f"--- {name}: {took:.2f} s", flush=True)
            subprocess.run([sys.executable, str(SHARED / "score.py"), str(pages), scratch, *flags], check=True)


if __name__ == "__main__":
    main()
