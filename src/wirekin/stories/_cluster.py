"""Agglomerative clustering: merge the two groups that are likeliest one event, until none are likely enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from wirekin.stories._evidence import JOIN, Link

Allowed = Callable[[Sequence[int], Sequence[int]], bool]


def cluster(
    items: int,
    pairs: Mapping[tuple[int, int], Link],
    together: Iterable[tuple[int, int]],
    allowed: Allowed,
) -> list[list[int]]:
    """Cluster the items 0..n-1; return the groups, the items of each in order.

    Args:
        items: the number of items, n.
        pairs: the evidence between two items, the lower item first.
        together: pairs to merge before any evidence is weighed, in this order, where `allowed`.
        allowed: whether two groups may be merged.

    The result does not depend on the order of `pairs`: ties go to the lower items.

    """
    groups = _Groups(items, pairs)
    for a, b in together:
        groups.unite(a, b, allowed)
    groups.agglomerate(allowed)
    return sorted(groups.members.values())


class _Groups:
    def __init__(self, items: int, pairs: Mapping[tuple[int, int], Link]) -> None:
        self.members = {item: [item] for item in range(items)}
        self._home = list(range(items))
        self._sizes = [1] * items
        self._links: list[dict[int, Link]] = [{} for _ in range(items)]
        for (a, b), link in pairs.items():
            self._links[a][b] = self._links[b][a] = link

    def unite(self, a: int, b: int, allowed: Allowed) -> None:
        """Merge the groups of two items, the higher into the lower, where that is allowed."""
        low, high = sorted((self._home[a], self._home[b]))
        if low == high or not allowed(self.members[low], self.members[high]):
            return
        for item in self.members[high]:
            self._home[item] = low
        self.members[low] = sorted(self.members[low] + self.members.pop(high))
        self._sizes[low] += self._sizes[high]
        mine, theirs = self._links[low], self._links[high]
        mine.pop(high, None)
        for other, link in theirs.items():
            if other != low:
                mine[other] = self._links[other][low] = mine[other].joined(link) if other in mine else link
                del self._links[other][high]
        theirs.clear()

    def agglomerate(self, allowed: Allowed) -> None:
        """Merge the likeliest two groups until no two are likely enough."""
        waiting = [entry for low in self.members for entry in self._likely(low, above=low)]
        heapify(waiting)
        while waiting:
            entry = heappop(waiting)
            _, low, high, *sizes = entry
            if high not in self._links[low] or [self._sizes[low], self._sizes[high]] != sizes:
                continue  # stale: one of the two has grown or gone since
            self.unite(low, high, allowed)
            if high in self.members:
                continue  # not allowed
            for later in self._likely(low):
                heappush(waiting, later)

    def _likely(self, group: int, above: int = -1) -> list[tuple[float, int, int, int, int]]:
        """Heap entries for the groups with a number over `above` that this one may merge with.

        If no pair is above JOIN, neither is the score: pairs that were not compared count as `Link.apart`, which is
        below JOIN, too. This skips three links in four (bench/group.py's stream, 8,000 headlines, 2026-11-30).
        """
        found = []
        for other, link in self._links[group].items():
            if other > above and link.likest > JOIN:
                low, high = (group, other) if group < other else (other, group)
                score = link.log_odds(self._sizes[low], self._sizes[high])
                if score > JOIN:
                    found.append((-score, low, high, self._sizes[low], self._sizes[high]))
        return found
