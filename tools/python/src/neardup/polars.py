# SPDX-License-Identifier: MIT
"""Expressions of Polars over columns of texts: `pl.col("text").neardup.fingerprint()`.

Importing this module registers the namespace. The expressions run in Polars' own threads, without
Python: eager, lazy, streaming, in `group_by` and `over`. A null gives null; columns are of strings,
categories or enums.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, TypeVar, Union

import polars as pl
from polars.plugins import register_plugin_function

from . import _neardup
from . import dedup as _dedup
from .columns import CharShingles, Seed, plain

_LIBRARY = Path(_neardup.__file__)
_PLAIN = (
    *(pl.String, pl.Categorical, pl.Enum, pl.Boolean),
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    *(pl.Float32, pl.Float64),
)

IntoExpr = Union[pl.Expr, str]
Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def dedup(frame: Frame, text: Optional[str] = None, **options: Any) -> Frame:
    """The frame without its near-duplicates: all columns, the rows in their order.

    `text` is the column of the texts, and the options are those of `neardup.dedup`, which also
    says why each row went. Of a LazyFrame comes a LazyFrame: the work is done when it is
    collected, for which all its rows must be in memory together.
    """

    def keep(rows: pl.DataFrame) -> pl.DataFrame:
        if rows.is_empty():
            return rows
        plain = [name for name, dtype in rows.schema.items() if name == text or _is_plain(dtype)]
        mask = _dedup(rows.select(plain), text, **options).mask
        return rows.filter(pl.Series(mask, dtype=pl.Boolean))

    if isinstance(frame, pl.DataFrame):
        return keep(frame)
    # What stays depends on every row and on columns that nothing behind asks for.
    return frame.map_batches(
        keep, predicate_pushdown=False, projection_pushdown=False, slice_pushdown=False
    )


def _is_plain(dtype: pl.DataType) -> bool:
    """Whether a column may be a text, an id, a source, a date or what `keep` goes by."""
    return dtype in _PLAIN or dtype.is_temporal()


def _call(name: str, columns: list[Any], **options: Any) -> pl.Expr:
    return register_plugin_function(
        plugin_path=_LIBRARY,
        function_name=name,
        args=columns,
        kwargs=plain(options) or None,
        is_elementwise=True,
    )


@pl.api.register_expr_namespace("neardup")
class NearDupExpr:
    """What neardup makes of each text of a column.

    What a text is to them say `preset` (of `neardup presets`), `char_shingles`, `exact_tokens` and
    `shingle_size`, as for `neardup.dedup`; `seed` keys the hashes.
    """

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def n_tokens(
        self,
        *,
        preset: Optional[str] = None,
        char_shingles: Optional[bool] = None,
        exact_tokens: Optional[bool] = None,
    ) -> pl.Expr:
        """How many tokens a text has: UInt32."""
        return _call(
            "n_tokens",
            [self._expr],
            preset=preset,
            char_shingles=char_shingles,
            exact_tokens=exact_tokens,
        )

    def fingerprint(
        self,
        *,
        preset: Optional[str] = None,
        char_shingles: Optional[bool] = None,
        exact_tokens: Optional[bool] = None,
        seed: Optional[Seed] = None,
    ) -> pl.Expr:
        """Binary of 16 bytes, the same for texts that `dedup` calls identical or normalized.

        Such texts differ at most in case, accents, punctuation and spaces. Of 100 million different
        texts no two have the same one.
        """
        return _call(
            "fingerprint",
            [self._expr],
            preset=preset,
            char_shingles=char_shingles,
            exact_tokens=exact_tokens,
            seed=seed,
        )

    def simhash(
        self,
        *,
        preset: Optional[str] = None,
        char_shingles: Optional[CharShingles] = None,
        exact_tokens: Optional[bool] = None,
        shingle_size: Optional[int] = None,
        seed: Optional[Seed] = None,
    ) -> pl.Expr:
        """The SimHash of the shingles: UInt64; null where a text has no words.

        The fewer bits differ, `(a ^ b).bitwise_count_ones()`, the more alike are the texts. Coarse:
        for texts that are nearly the same.
        """
        return _call(
            "simhash",
            [self._expr],
            preset=preset,
            char_shingles=char_shingles,
            exact_tokens=exact_tokens,
            shingle_size=shingle_size,
            seed=seed,
        )

    def sketch(
        self,
        *,
        preset: Optional[str] = None,
        char_shingles: Optional[CharShingles] = None,
        exact_tokens: Optional[bool] = None,
        shingle_size: Optional[int] = None,
        sketch: Optional[str] = None,
        slots: Optional[int] = None,
        seed: Optional[Seed] = None,
    ) -> pl.Expr:
        """A MinHash sketch: Array(UInt32, slots).

        The share of slots that two sketches have the same is the similarity of the texts, but for
        a standard deviation of at most `.5 / sqrt(slots)`. All slots of a text without words are
        4294967295.
        """
        return _call(
            "sketch",
            [self._expr],
            preset=preset,
            char_shingles=char_shingles,
            exact_tokens=exact_tokens,
            shingle_size=shingle_size,
            sketch=sketch,
            slots=slots,
            seed=seed,
        )

    def clean(self, *, threshold: Optional[float] = None) -> pl.Expr:
        """The text without what stands in it twice: headlines, captions, paragraphs.

        As the output `cleaned` of `neardup flag` has it. `threshold` is the least similarity of
        near repeats.
        """
        return _call("clean", [self._expr], threshold=threshold)

    def similarity(
        self,
        other: IntoExpr,
        *,
        preset: Optional[str] = None,
        char_shingles: Optional[CharShingles] = None,
        exact_tokens: Optional[bool] = None,
        shingle_size: Optional[int] = None,
    ) -> pl.Expr:
        """The Jaccard similarity of the shingles of two texts: Float64, in [0,1], exact."""
        return _call(
            "similarity",
            [self._expr, other],
            preset=preset,
            char_shingles=char_shingles,
            exact_tokens=exact_tokens,
            shingle_size=shingle_size,
        )
