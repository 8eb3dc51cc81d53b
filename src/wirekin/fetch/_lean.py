"""httpx without its command line: `import httpx` would load that, and rich and pygments with it, where they are there.

24 of the 32 ms of the import, and 3 MB (2026-11). httpx itself does without it where a part of it is missing, and this
says that one is.
"""

from __future__ import annotations

import sys

if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # an import of it fails: documented for sys.modules
    import httpx  # noqa: F401

    del sys.modules["httpx._main"]  # whoever wants it later has it
