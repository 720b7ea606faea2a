# SPDX-License-Identifier: MIT
"""Near-duplicates in datasets of Hugging Face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional, TypeVar

import datasets
import pyarrow
from datasets.fingerprint import Hasher

from . import Result, __version__
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
    - An `IterableDataset` is read twice, once here and again whenever its rows are asked for: it
      must give them in the same order. Texts go to a temporary file meanwhile, not to memory.
    - Of a dict of splits all are looked at together: a text of one split that another has goes,
      too. The split is the `source`, so that `never_drop=["test"]` keeps the test split whole and
      removes from the others what it has.
    """
    if isinstance(dataset, (datasets.DatasetDict, datasets.IterableDatasetDict)):
        return _dedup_splits(dataset, text, options)
    streams = isinstance(dataset, datasets.IterableDataset)
    result = _dedup(_Rows({"": dataset}) if streams else _reader({"": dataset}), text, **options)
    return _keep(dataset, result, 0, len(result), options)


def _dedup_splits(splits: Any, text: Optional[str], options: dict[str, Any]) -> Any:
    streams = isinstance(splits, datasets.IterableDatasetDict)
    options = {"source": _SPLIT, **options}
    rows = _Rows(splits)
    result = _dedup(rows if streams else _reader(splits), text, **options)
    kept = {}
    begin = 0
    for name, dataset in splits.items():
        end = begin + (rows.counts[name] if streams else len(dataset))
        kept[name] = _keep(dataset, result, begin, end, options)
        begin = end
    return type(splits)(kept)


def _keep(dataset: Any, result: Result, begin: int, end: int, options: dict[str, Any]) -> Any:
    """The rows of a dataset that are the result's documents from begin to end."""
    mask = result.mask[begin:end]
    if isinstance(dataset, datasets.IterableDataset):
        return dataset.filter(_is_kept, with_indices=True, fn_kwargs={"mask": bytes(mask)})
    indices = [row for row, stays in enumerate(mask) if stays]
    fingerprint = Hasher.hash(["neardup", __version__, dataset._fingerprint, indices])
    return dataset.select(indices, new_fingerprint=fingerprint)


def _is_kept(row: Any, index: int, mask: bytes) -> bool:
    return bool(mask[index])


def _is_plain(feature: Any) -> bool:
    """Whether a column may be a text, an id, a source or a date, and no image or list."""
    return isinstance(feature, (datasets.Value, datasets.ClassLabel))


def _reader(splits: Any) -> pyarrow.RecordBatchReader:
    """The plain columns of datasets, one after the other, in the order that they show their rows."""
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
        self.counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for split, dataset in self._splits.items():
            self.counts[split] = 0
            for row in dataset:
                self.counts[split] += 1
                plain = {name: value for name, value in row.items() if _is_scalar(value)}
                yield {_SPLIT: split, **plain} if split else plain


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float)) or hasattr(value, "isoformat")
