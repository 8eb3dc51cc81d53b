"""lemon24's reader, used as its documentation shows; run by the Python of its own venv (bench/peers.py makes it).

python bench/_reader.py DATABASE add < URLS      the feeds, one a line
python bench/_reader.py DATABASE update          every feed once, 64 at once
python bench/_reader.py DATABASE count           prints how many entries it has
"""

from __future__ import annotations

import sys

from reader import make_reader  # type: ignore[import-not-found,unused-ignore]  # only that venv has it


def main() -> None:
    database, task = sys.argv[1:]
    reader = make_reader(database)
    if task == "add":
        for url in sys.stdin:
            reader.add_feed(url.strip(), exist_ok=True)
    elif task == "update":
        reader.update_feeds(scheduled=False, workers=64)  # due or not, as `wirekin refresh --force`
    else:
        print(reader.get_entry_counts().total)


if __name__ == "__main__":
    main()
