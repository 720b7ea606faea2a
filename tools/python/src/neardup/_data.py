# SPDX-License-Identifier: MIT
"""What callers have: how documents are got from it, and how it is filtered afterwards.

Nothing is imported that the caller has not imported: a type is known by the names of its classes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, compress, groupby
from typing import Any, Callable, NamedTuple, Optional

from . import _neardup
from ._errors import InvalidError, NotFoundError
from ._talk import Talk

TEXT_NAMES = ("text", "content", "body")


class Taken(NamedTuple):
    """Data as it was understood.

    Attributes:
        open: makes a corpus, given the options of inputs and whom to tell.
        filter: what the caller gets of the rows that a mask has True for; None where the data
            cannot be read again.
        is_rows: whether row i of the data is document i.
        why_not: where there is no filter, what to do instead.
    """

    open: Callable[[dict[str, Any], Talk], Any]
    filter: Optional[Callable[[list[bool]], Any]]
    is_rows: bool = True
    why_not: str = ""

    def choose(self, mask: list[bool]) -> Any:
        """The rows that stay."""
        if self.filter is None:
            raise TypeError(self.why_not)
        return self.filter(mask)


def take(data: Any) -> Taken:
    """Finds out what the data is."""
    for is_one, taker in _TAKERS:
        if is_one(data):
            return taker(data)
    raise TypeError(
        f"no documents can be got from a {type(data).__name__}: give a list of str or of dicts, "
        "paths, or a table or column of pyarrow, polars, pandas, DuckDB or Hugging Face datasets"
    )


def filter_rows(data: Any, mask: list[bool]) -> Any:
    """The rows that the mask has True for, as the caller's own type; rows may be anything."""
    if hasattr(data, "__len__") and len(data) != len(mask):
        raise InvalidError(f"{len(data):,} rows, but the result is about {len(mask):,}")
    if isinstance(data, (list, tuple)):
        return type(data)(compress(data, mask))
    return take(data).choose(mask)


def _is_of(data: Any, package: str, *names: str) -> bool:
    """Whether a class of the data, or one it is derived from, is the package's of one name."""
    return any(
        each.__name__ in names and each.__module__.partition(".")[0] == package
        for each in type(data).__mro__
    )


# Paths


def _is_path(data: Any) -> bool:
    return isinstance(data, (str, os.PathLike))


def _take_paths(paths: list[Any]) -> Taken:
    names = [os.fsencode(path) for path in paths]
    return Taken(
        lambda options, talk: _neardup.open_paths(names, options, talk),
        None,
        is_rows=False,
        why_not='the documents stand in files: write them, with write("jsonl:kept.jsonl") or '
        'write("tree:kept/")',
    )


def _take_path(path: Any) -> Taken:
    if isinstance(path, str) and not os.path.exists(path):
        shown = path if len(path) <= 60 else path[:57] + "..."
        raise NotFoundError(
            f"{shown!r} is no file or folder. One text has no duplicates; several are given as a "
            "list of str"
        )
    return _take_paths([path])


# Rows of Python's own


def _take_texts(data: Any, texts: Iterable[Optional[str]]) -> Taken:
    return Taken(
        lambda options, talk: _neardup.open_texts(texts, options, talk), *_filter_rows(data)
    )


def _filter_rows(data: Any) -> tuple[Optional[Callable[[list[bool]], Any]], bool, str]:
    if isinstance(data, Iterator):
        why_not = "what came of an iterator is gone: give filter() the rows, as a list"
        return None, True, why_not
    kind = tuple if isinstance(data, tuple) else list
    return lambda mask: kind(compress(data, mask)), True, ""


def _json_value(value: Any) -> Any:
    """What JSON has no form for: dates as ISO 8601, numbers of NumPy as numbers."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


class _Records:
    """Rows as JSON lines, each with a text, so that row i becomes document i."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], text: Optional[str]) -> None:
        self._rows = rows
        self._text = text
        self._names: dict[str, None] = {}
        self._has_text = False

    def __iter__(self) -> Iterator[bytes]:
        number = -1
        for number, row in enumerate(self._rows):
            yield self._line(number, {} if row is None else row)
        if number >= 0 and not self._has_text:
            wanted = self._text or "text, content or body"
            there = ", ".join(self._names) or "no members"
            raise NotFoundError(f"no row has {wanted}; there are {there}")

    def _line(self, number: int, row: Any) -> bytes:
        if not isinstance(row, Mapping):
            raise TypeError(f"row {number} must be a dict, not {type(row).__name__}")
        name = self._text or next((name for name in TEXT_NAMES if name in row), TEXT_NAMES[0])
        if not self._check(number, row, name):
            row = {**row, name: None}
        line = json.dumps(row, ensure_ascii=False, default=_json_value)
        return line.encode("utf-8", "surrogatepass")

    def _check(self, number: int, row: Mapping[str, Any], name: str) -> bool:
        """Whether the row has the member, which may be a path such as page.body."""
        value: Any = row
        for part in [name] if name in row else name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                if len(self._names) < 20:
                    self._names.update(dict.fromkeys(map(str, row)))
                return False
            value = value[part]
        if value is not None and not isinstance(value, (str, list, int, float)):
            raise TypeError(
                f"row {number}: {name} must be a str or None, not {type(value).__name__}"
            )
        self._has_text = True
        return True


def _take_records(data: Any, rows: Iterable[Mapping[str, Any]]) -> Taken:
    def open_them(options: dict[str, Any], _: Talk) -> Any:
        return _neardup.open_records(_Records(rows, options.get("text")), options)

    return Taken(open_them, *_filter_rows(data))


def _take_iterable(data: Any) -> Taken:
    rows = iter(data)
    nulls: list[Any] = []
    first = None
    for first in rows:
        if first is not None:
            break
        nulls.append(first)
    again = chain(nulls, [] if first is None else [first], rows) if rows is data else data
    if first is None or isinstance(first, str):
        return _take_texts(data, again)
    if isinstance(first, Mapping):
        return _take_records(data, again)
    if isinstance(first, os.PathLike):
        return _take_paths(list(again))
    raise TypeError(f"rows must be str, dicts or paths, not {type(first).__name__}")


def _is_iterable(data: Any) -> bool:
    return isinstance(data, Iterable) and not isinstance(data, (bytes, bytearray, Mapping))


# Tables and columns of other libraries


def _take_array(data: Any) -> Taken:
    """numpy.ndarray of one dimension."""
    import numpy

    if data.ndim != 1:
        raise InvalidError(f"an array of {data.ndim} dimensions, must be one of texts")
    texts = (None if each is None or each != each else each for each in data)
    return Taken(
        lambda options, talk: _neardup.open_texts(texts, options, talk),
        lambda mask: data[numpy.array(mask, dtype=bool)],
    )


def _open_arrow(data: Any) -> Callable[[dict[str, Any], Talk], Any]:
    if hasattr(data, "__arrow_c_stream__"):
        return lambda options, talk: _neardup.open_stream(data.__arrow_c_stream__(), options, talk)

    def open_array(options: dict[str, Any], talk: Talk) -> Any:
        schema, array = data.__arrow_c_array__()
        return _neardup.open_array(schema, array, options, talk)

    return open_array


def _is_arrow(data: Any) -> bool:
    return hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")


def _filter_arrow(data: Any, mask: list[bool]) -> Any:
    """Rows of what pyarrow has. Of views of strings it can filter none, but put slices together."""
    import pyarrow

    try:
        return data.filter(pyarrow.array(mask, pyarrow.bool_()))
    except pyarrow.ArrowNotImplementedError:
        grouped = groupby(range(len(mask)), mask.__getitem__)
    runs = [list(numbers) for is_kept, numbers in grouped if is_kept]
    slices = [data.slice(run[0], len(run)) for run in runs] or [data.slice(0, 0)]
    if isinstance(data, pyarrow.Table):
        return pyarrow.concat_tables(slices)
    if isinstance(data, pyarrow.RecordBatch):
        return pyarrow.concat_batches(slices)
    if isinstance(data, pyarrow.ChunkedArray):
        chunks = [chunk for each in slices for chunk in each.chunks]
        return pyarrow.chunked_array(chunks, data.type)
    return pyarrow.concat_arrays(slices)


def _take_arrow(data: Any) -> Taken:
    """Whatever has the PyCapsule interface; a table comes back as one of pyarrow."""

    def filter_rows(mask: list[bool]) -> Any:
        try:
            import pyarrow
        except ImportError:
            kind = type(data).__name__
            raise TypeError(
                f"rows of a {kind} can be chosen with pyarrow, which is not installed"
            ) from None
        return _filter_arrow(data if hasattr(data, "filter") else pyarrow.table(data), mask)

    return Taken(_open_arrow(data), filter_rows)


def _take_reader(data: Any) -> Taken:
    """pyarrow.RecordBatchReader."""
    why_not = "what came of a reader is gone: give filter() the rows, as a table"
    return Taken(_open_arrow(data), None, why_not=why_not)


def _take_arrow_dataset(data: Any) -> Taken:
    """pyarrow.dataset.Dataset, whose rows stay in memory in the order in which they came."""
    import pyarrow
    import pyarrow.dataset

    table = data.to_table()

    def filter_rows(mask: list[bool]) -> Any:
        return pyarrow.dataset.dataset(_filter_arrow(table, mask))

    return Taken(_open_arrow(table), filter_rows)


def _take_polars(data: Any) -> Taken:
    import polars

    frame = data.collect() if _is_of(data, "polars", "LazyFrame") else data

    def filter_rows(mask: list[bool]) -> Any:
        kept = frame.filter(polars.Series(mask, dtype=polars.Boolean))
        return kept if frame is data else kept.lazy()

    return Taken(_open_arrow(frame), filter_rows)


def _take_pandas(data: Any) -> Taken:
    import numpy

    def filter_rows(mask: list[bool]) -> Any:
        return data.loc[numpy.array(mask, dtype=bool)]

    if _is_arrow(data) and _has_pyarrow():
        return Taken(_open_arrow(data), filter_rows)
    if data.ndim == 1:
        return Taken(_take_array(data.to_numpy()).open, filter_rows)
    rows = data.astype(object).where(data.notna(), None).to_dict("records")
    return Taken(_take_records(rows, rows).open, filter_rows)


def _has_pyarrow() -> bool:
    try:
        import pyarrow
    except ImportError:
        return False
    return pyarrow is not None


def _take_relation(data: Any) -> Taken:
    """A relation of DuckDB, whose rows may come in another order when it is asked again."""
    import duckdb

    table = data.to_arrow_table() if hasattr(data, "to_arrow_table") else data.fetch_arrow_table()

    def filter_rows(mask: list[bool]) -> Any:
        return duckdb.from_arrow(_filter_arrow(table, mask))

    return Taken(_open_arrow(table), filter_rows)


def _take_hugging_face(data: Any) -> Taken:
    """datasets.Dataset."""
    table = data.with_format("arrow")[:]

    def filter_rows(mask: list[bool]) -> Any:
        return data.select([number for number, is_kept in enumerate(mask) if is_kept])

    return Taken(_open_arrow(table), filter_rows)


def _take_mapping(data: Any) -> Taken:
    names = ", ".join(map(repr, list(data)[:4]))
    raise TypeError(
        f"a {type(data).__name__} is no table: of one that holds several ({names}), give one; one "
        "record is no corpus"
    )


_Taker = Callable[[Any], Taken]
_TAKERS: list[tuple[Callable[[Any], bool], _Taker]] = [
    (_is_path, _take_path),
    (lambda data: _is_of(data, "pandas", "DataFrame", "Series"), _take_pandas),
    (lambda data: _is_of(data, "polars", "DataFrame", "LazyFrame", "Series"), _take_polars),
    (lambda data: _is_of(data, "pyarrow", "Dataset"), _take_arrow_dataset),
    (lambda data: _is_of(data, "pyarrow", "RecordBatchReader"), _take_reader),
    (lambda data: _is_of(data, "duckdb", "DuckDBPyRelation"), _take_relation),
    (lambda data: _is_of(data, "_duckdb", "DuckDBPyRelation"), _take_relation),
    (lambda data: _is_of(data, "datasets", "Dataset"), _take_hugging_face),
    (_is_arrow, _take_arrow),
    (lambda data: _is_of(data, "numpy", "ndarray"), _take_array),
    (lambda data: isinstance(data, Mapping), _take_mapping),
    (_is_iterable, _take_iterable),
]
