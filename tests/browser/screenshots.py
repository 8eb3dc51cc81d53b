"""Takes screenshots of the pages, wide, narrow and dark: python tests/browser/screenshots.py FOLDER.

Those that the documents show go into docs/images.
"""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from fakes_reader import context
from make import NOW
from papers import paper
from sample_world import led_by, sample_world
from serving import CHROMIUM, CHROMIUM_ARGS, ask, serving
from wirekin.demo._pictures import MEDIA_TYPE, draw
from wirekin.demo._sample import load
from wirekin.render import frame_room

# For each picture of the sample world, the demo's report whose drawing it shows.
_LENT = {
    "strait": "tanker-held/lantern",
    "drone": "kharkiv/albion",
    "gas": "baltic-tanker/examiner",
    "fa": "escorts/albion",
}


class _Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        lender = _LENT[Path(self.path).stem]
        self.send_response(200)
        self.send_header("content-type", MEDIA_TYPE)
        self.end_headers()
        self.wfile.write(draw(next(report for report in load().reports if report.id == lender)))

    def log_message(self, *_: object) -> None:
        pass


IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
DOCUMENTS = {"front": ("/", 1200, 760), "builder": ("/embed?limit=4", 1200, 640)}
ASKED = (
    "url=https://me.example/tanker-seized&title=Tanker+seized+in+the+strait:+Iran,+Israel,+Russia,+ship,+talks&limit=4"
)
_DATA = 'data-url="https://me.example/tanker-seized" data-limit="4" data-title="Tanker seized in the strait: Iran, Israel, Russia, ship, talks"'
SCRIPT = f'<script async src="WIREKIN/widget.js" {_DATA} THEME></script>'
FRAME = f'<iframe title="Related stories" width="100%" height="{frame_room(4, 720)}" src="WIREKIN/embed/related?{ASKED.replace("&", "&amp;")}"></iframe>'
WAYS = {
    "widget": (SCRIPT, "light"),
    "widget-dark": (SCRIPT.replace("THEME", 'data-theme="dark"'), "dark"),
    "own-links": ('<related-stories><ul><li><a href="/a">The strait in maps</a><li><a href="/b">Who insures a tanker?</a></ul></related-stories>', "light"),
    "iframe": (FRAME, "light"),
    "fragment": ("FRAGMENT", "light"),
    "parts": ("<style>related-stories { --wirekin-font: 16px Georgia, serif; --wirekin-row: 9em }"
              " related-stories::part(heading) { text-transform: uppercase; letter-spacing: .08em; color: #9b1c1c }</style>" + SCRIPT, "light"),
}  # fmt: skip
_ARTICLE = """<style>body { font: 17px/1.6 Georgia, serif; max-width: 720px; margin: 24px auto; padding: 0 16px; color: INK; background: PAPER }
h1 { line-height: 1.2 } related-stories, section { font: 16px/1.4 system-ui, sans-serif } iframe { border: 0 } article > p:first-child { display: none }</style>
<h1>Tanker seized in the strait</h1><p>Two patrol boats escorted the vessel to port before dawn. Its owner says that the crew is safe.</p>"""


def _embedded(browser, address: str, name: str, body: str, scheme: str) -> None:
    """Take a screenshot of another site's article with the footer embedded as `body` does it."""
    fragment = ask(address, f"/fragment/related?{ASKED}").text
    ink, ground = ("#eee", "#141517") if scheme == "dark" else ("#1c1b19", "#fff")
    article = _ARTICLE.replace("INK", ink).replace("PAPER", ground) + body.replace("WIREKIN", address)
    with paper(article.replace("FRAGMENT", fragment), "default-src * 'unsafe-inline'") as at:
        page = browser.new_page(viewport={"width": 760, "height": 520}, color_scheme=scheme)
        page.clock.set_fixed_time(NOW)
        page.goto(at)
        page.wait_for_timeout(700)
        page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
        page.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    pictures = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    threading.Thread(target=pictures.serve_forever, daemon=True).start()
    world = sample_world(f"http://127.0.0.1:{pictures.server_port}")
    story = world.stories[0].story
    pages = {
        "front": "/",
        "topics": "/topics",
        "topic": "/topics/iran",
        "story": f"/stories/{story.id}",
        "feeds": "/feeds",
        "search": "/search?q=strait&lang=en&from=2026-11-20",
        "embed": f"/embed/related?url={story.lead.url}&title=Iran+strikes+strait+ship+talks+Tehran",
        "builder": "/embed",
        "lost": "/stories/none",
        "api": "/docs",
        "arabic": f"/stories/{led_by('ar', world)}",
        "hebrew": f"/stories/{led_by('he', world)}",
        "hebrew-embed": f"/embed/related?url={story.lead.url}&title=Iran+strikes+strait+ship+talks+Tehran&lang=he",
    }
    documents = {**DOCUMENTS, "story": (pages["story"], 1200, 1170)}
    with serving(world, current=context, now=NOW) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for name, path in pages.items():
            for width, scheme in ((1440, "light"), (768, "light"), (320, "light"), (1440, "dark"), (320, "dark")):
                page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
                page.clock.set_fixed_time(NOW)
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                page.close()
        for name, (path, width, height) in documents.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.clock.set_fixed_time(NOW)
            page.goto(address + path)
            page.wait_for_timeout(300)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        for name, (body, scheme) in WAYS.items():
            _embedded(browser, address, name, body, scheme)
        browser.close()
    pictures.shutdown()
    pictures.server_close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
