"""Pictures of the pages, for eyes: python tests/browser/screenshots.py FOLDER. Wide, narrow and dark."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from fakes_reader import context
from make import NOW
from sample_world import sample_world
from serving import CHROMIUM, CHROMIUM_ARGS, serving

_COLOURS = {"strait": "#5b7f95", "drone": "#8a6f5c", "gas": "#6d7f66", "fa": "#8b7a9b"}


class _Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        colour = _COLOURS.get(Path(self.path).stem, "#888")
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="{colour}"/><circle cx="11" cy="5" r="3" fill="#fff" opacity=".35"/></svg>'
        self.send_response(200)
        self.send_header("content-type", "image/svg+xml")
        self.end_headers()
        self.wfile.write(svg.encode())

    def log_message(self, *_: object) -> None:
        pass


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    threading.Thread(target=pictures.serve_forever, daemon=True).start()
    world = sample_world(f"http://127.0.0.1:{pictures.server_port}")
    story = world.stories[0].story
    pages = {
        "front": "/",
        "topic": "/topics/iran",
        "story": f"/stories/{story.id}",
        "feeds": "/feeds",
        "search": "/search?q=strait",
        "embed": f"/embed/related?url={story.lead.url}&title=Iran+strikes+strait+ship+talks+Tehran",
        "lost": "/stories/none",
    }
    with serving(world, current=context, now=NOW) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for name, path in pages.items():
            for width, scheme in ((1280, "light"), (390, "light"), (1280, "dark")):
                page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
                page.clock.set_fixed_time(NOW)
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                page.close()
        browser.close()
    pictures.shutdown()
    pictures.server_close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
