# SPDX-License-Identifier: MIT
"""Functions over columns of texts: a text a row in, a value a row out.

A column is anything that hands out Arrow data: a column of pyarrow, Polars, pandas (3.0 and later),
DuckDB, nanoarrow. What comes back is one, too, which those take: `pyarrow.array(clean(texts))`,
`polars.Series(...)`. A null gives null. The interpreter is free while texts are read.

What a text is to these functions say `preset` (of `neardup presets`), `char_shingles`,
`exact_tokens` and `shingle_size`, as for `neardup.dedup`; `seed` keys the hashes.
"""

from __future__ import annotations

import pickle
from typing import Any, Literal, Optional, Union

from . import _neardup
from ._options import resolve

Seed = Union[int, Literal["random"]]
CharShingles = Union[bool, int]


class Column:
    """A column of Arrow as a function made it. It is handed over, not copied: to one taker only."""

    def __init__(self, capsules: tuple[Any, Any]) -> None:
        self._capsules: Optional[tuple[Any, Any]] = capsules

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        capsules, self._capsules = self._capsules, None
        if capsules is None:
            raise ValueError("the column was handed over already: call the function again")
        return capsules


def plain(options: dict[str, Any]) -> dict[str, Any]:
    """Options as the module reads them without Python; those that are None are the preset's."""
    return resolve({name: value for name, value in options.items() if value is not None})


def call(name: str, columns: tuple[Any, ...], options: dict[str, Any]) -> Column:
    """Calls the module's function of that name, under plain options."""
    return Column(_neardup.column(name, columns, pickle.dumps(options, protocol=5)))


def n_tokens(
    texts: Any,
    *,
    preset: Optional[str] = None,
    char_shingles: Optional[bool] = None,
    exact_tokens: Optional[bool] = None,
) -> Column:
    """How many tokens each text has: uint32."""
    options = {"preset": preset, "char_shingles": char_shingles, "exact_tokens": exact_tokens}
    return call("n_tokens", (texts,), plain(options))


def fingerprint(
    texts: Any,
    *,
    preset: Optional[str] = None,
    char_shingles: Optional[bool] = None,
    exact_tokens: Optional[bool] = None,
    seed: Optional[Seed] = None,
) -> Column:
    """16 bytes (large_binary), the same for texts that `dedup` calls identical or normalized.

    Such texts differ at most in case, accents, punctuation and spaces. Of 100 million different
    texts no two have the same fingerprint.
    """
    options = {
        "preset": preset,
        "char_shingles": char_shingles,
        "exact_tokens": exact_tokens,
        "seed": seed,
    }
    return call("fingerprint", (texts,), plain(options))


def simhash(
    texts: Any,
    *,
    preset: Optional[str] = None,
    char_shingles: Optional[CharShingles] = None,
    exact_tokens: Optional[bool] = None,
    shingle_size: Optional[int] = None,
    seed: Optional[Seed] = None,
) -> Column:
    """The SimHash of each text's shingles: uint64; null where a text has no words.

    The fewer bits differ, the more alike are the texts. Coarse: for texts that are nearly the same.
    """
    options = {
        "preset": preset,
        "char_shingles": char_shingles,
        "exact_tokens": exact_tokens,
        "shingle_size": shingle_size,
        "seed": seed,
    }
    return call("simhash", (texts,), plain(options))


def sketch(
    texts: Any,
    *,
    preset: Optional[str] = None,
    char_shingles: Optional[CharShingles] = None,
    exact_tokens: Optional[bool] = None,
    shingle_size: Optional[int] = None,
    sketch: Optional[str] = None,
    slots: Optional[int] = None,
    seed: Optional[Seed] = None,
) -> Column:
    """A MinHash sketch of each text: a fixed-size list of `slots` uint32.

    The share of slots that two sketches have the same is the similarity of the texts, but for a
    standard deviation of at most `.5 / sqrt(slots)`. All slots of a text without words are
    4294967295.
    """
    options = {
        "preset": preset,
        "char_shingles": char_shingles,
        "exact_tokens": exact_tokens,
        "shingle_size": shingle_size,
        "sketch": sketch,
        "slots": slots,
        "seed": seed,
    }
    return call("sketch", (texts,), plain(options))


def clean(texts: Any, *, threshold: Optional[float] = None) -> Column:
    """Each text without what stands in it twice: headlines, captions, paragraphs (large_utf8).

    As the output `cleaned` of `neardup flag` has it. `threshold` is the least similarity of near
    repeats.
    """
    return call("clean", (texts,), plain({"threshold": threshold}))


def similarity(
    texts: Any,
    others: Any,
    *,
    preset: Optional[str] = None,
    char_shingles: Optional[CharShingles] = None,
    exact_tokens: Optional[bool] = None,
    shingle_size: Optional[int] = None,
) -> Column:
    """The Jaccard similarity of the shingles of two texts a row: float64, in [0,1], exact.

    A column of one row is compared with each row of the other.
    """
    options = {
        "preset": preset,
        "char_shingles": char_shingles,
        "exact_tokens": exact_tokens,
        "shingle_size": shingle_size,
    }
    return call("similarity", (texts, others), plain(options))
