"""httpx without its command line, which would load rich and pygments: 4 MB, 24 ms (2026-11)."""

from wirekin._absent import absent

with absent("httpx._main"):
    import httpx

__all__ = ["httpx"]
