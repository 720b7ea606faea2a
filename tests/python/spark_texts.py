# SPDX-License-Identifier: MIT
"""A corpus in which everything happens that documents on many machines can go wrong by."""
import random

import pyarrow as pa

WORDS = [first + second + last for first in ("ka", "lo", "mi", "ne", "ru")
         for second in ("ba", "do", "fi", "gu", "sha")
         for last in ("n", "rt", "st", "m", "lle", "x", "p", "ck", "ng", "sso")]


def _text(rng, words):
    return [f"{rng.choice(WORDS)}{rng.randrange(40)}" for _ in range(words)]


def _changed(rng, text, share):
    return [f"{word}z" if rng.random() < share else word for word in text]


def _chain(rng, length):
    """Each like the one before, and the first and last unlike."""
    text = _text(rng, 120)
    for _ in range(length):
        text = _changed(rng, text, 0.03)
        yield text


def _forms(rng, count):
    """One form with contents of their own."""
    head, tail = _text(rng, 60), _text(rng, 40)
    for _ in range(count):
        yield head + _text(rng, 20) + tail


def generated(count, seed=1, forms=True):
    """Rows: originals, near copies, a group of identical texts, chains, and odd ones. With forms,
    also texts that fill one, and groups of so many texts that they might."""
    rng = random.Random(seed)
    originals = [_text(rng, rng.randrange(30, 150)) for _ in range(count // 2)]
    texts = originals + [originals[0]] * (count // 20)
    while len(texts) < count * 3 // 4:
        texts += _chain(rng, 30 if forms else 4)
    while forms and len(texts) < count * 5 // 6:
        texts += _forms(rng, 40)
    while len(texts) < count:
        model = rng.choice(texts) if forms else originals[len(texts) - count - 1]
        texts.append(_changed(rng, model, rng.choice([0, 0.01, 0.05, 0.2])))
    lines = [" ".join(text) for text in texts[: count - 12]]
    lines += [None, "", "?!", "?!", "a", "a", "A!", "b", lines[5].upper(), lines[7] + "!", "", None]
    rng.shuffle(lines)
    return pa.table({
        "n": pa.array(range(len(lines)), pa.int64()),
        "id": [f"d{number * 7919 % 1000003:07}" for number in range(len(lines))],
        "text": pa.array(lines, pa.string()),
        "source": [f"s{rng.randrange(9)}" for _ in lines],
        "date": [f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for _ in lines],
        "rank": [rng.randrange(1000) for _ in lines],
    })
