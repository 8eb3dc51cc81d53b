"""Small drawings for the sample articles: the event's composition in the outlet's colours. SVG, 640 by 360."""

from __future__ import annotations

from collections.abc import Callable
from colorsys import hls_to_rgb, rgb_to_hls
from math import cos, pi, sin

from wirekin.demo._sample import Report
from wirekin.model import key_of

WIDTH, HEIGHT = 640, 360  # px; the 16:9 that most publishers crop to (2026-11)
MEDIA_TYPE = "image/svg+xml"

Shades = tuple[str, str, str, str]  # sky, far, near, light


def draw(report: Report) -> bytes:
    """The picture of a report: reports of one event share the composition, each outlet has its colours."""
    seed = key_of("picture", report.event.id) & 0xFFFFFFFF
    shades = _shades(report.outlet.colour, (seed % 41 - 20) / 360)
    x, y = 90 + seed % 460, 70 + (seed >> 9) % 70
    # A third of an outlet's pictures show its own motif, so that its front page has a face without being monotonous.
    motif = report.outlet.motif if seed % 3 == 0 else sorted(_MOTIFS)[(seed >> 5) % len(_MOTIFS)]
    shapes = _MOTIFS[motif](seed >> 3, shades)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="{shades[1]}"/>'
        f'<stop offset="1" stop-color="{shades[0]}"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#s)"/>'
        f'<circle cx="{x}" cy="{y}" r="{26 + seed % 23}" fill="{shades[3]}" opacity=".9"/>{shapes}</svg>\n'
    ).encode()


def mark(colour: str) -> bytes:
    """An outlet's icon."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{colour}"/><circle cx="16" cy="16" r="7" fill="#fff"/></svg>\n'
    ).encode()


def _shades(colour: str, turn: float) -> Shades:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, strength = rgb_to_hls(red, green, blue)
    at = hue + turn

    def shade(light: float, strong: float = 1.0) -> str:
        channels = hls_to_rgb(at % 1, light, strength * strong)
        return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)

    return shade(0.72, 0.8), shade(0.42), shade(0.2), shade(0.93, 0.7)


def _layer(seed: int, base: float, swing: float, fill: str, opacity: float = 1) -> str:
    """A band of land or water: a smooth edge over the whole width, filled to the bottom."""
    one, two = 1 + seed % 3, 3 + seed % 4
    points = []
    for x in range(0, WIDTH + 1, 16):
        turn = 2 * pi * x / WIDTH
        points.append(f"{x},{base - swing * (sin(one * turn + seed % 7) + 0.4 * cos(two * turn + seed % 5)):.0f}")
    path = " ".join(points)
    return f'<polygon points="0,{HEIGHT} {path} {WIDTH},{HEIGHT}" fill="{fill}" opacity="{opacity}"/>'


def _hills(seed: int, shades: Shades) -> str:
    return _layer(seed, 230, 34, shades[1], 0.7) + _layer(seed >> 4, 285, 22, shades[2])


def _waves(seed: int, shades: Shades) -> str:
    rows = (_layer(seed + 5 * row, 210 + 36 * row, 7, shades[1 + row % 2], 0.55 + 0.1 * row) for row in range(5))
    return "".join(rows)


def _dunes(seed: int, shades: Shades) -> str:
    return _layer(seed, 220, 48, shades[0], 0.8) + _layer(seed >> 3, 270, 36, shades[1], 0.9) + _hills(seed, shades)


def _harbour(seed: int, shades: Shades) -> str:
    cranes = []
    for at in range(3 + seed % 2):
        x, top = 70 + at * 150 + (seed >> at) % 40, 150 + (seed >> (at + 2)) % 50
        cranes.append(f'<path d="M{x},290V{top}m-30,14h110m-80-14l80,14m-44,0v40" stroke="{shades[2]}"/>')
    quay = _layer(seed, 290, 3, shades[2])
    return f'<g fill="none" stroke-width="7">{"".join(cranes)}</g>{quay}'


def _columns(seed: int, shades: Shades) -> str:
    count = 5 + seed % 4
    step = 360 / count
    posts = "".join(
        f'<rect x="{150 + at * step:.0f}" y="180" width="{step / 2:.0f}" height="110"/>' for at in range(count)
    )
    roof = '<polygon points="120,172 320,96 520,172"/><rect x="120" y="290" width="400" height="18"/>'
    return f'<g fill="{shades[2]}">{posts}{roof}</g>' + _layer(seed, 322, 4, shades[2])


def _skyline(seed: int, shades: Shades) -> str:
    blocks: list[str] = []
    x = 0
    while x < WIDTH:
        bits = (seed + 31 * len(blocks)) * 2_654_435_761 >> 7  # Knuth's multiplicative hash spreads the seed
        wide, high = 34 + bits % 38, 60 + (bits >> 6) % 120
        if bits >> 13 & 3:
            blocks.append(f'<rect x="{x}" y="{300 - high}" width="{wide}" height="{high + 60}"/>')
        else:
            blocks.append(
                f'<path d="M{x},{HEIGHT}V{310 - high}a{wide / 2:.0f},{wide / 2:.0f} 0 0 1 {wide},0V{HEIGHT}z"/>'
            )
        x += wide + 3
    return _layer(seed >> 5, 240, 26, shades[1], 0.6) + f'<g fill="{shades[2]}">{"".join(blocks)}</g>'


def _rays(seed: int, shades: Shades) -> str:
    cx, cy = 120 + seed % 400, 340
    beams = []
    for at in range(9):
        angle = pi * (at + 0.5) / 9
        x, y = cx + 700 * cos(angle), cy - 700 * sin(angle)
        x2, y2 = cx + 700 * cos(angle + 0.16), cy - 700 * sin(angle + 0.16)
        beams.append(f'<polygon points="{cx},{cy} {x:.0f},{y:.0f} {x2:.0f},{y2:.0f}"/>')
    return f'<g fill="{shades[3]}" opacity=".22">{"".join(beams)}</g>' + _layer(seed >> 2, 300, 16, shades[2])


_MOTIFS: dict[str, Callable[[int, Shades], str]] = {
    "hills": _hills,
    "waves": _waves,
    "dunes": _dunes,
    "harbour": _harbour,
    "columns": _columns,
    "rays": _rays,
    "skyline": _skyline,
}
