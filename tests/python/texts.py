# SPDX-License-Identifier: MIT
"""Texts that tests of columns share."""
import random

STORM = "The harbour was closed for the night after the storm had torn two boats loose."
CALM = "Nobody was hurt, the captain of the port said to reporters in the morning."

# Of every kind that is read in a way of its own.
KINDS = [
    f"{STORM}\n\n{CALM}\n\n{STORM}\n",
    f"{STORM} {CALM}",
    f"{STORM.upper()} -- {CALM}",
    "The CAFÉ, at 5.",
    "the cafe at   5",
    "",
    None,
    "?!",
    "短い文章です。",
    "ภาษาไทย ไม่มีช่องว่าง",
    "x",
    "a\0b",
    "twelve bytes",
    "thirteen byte",
]


def made(count, seed=1):
    """Texts of 0 to 60 words of a small vocabulary, one in nine null."""
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(400)]
    return [
        None if rng.random() < 1 / 9 else " ".join(rng.choices(words, k=rng.randrange(60)))
        for _ in range(count)
    ]
