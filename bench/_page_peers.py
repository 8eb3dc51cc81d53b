"""What other extractors make of a page: one at a time, run by the Python of a venv that has it.

python bench/_page_peers.py NAME links|rows < JSON list of [path, url]

`links` prints the CPU seconds of a plain link listing of all pages; `rows` prints what each page gives, as a list of
lists of {"title", "url"}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

Rows = list[dict[str, str]]


def beautifulsoup(body: bytes, url: str) -> Rows:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body, "html.parser")
    return [{"title": link.get_text(), "url": urljoin(url, link["href"])} for link in soup.find_all("a", href=True)]


def trafilatura(body: bytes, url: str) -> Rows:
    import trafilatura

    found = json.loads(trafilatura.extract(body, url=url, include_links=True, output_format="json") or "{}")
    text = found.get("text") or ""
    parts = text.split("](")[1:]
    return [{"title": "", "url": urljoin(url, part.partition(")")[0])} for part in parts]


def courlan(body: bytes, url: str) -> Rows:
    from courlan import extract_links

    return [{"title": "", "url": one} for one in extract_links(body.decode("utf-8", "replace"), url=url)]


def newspaper(body: bytes, url: str) -> Rows:
    import newspaper

    source = newspaper.Source(url, memorize_articles=False)
    source.html = body.decode("utf-8", "replace")
    source.categories = [newspaper.source.Category(url=url, html=source.html)]
    source.parse_categories()
    source.generate_articles(only_in_path=False)
    return [{"title": one.title or "", "url": one.url} for one in source.articles]


PEERS: dict[str, Callable[[bytes, str], Rows]] = {
    one.__name__: one for one in (beautifulsoup, trafilatura, courlan, newspaper)
}


def main() -> None:
    peer = PEERS[sys.argv[1]]
    pages = [(Path(path).read_bytes(), url) for path, url in json.load(sys.stdin)]
    started = time.process_time()
    found = [peer(body, url) for body, url in pages]
    print(json.dumps(time.process_time() - started if sys.argv[2] == "links" else found))


if __name__ == "__main__":
    main()
