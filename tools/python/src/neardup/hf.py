# SPDX-License-Identifier: MIT
"""Near-duplicates in datasets of Hugging Face."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator
from typing import Any, Optional, TypeVar

import datasets
import pyarrow
from datasets.fingerprint import Hasher

from . import ChangedError, Result, __version__
from . import dedup as _dedup

_ROWS = 1000  # read together
_SPLIT = "split"  # where the name of its split stands beside a row

Data = TypeVar(
    "Data",
    datasets.Dataset,
    datasets.IterableDataset,
    datasets.DatasetDict,
    datasets.IterableDatasetDict,
)


def dedup(dataset: Data, text: Optional[str] = None, **options: Any) -> Data:
    """The dataset without its near-duplicates, as a dataset of the same kind and features.

    Options are those of `neardup.dedup`. The fingerprint of the outcome follows from the dataset's
    own and from the options, so that later steps find what they cached.

    - A `Dataset` is read where it is mapped, and what stays is a selection: no row is copied.
    - An `IterableDataset` is read here, and again whenever its rows are asked for: it must give
      them in the same order. Texts go to a temporary file meanwhile, not to memory. Rows are known
      by their place, so that what comes back is one shard: shuffle it by its buffer.
    - Of a dict of splits all are looked at together: a text of one split that another has goes,
      too. The split is the `source`, so that `never_drop=["test"]` keeps the test split whole and
      removes from the others what it has.
    """
    if isinstance(dataset, (datasets.DatasetDict, datasets.IterableDatasetDict)):
        return _dedup_dict(dataset, text, options)
    return _dedup_splits({"": dataset}, text, options)[""]


def _dedup_dict(splits: Any, text: Optional[str], options: dict[str, Any]) -> Any:
    return type(splits)(_dedup_splits(splits, text, {"source": _SPLIT, **options}))


def _dedup_splits(splits: Any, text: Optional[str], options: dict[str, Any]) -> dict[str, Any]:
    streams = isinstance(next(iter(splits.values())), datasets.IterableDataset)
    rows = _Rows(splits)
    result: Result = _dedup(rows if streams else _reader(splits), text, **options)
    kept: dict[str, Any] = {}
    begin = 0
    for name, dataset in splits.items():
        end = begin + (len(rows.marks[name]) if streams else len(dataset))
        mask = bytes(result.mask[begin:end])
        kept[name] = _pass(dataset, mask, rows.marks[name]) if streams else _select(dataset, mask)
        begin = end
    return kept


def _select(dataset: Any, mask: bytes) -> Any:
    indices = [row for row, stays in enumerate(mask) if stays]
    fingerprint = Hasher.hash(["neardup", __version__, dataset._fingerprint, indices])
    return dataset.select(indices, new_fingerprint=fingerprint)


def _pass(dataset: Any, mask: bytes, marks: array[int]) -> Any:
    given = {"dataset": dataset, "mask": mask, "marks": marks}
    named = {} if dataset.split is None else {"split": dataset.split}
    return datasets.IterableDataset.from_generator(
        _kept_rows, features=dataset.features, gen_kwargs=given, **named
    )


def _kept_rows(dataset: Any, mask: bytes, marks: array[int]) -> Iterator[dict[str, Any]]:
    """Images and sounds pass as they are, to be decoded behind."""
    raw = dataset.decode(False) if dataset.features else dataset
    for number, row in enumerate(raw):
        if number >= len(mask) or _mark(row) != marks[number]:
            raise ChangedError(f"row {number} of the dataset is not what it was when it was read")
        if mask[number]:
            yield row


def _mark(row: dict[str, Any]) -> int:
    """Tells whether a row is still the same, by its strings."""
    mark = 0
    for value in row.values():
        if isinstance(value, str):
            mark = zlib.crc32(value.encode("utf-8", "surrogatepass"), mark)
    return mark


def _is_plain(feature: Any) -> bool:
    """Whether a column may be a text, an id, a source or a date, and no image or list."""
    return isinstance(feature, (datasets.Value, datasets.ClassLabel))


def _reader(splits: Any) -> pyarrow.RecordBatchReader:
    """The plain columns of datasets, one after the other, their rows in the order they show."""
    first = next(iter(splits.values()))
    names = [name for name, feature in first.features.items() if _is_plain(feature)]
    schema = first.select_columns(names).features.arrow_schema.remove_metadata()
    named = _SPLIT not in names and "" not in splits
    if named:
        schema = schema.append(pyarrow.field(_SPLIT, pyarrow.string()))

    def batches() -> Iterator[pyarrow.RecordBatch]:
        for split, dataset in splits.items():
            for rows in dataset.select_columns(names).with_format("arrow").iter(_ROWS):
                if named:
                    rows = rows.append_column(_SPLIT, pyarrow.array([split] * len(rows)))
                yield from rows.cast(schema).to_batches()

    return pyarrow.RecordBatchReader.from_batches(schema, batches())


class _Rows:
    """The rows of streamed datasets, one after the other, as dicts; what is no text or number is
    left out."""

    def __init__(self, splits: Any) -> None:
        self._splits = splits
        self.marks: dict[str, array[int]] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.marks = {split: array("I") for split in self._splits}
        for split, dataset in self._splits.items():
            for row in dataset.decode(False) if dataset.features else dataset:
                self.marks[split].append(_mark(row))
                plain = {name: value for name, value in row.items() if _is_scalar(value)}
                yield {_SPLIT: split, **plain} if split else plain


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float)) or hasattr(value, "isoformat")
