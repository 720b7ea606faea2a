# SPDX-License-Identifier: MIT
"""Counts of the whole corpus for forms, by Spark: members first, then others of their sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Optional

import numpy
import pyarrow
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from . import _form_counts, _meetings, _neardup
from ._spark_rows import Part

# Sources with how many members and others they have; what members add; candidates.
_SOURCE, _MEMBERS, _CANDIDATE = range(3)
SHARES = (
    "kind int, source string, hash bigint, members bigint, others bigint, "
    "slots binary, counts binary"
)
_PIECES = "cut int, is_member boolean, slots binary, counts binary"
_COUNTERS = "cut int, counters binary"

# Components of fewer vertices have no members.
FORM_LEAST = 5


def _rows(schema: list[str], rows: list[tuple[Any, ...]], types: list[Any]) -> Any:
    columns = list(zip(*rows)) or [()] * len(schema)
    arrays = [pyarrow.array(values, kind) for values, kind in zip(columns, types)]
    return pyarrow.RecordBatch.from_arrays(arrays, schema)


_SHARE_NAMES = ["kind", "source", "hash", "members", "others", "slots", "counts"]
_SHARE_TYPES = [
    pyarrow.int32(), pyarrow.string(), pyarrow.int64(), pyarrow.int64(), pyarrow.int64(),
    pyarrow.binary(), pyarrow.binary(),
]


def _share_rows(shares: _form_counts.Shares) -> Any:
    rows: list[tuple[Any, ...]] = [
        (_SOURCE, name, None, int(members), int(others), None, None)
        for name, members, others in zip(shares.sources, shares.members, shares.others)
    ]
    slots, counts = shares.slots.tobytes(), shares.counts.tobytes()
    if slots:
        rows.append((_MEMBERS, None, None, None, None, slots, counts))
    for name, hash_, taken in shares.candidates:
        signed = int(numpy.uint64(hash_).astype(numpy.int64))
        rows.append((_CANDIDATE, name, signed, None, None, taken, None))
    return _rows(_SHARE_NAMES, rows, _SHARE_TYPES)


def share_of_part(columns: dict[str, str], options: Any, key_options: Any) -> Any:
    """For mapInArrow over whole components."""

    def share(batches: Iterator[Any]) -> Iterator[Any]:
        part = Part(batches, columns, options)
        if not part.batches:
            return
        rows, is_member, may_count, hashes, names = zip(*part.form_texts())
        texts = part.column(columns["text"]).take(pyarrow.array(rows))
        yield _share_rows(
            _form_counts.share(
                texts,
                list(names),
                numpy.array(hashes, numpy.uint64),
                numpy.array(is_member),
                numpy.array(may_count),
                key_options,
            )
        )

    return share


def share_of_others(key_options: Any) -> Any:
    """For mapInArrow over documents that meet nobody: _text, _source, _url."""

    def share(batches: Iterator[Any]) -> Iterator[Any]:
        for table in _meetings.chunks_of(batches, _meetings.CHUNK_ROWS):
            texts, source, url = (
                table.column(name).combine_chunks() for name in ("_text", "_source", "_url")
            )
            names = _form_counts.call("source_name", (source, url), {}).to_pylist()
            hashes = _form_counts.call("text_hash", (texts,), {}).to_numpy()
            nothing = numpy.zeros(len(names), bool)
            yield _share_rows(
                _form_counts.share(texts, names, hashes, nothing, ~nothing, key_options)
            )

    return share


def _choose(batches: Iterator[Any]) -> Iterator[Any]:
    """Candidates that are chosen, now that all others of their sources are counted."""
    for table in _meetings.chunks_of(batches, _meetings.CHUNK_ROWS):
        hashes = table.column("hash").to_numpy().view(numpy.uint64)
        limits = _form_counts.limits(table.column("all_others").to_numpy())
        chosen = table.column("slots").filter(pyarrow.array(hashes <= limits))
        slots = _meetings.unpack(chosen, numpy.uint32)
        values = [each.tobytes() for each in _form_counts.tally(slots)]
        rows = [(_CANDIDATE, None, None, None, None, *values)]
        yield _rows(_SHARE_NAMES, rows, _SHARE_TYPES)


def _cut(bits: int) -> Any:
    def cut(batches: Iterator[Any]) -> Iterator[Any]:
        types = [pyarrow.int32(), pyarrow.bool_(), pyarrow.binary(), pyarrow.binary()]
        for batch in batches:
            for row in batch.to_pylist():
                slots = numpy.frombuffer(row["slots"], numpy.uint32)
                counts = numpy.frombuffer(row["counts"], numpy.uint8)
                pieces = _form_counts.cut(*_form_counts.fold(slots, counts, bits), bits)
                rows = [(each[0], row["kind"] == _MEMBERS, *each[1:]) for each in pieces]
                yield _rows(["cut", "is_member", "slots", "counts"], rows, types)

    return cut


def _sum(bits: int) -> Any:
    """Pieces come ordered by range."""

    def row(number: int, counters: Any) -> Any:
        types = [pyarrow.int32(), pyarrow.binary()]
        return _rows(["cut", "counters"], [(number, counters.bytes())], types)

    def add(batches: Iterator[Any]) -> Iterator[Any]:
        pieces = (piece for batch in batches for piece in batch.to_pylist())
        for number, of_range in groupby(pieces, itemgetter("cut")):
            counters = _form_counts.Counters(bits)
            for piece in of_range:
                counters.add(piece["is_member"], piece["slots"], piece["counts"])
            yield row(number, counters)

    return add


def _put_together(bits: int) -> Any:
    """All counters in one row, of at most 128 MiB."""

    def put(batches: Iterator[Any]) -> Iterator[Any]:
        size = 1 << (bits - _form_counts.CUT_BITS)
        counters = numpy.zeros((1 << _form_counts.CUT_BITS, size), numpy.uint8)
        for batch in batches:
            for row in batch.to_pylist():
                counters[row["cut"]] = numpy.frombuffer(row["counters"], numpy.uint8)
        types = [pyarrow.int32(), pyarrow.binary()]
        yield _rows(["cut", "counters"], [(0, counters.tobytes())], types)

    return put


def count(shares: DataFrame, of_others: Any, checkpoint: Any) -> Optional[bytes]:
    """The counters, one a byte; None where there are no members.

    Args:
        shares: of whole components.
        of_others: given the sources that have members, the shares of all other documents.
        checkpoint: makes a DataFrame once.
    """
    sums = shares.where(f"kind = {_SOURCE}").agg(F.sum("members")).collect()
    members = sums[0][0] or 0
    if members == 0:
        return None
    bits = _neardup.form_counter_bits(members)
    has_members = shares.where(f"kind = {_SOURCE} and members > 0").select("source").distinct()
    everything = shares.union(checkpoint(of_others(has_members)))
    totals = everything.where(f"kind = {_SOURCE}").groupBy("source").agg(
        F.sum("members").alias("all_members"), F.sum("others").alias("all_others")
    )
    candidates = everything.where(f"kind = {_CANDIDATE}").join(
        totals.where("all_members > 0"), "source"
    )
    chosen = candidates.select("hash", "slots", "all_others").mapInArrow(_choose, SHARES)
    tallies = shares.where(f"kind = {_MEMBERS}").union(chosen).select("kind", "slots", "counts")
    pieces = tallies.mapInArrow(_cut(bits), _PIECES).repartition("cut")
    summed = pieces.sortWithinPartitions("cut").mapInArrow(_sum(bits), _COUNTERS)
    counters: bytes = (
        summed.coalesce(1).mapInArrow(_put_together(bits), _COUNTERS).collect()[0]["counters"]
    )
    return bytes(counters)
