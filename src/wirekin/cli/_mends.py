"""What a person can do about a failed feed, page or file; docs/operations.md says more about each reason."""

from __future__ import annotations

import errno
import shlex
from collections.abc import Mapping

from wirekin.model import Reason

_MENDS: Mapping[Reason, str] = {
    Reason.BAD_URL: "correct the address; `allow_private: [host:port]` in feeds.yml opens another port",
    Reason.FORBIDDEN_ADDRESS: "if it is yours, list its host:port under `allow_private` in feeds.yml",
    Reason.DNS: "look whether the name is right, or the site has moved",
    Reason.REDIRECTS: "open the address in a browser and take where it ends",
    Reason.ROBOTS: "look for a feed instead: wirekin feeds discover {url}",
    Reason.GONE: "find its new address: wirekin feeds discover {url}",
    Reason.NOT_FOUND: "find its new address: wirekin feeds discover {url}",
    Reason.DENIED: "set `contact` in feeds.yml, ask the publisher, or take another feed",
    Reason.TOO_LARGE: "take a smaller feed of that publisher",
    Reason.NOT_A_FEED: "find the site's feeds: wirekin feeds discover {url}; a news page stands under `page:`",
}

_RIGHTS = "check the owner and the rights of it and its folder"
_MENDS_HERE: Mapping[int | None, str] = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "name a place on a disk that may be written",
    errno.ENOSPC: "make room, then do it again",
    errno.EDQUOT: "make room, then do it again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
    errno.ENOENT: "look whether it is still there",
}


def told(error: OSError) -> str:
    """An operating system error as one sentence: what, why, what to do ("feeds.yml: Permission denied: check ...")."""
    what = error.filename or ("this folder" if error.errno == errno.ENOENT else "")  # cwd was removed: no file name
    parts = (str(what), error.strerror or str(error), _MENDS_HERE.get(error.errno, ""))
    return ": ".join(part for part in parts if part)


def mend_of(reason: Reason | None, url: str) -> str:
    """What to do, as ": do this"; "" where one can only wait."""
    mend = _MENDS.get(reason) if reason else None
    return f": {mend.format(url=shlex.quote(url))}" if mend else ""
