# SPDX-License-Identifier: MIT
"""Who meets whom: documents that have keys in common, joined chunk by chunk and range by range.

Documents are known by a number of 64 bits, their vertex. Keys are hashes, so that ranges of keys
are of like size. Nothing here grows with a bucket's square: documents with one key become a star.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import Any

import numpy
import pyarrow

from . import _neardup

RANGE_BITS = 10
RANGES = 1 << RANGE_BITS

# Rows that are joined at once: 26 keys a document take 45 MB then, and as much again to sort.
CHUNK_ROWS = 100_000
# Keys of whole ranges that are joined at once.
CHUNK_KEYS = 1 << 22

_SPREAD = numpy.uint64(0x9E3779B97F4A7C15)


def text_keys(texts: Any, options: dict[str, Any]) -> Any:
    """Keys of a column of texts without nulls: uint64 [texts][bands]."""
    pickled = pickle.dumps(options, protocol=5)
    schema, array = _neardup.column("keys", (texts,), pickled)
    column = pyarrow.Array._import_from_c_capsule(schema, array)
    if len(column) == 0:
        return numpy.empty((0, 1), numpy.uint64)
    return numpy.frombuffer(column.buffers()[1], numpy.uint64).reshape(len(column), -1)


def components(count: int, a: Any, b: Any) -> Any:
    """For each of `count` numbers the least one that the edges (a, b) connect it with.

    Hooking and pointer jumping (Shiloach and Vishkin 1982): in each round the roots of both ends
    of all edges take the lesser one, then every number takes its root.
    """
    roots = numpy.arange(count)
    while len(a):
        low = numpy.minimum(roots[a], roots[b])
        numpy.minimum.at(roots, roots[a], low)
        numpy.minimum.at(roots, roots[b], low)
        while True:
            higher = roots[roots]
            if numpy.array_equal(higher, roots):
                break
            roots = higher
        apart = roots[a] != roots[b]
        a, b = a[apart], b[apart]
    return roots


def joined(a: Any, b: Any) -> tuple[Any, Any]:
    """All vertices of the edges (a, b), each with the least vertex of its component."""
    vertices, ends = numpy.unique(numpy.concatenate([a, b]), return_inverse=True)
    roots = components(len(vertices), ends[: len(a)], ends[len(a) :])
    return vertices, vertices[roots]


def _sorted_keys(keys: Any) -> tuple[Any, Any, Any]:
    """Keys in order, where each came from, and whether the one before it is the same."""
    order = numpy.argsort(keys, kind="stable")
    ordered = keys[order]
    is_same = numpy.empty(len(ordered), bool)
    is_same[:1] = False
    numpy.equal(ordered[1:], ordered[:-1], out=is_same[1:])
    return ordered, order, is_same


def join_chunk(vertices: Any, keys: Any) -> tuple[Any, Any, Any, Any]:
    """Joins documents of a chunk.

    Returns:
        The chunk's vertices that were joined, with the root of each, themselves among them; and
        each distinct key, in order, with the root that has it.
    """
    count, bands = keys.shape
    # Documents of one id are one vertex: they meet, wherever they are.
    own = (vertices.view(numpy.uint64) * _SPREAD)[:, None]
    flat = numpy.concatenate([keys, own], axis=1).ravel()
    ordered, order, is_same = _sorted_keys(flat)
    rows = order // (bands + 1)
    later = numpy.flatnonzero(is_same)
    roots = components(count, rows[later - 1], rows[later])
    is_joined = numpy.bincount(roots, minlength=count)[roots] > 1
    first = ~is_same
    owners = vertices[roots[rows[first]]]
    return vertices[is_joined], vertices[roots[is_joined]], ordered[first], owners


def join_keys(keys: Any, owners: Any) -> tuple[Any, Any]:
    """The edges of a star a key, among vertices that have it: a spanning forest of them."""
    _, order, is_same = _sorted_keys(keys)
    sorted_owners = owners[order]
    later = numpy.flatnonzero(is_same)
    a, b = sorted_owners[later - 1], sorted_owners[later]
    apart = a != b
    vertices, roots = joined(a[apart], b[apart])
    is_leaf = vertices != roots
    return vertices[is_leaf], roots[is_leaf]


def range_blobs(keys: Any, owners: Any) -> tuple[Any, Any, Any]:
    """Ordered keys and their owners, cut by range: numbers of ranges, and a binary of each."""
    bounds = numpy.arange(RANGES, dtype=numpy.uint64) << numpy.uint64(64 - RANGE_BITS)
    cuts = numpy.append(numpy.searchsorted(keys, bounds), len(keys))
    return numpy.arange(RANGES), _blobs(keys, cuts), _blobs(owners, cuts)


def _blobs(values: Any, cuts: Any) -> Any:
    offsets = pyarrow.py_buffer((cuts * values.itemsize).astype(numpy.int32))
    bytes_of = pyarrow.py_buffer(numpy.ascontiguousarray(values))
    return pyarrow.Array.from_buffers(
        pyarrow.binary(), len(cuts) - 1, [None, offsets, bytes_of]
    )


def blob(values: Any) -> Any:
    """One binary of all values."""
    return _blobs(values, numpy.array([0, len(values)]))


def unpack(blobs: Iterable[Any], dtype: Any) -> Any:
    """The values of binaries, put together."""
    parts = [numpy.frombuffer(each.as_buffer(), dtype) for each in blobs]
    return numpy.concatenate(parts) if parts else numpy.empty(0, dtype)


def chunks_of(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Tables of some `rows` and more of the batches, one after another."""
    held: list[Any] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pyarrow.Table.from_batches(held)
            held, count = [], 0
    if count:
        yield pyarrow.Table.from_batches(held)
