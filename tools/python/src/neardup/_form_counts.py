# SPDX-License-Identifier: MIT
"""In how many texts of a corpus shingles stand, counted part by part: what tells forms.

A part is documents of whole components, so that its buckets are those of the corpus. Counters are
numbered at the finest resolution; how many there are is known when all members are.
"""

from __future__ import annotations

import pickle
from typing import Any, NamedTuple

import numpy
import pyarrow

from . import _neardup

SLOT_BITS = 27
CUT_BITS = 10
PER_SOURCE = 64
_FACTOR = numpy.uint64(0x9E3779B97F4A7C15)
_MOST = numpy.uint64(2**64 - 1)


class Shares(NamedTuple):
    """What a part gives.

    Attributes:
        sources: names, each once; with how many members and others each has.
        slots, counts: counters that members add to, and how much.
        candidates: others that may be counted: source, hash of the text, its slots as bytes.
    """

    sources: list[str]
    members: Any
    others: Any
    slots: Any
    counts: Any
    candidates: list[tuple[str, int, bytes]]


def call(name: str, columns: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A column that the library makes of columns."""
    schema, array = _neardup.column(name, columns, pickle.dumps(options, protocol=5))
    return pyarrow.Array._import_from_c_capsule(schema, array)


def slots_of(texts: Any, options: dict[str, Any]) -> tuple[Any, Any]:
    """Counters that texts add to: one after another, and where those of each text begin."""
    shingles = call("form_shingles", (texts,), options)
    _, offsets, values = shingles.buffers()
    starts = numpy.frombuffer(offsets, numpy.int64)[: len(shingles) + 1] // 8
    hashes = numpy.frombuffer(values, numpy.uint64)[: starts[-1]]
    slots = (hashes * _FACTOR) >> numpy.uint64(64 - SLOT_BITS)
    return slots.astype(numpy.uint32), starts


def tally(slots: Any, counts: Any = None) -> tuple[Any, Any]:
    """Counters in order, each once, with what is added to it: no more than 255."""
    distinct, places = numpy.unique(slots, return_inverse=True)
    sums = numpy.bincount(places, weights=counts, minlength=len(distinct))
    return distinct, numpy.minimum(sums, 255).astype(numpy.uint8)


def limits(others: Any) -> Any:
    """Up to which hash texts are chosen of sources with so many others."""
    return _MOST // (others.astype(numpy.uint64) // numpy.uint64(PER_SOURCE) + numpy.uint64(1))


def share(
    texts: Any, names: list[str], hashes: Any, is_member: Any, may_count: Any, options: Any
) -> Shares:
    """What distinct texts give: a column of them, their sources and hashes, and what they are.

    Of a source no more others are candidates than would be chosen if it had no others elsewhere.
    """
    sources, places = numpy.unique(numpy.array(names, object), return_inverse=True)
    members = numpy.bincount(places, weights=is_member, minlength=len(sources)).astype(int)
    others = numpy.bincount(places, minlength=len(sources)) - members
    slots, _ = slots_of(texts.filter(pyarrow.array(is_member)), options)
    is_candidate = may_count & ~is_member & (hashes <= limits(others)[places])
    chosen = numpy.flatnonzero(is_candidate)
    of_chosen, starts = slots_of(texts.take(pyarrow.array(chosen)), options)
    candidates = [
        (names[row], int(hashes[row]), of_chosen[starts[i] : starts[i + 1]].tobytes())
        for i, row in enumerate(chosen)
    ]
    return Shares(list(sources), members, others, *tally(slots), candidates)


def fold(slots: Any, counts: Any, bits: int) -> tuple[Any, Any]:
    """Counters as there are 2^bits of them."""
    return tally(slots >> numpy.uint32(SLOT_BITS - bits), counts)


def cut(slots: Any, counts: Any, bits: int) -> list[tuple[int, bytes, bytes]]:
    """Counters in order, by ranges of their numbers, each range in one piece."""
    bounds = numpy.arange((1 << CUT_BITS) + 1, dtype=numpy.uint64) << numpy.uint64(bits - CUT_BITS)
    cuts = numpy.searchsorted(slots, bounds)
    return [
        (number, slots[begin:end].tobytes(), counts[begin:end].tobytes())
        for number, (begin, end) in enumerate(zip(cuts, cuts[1:]))
        if begin < end
    ]


class Counters:
    """The counters of one range, of members and of others."""

    def __init__(self, bits: int) -> None:
        self._mask = numpy.uint32((1 << (bits - CUT_BITS)) - 1)
        self._sums = numpy.zeros((2, 1 << (bits - CUT_BITS)), numpy.uint32)

    def add(self, is_member: bool, slots: bytes, counts: bytes) -> None:
        """Adds a piece, whose slots are distinct."""
        places = numpy.frombuffer(slots, numpy.uint32) & self._mask
        self._sums[0 if is_member else 1, places] += numpy.frombuffer(counts, numpy.uint8)

    def bytes(self) -> bytes:
        """What others have counts only where members have it."""
        members, others = self._sums
        sums = numpy.where(members > 0, members + others, 0)
        return numpy.minimum(sums, 255).astype(numpy.uint8).tobytes()
