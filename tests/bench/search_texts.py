"""What a plant says, made up: texts in Chinese and English with codes, machines and lots, and queries for them."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parents[1] / "data"
SEED: Final = 20261124
TEXTS: Final = 30_000
MACHINES = [
    f"{kind}-{number:02}" for kind in ("RO", "CNC", "SMT", "PRS", "ROB", "AOI", "PKG") for number in range(1, 30)
]
WORDS = {
    name: words.split("|")
    for name, _, words in (line.partition("|") for line in (DATA / "plant-words.txt").read_text("utf-8").splitlines())
}
LENGTHS = {"1 character": 1, "2 characters": 2, "phrase": 5}


def code(chance: random.Random) -> str:
    """`ALM-1042`, `E-2105`, `SRVO-050`."""
    return f"{chance.choice(['ALM', 'E', 'SRVO', 'F', 'W'])}-{chance.randrange(100, 3000)}"


def _word(chance: random.Random, kind: str) -> str:
    return chance.choice(WORDS[kind])


def _zh(c: random.Random) -> str:
    return f"{c.choice(MACHINES)} {_word(c, 'parts')}{_word(c, 'faults')}，{_word(c, 'actions')}"


def _zone(c: random.Random) -> str:
    return (
        f"第 {c.randrange(1, 13)} 溫區{_word(c, 'faults')}，目前 {c.uniform(180, 280):.1f} °C，{_word(c, 'actions')}。"
    )


def _coded(c: random.Random) -> str:
    return f"{code(c)} {_word(c, 'parts')}{_word(c, 'faults')}，{_word(c, 'names')}{_word(c, 'actions')}"


def _en(c: random.Random) -> str:
    return f"{c.choice(MACHINES)} {_word(c, 'en_parts')} {_word(c, 'en_faults')}, {_word(c, 'en_actions')}"


def _mixed(c: random.Random) -> str:
    return f"{_word(c, 'en_parts')} {_word(c, 'en_faults')} {code(c)}：{_word(c, 'parts')}{_word(c, 'actions')}"


def _lot(c: random.Random) -> str:
    return f"批號 LOT-{c.randrange(36**4):05}-{c.choice('ABCDEFG')} 隔離，{_word(c, 'parts')}的{_word(c, 'faults')}待查"


def _long(c: random.Random) -> str:
    return "".join(
        f"{_word(c, 'parts')}{_word(c, 'faults')}，{_word(c, 'actions')}。" for _ in range(c.randrange(2, 6))
    )


KINDS: tuple[Callable[[random.Random], str], ...] = (_zh, _zh, _zone, _coded, _coded, _en, _mixed, _lot, _long)


def texts() -> list[str]:
    """The texts there are; a fill takes the first ones most often, as short words are said most often."""
    chance = random.Random(SEED)
    return WORDS["short"] + [chance.choice(KINDS)(chance) for _ in range(TEXTS - len(WORDS["short"]))]


def queries(said: list[str], each: int) -> dict[str, list[str]]:
    """Queries by kind, `each` of every kind."""
    chance = random.Random(SEED + 1)

    def piece(length: int) -> str:
        while True:
            text = chance.choice(said)
            start = chance.randrange(max(1, len(text) - length))
            found = text[start : start + length]
            if len(found) == length and all("\u4e00" <= char <= "\u9fff" for char in found):
                return found

    found = {kind: [piece(length) for _ in range(each)] for kind, length in LENGTHS.items()}
    found["code"] = [code(chance) for _ in range(each)]
    found["machine"] = [chance.choice(MACHINES) for _ in range(each)]
    found["English word"] = [chance.choice(WORDS["en_parts"] + WORDS["en_faults"]) for _ in range(each)]
    found["part of a word"] = [chance.choice(WORDS["en_parts"] + WORDS["en_faults"])[1:5] for _ in range(each)]
    found["two words"] = [
        f"{chance.choice(WORDS['parts'])} {chance.choice(WORDS['en_faults'] + WORDS['actions'])}" for _ in range(each)
    ]
    found["not there"] = [f"{chance.choice(WORDS['faults'])}{chance.choice(WORDS['parts'])}" for _ in range(each)]
    return found
