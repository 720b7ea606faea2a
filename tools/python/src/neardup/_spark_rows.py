# SPDX-License-Identifier: MIT
"""Rows of a partition on their way to the library, in the worker of Spark that has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow

from . import _neardup
from ._data import take
from ._options import resolve
from ._talk import Talking


class Part:
    """Documents of whole components, in their order.

    Attributes:
        ids: of the rows, as they are; once all are read.
        batches: the rows.
    """

    def __init__(self, batches: Iterator[Any], columns: dict[str, str], options: Any) -> None:
        self._id_column = columns["id"]
        given = {"spans": True, **options, **columns}
        self._options = resolve({**given, "allow_empty_guard": True, "threads": 1})
        self.batches = list(batches)

    def _readable(self, batch: Any) -> Any:
        """With ids as texts."""
        place = batch.schema.get_field_index(self._id_column)
        ids = batch.column(place).cast(pyarrow.string())
        return batch.set_column(place, self._id_column, ids)

    def _open(self, talk: Any) -> Any:
        batches = [self._readable(batch) for batch in self.batches]
        reader = pyarrow.RecordBatchReader.from_batches(batches[0].schema, batches)
        return take(reader).open(self._options, talk)

    def column(self, name: str) -> Any:
        """A column of all rows."""
        columns = [batch.column(batch.schema.get_field_index(name)) for batch in self.batches]
        return pyarrow.chunked_array(columns).combine_chunks()

    def dedup(self, frequencies: Any) -> Any:
        """The verdicts, under counts of the whole corpus, or None where nothing is counted."""
        options = {**self._options, "frequencies": frequencies}
        with Talking(None) as talk:
            native = _neardup.dedup(self._open(talk), options, talk)
        capsule = native.stream()
        return pyarrow.RecordBatchReader._import_from_c_capsule(capsule).read_all()

    def form_texts(self) -> list[tuple[int, bool, bool, int, str]]:
        """The distinct texts: row, whether a member, whether it may count, hash, source."""
        with Talking(None) as talk:
            texts: list[Any] = _neardup.form_texts(self._open(talk), self._options, talk)
        return texts
