# SPDX-License-Identifier: MIT
"""Sketches: fixed-size summaries of texts, from which their similarity is estimated."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Optional, Union

from . import _neardup
from .columns import Column, call, plain


class _Texts:
    """A list of texts as a column."""

    def __init__(self, texts: Sequence[Optional[str]]) -> None:
        self._texts = texts

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return _neardup.text_stream(self._texts)


class Sketcher:
    """Makes sketches of texts, and tells from two of them how alike the texts are.

    Those of one kind, of as many slots and of one seed can be compared, whatever made them.

    Args:
        kind: "minhash", "kmins" or "simhash64"; see `sketches`.
        slots: size of a sketch; the kind's own if not given. An estimate is off by at most
            0.5 / sqrt(slots), as a standard deviation.
        preset, shingle_size, char_shingles, exact_tokens: what shingles are, as of `dedup`.
        seed: key of the hashes; "random" where somebody may have made the texts to look alike.

    Attributes:
        slots: as it is.
        bytes: length of a sketch, four times that.

    Raises:
        InvalidError, NotFoundError: there is no such kind, or it has no such size.

    >>> sketcher = Sketcher()
    >>> a = sketcher.sketch_text("The ferry was late on Monday because of fog.")
    >>> b = sketcher.sketch_text("the ferry, was LATE on monday because of fog")
    >>> len(a), sketcher.estimate(a, b)
    (512, 1.0)
    """

    def __init__(
        self,
        kind: Optional[str] = None,
        slots: Optional[int] = None,
        *,
        preset: Optional[str] = None,
        shingle_size: Optional[int] = None,
        char_shingles: Union[int, bool, None] = None,
        exact_tokens: bool = False,
        seed: Union[int, str] = 0,
    ) -> None:
        self.seed = secrets.randbits(64) if seed == "random" else int(seed)
        self._native = _neardup.sketcher(kind, slots or 0, self.seed)
        self.slots: int = self._native.slots()
        self.bytes = 4 * self.slots
        self._options = plain(
            {
                "sketch": kind,
                "slots": self.slots,
                "preset": preset,
                "shingle_size": shingle_size,
                "char_shingles": char_shingles,
                "exact_tokens": exact_tokens,
                "seed": self.seed,
            }
        )

    def sketch(self, texts: Any) -> Column:
        """The sketches of a column of texts.

        Args:
            texts: a column that hands out Arrow data (pyarrow, polars, pandas 3, ...), or a list
                of str and None.

        Returns:
            A column of fixed_size_binary[bytes], for pyarrow.array() or polars.Series(); a null
            for a null. Texts without words have a sketch that is similar to none.
        """
        if isinstance(texts, (list, tuple)):
            texts = _Texts(texts)
        return call("sketch_bytes", (texts,), self._options)

    def sketch_text(self, text: str) -> bytes:
        """The sketch of one text."""
        sketch: bytes = _neardup.sketch_text(text, self._options)
        return sketch

    def estimate(self, a: bytes, b: bytes) -> float:
        """The similarity of two texts by their sketches, in [0, 1].

        Raises:
            ValueError: a sketch is of another length.
        """
        similarity: float = self._native.estimate(a, b)
        return similarity

    def merge(self, a: bytes, b: bytes) -> bytes:
        """The sketch of all shingles of both texts together.

        Raises:
            UnsupportedError: the kind is "simhash64".
        """
        merged: bytes = self._native.merge(a, b)
        return merged

    def __repr__(self) -> str:
        return f"<neardup.Sketcher: {self.slots} slots, {self.bytes} bytes>"
