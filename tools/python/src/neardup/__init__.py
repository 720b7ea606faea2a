# SPDX-License-Identifier: MIT
"""Finds repeated and near-repeated text."""

from __future__ import annotations

from typing import Any, Optional

from . import _neardup
from ._data import take
from ._errors import (
    CancelledError,
    ChangedError,
    CorruptError,
    Error,
    ExistsError,
    InputError,
    InvalidError,
    LimitError,
    NotFoundError,
    OutOfMemoryError,
    UnsupportedError,
    VersionError,
)
from ._result import Result
from ._talk import Progress, ProgressOption, Talking

__version__: str = _neardup.version()


def dedup(
    data: Any, text: Optional[str] = None, *, progress: ProgressOption = None, **options: Any
) -> Result:
    """Decides which documents to keep."""
    taken = take(data)
    values = {"text": text, **options}
    with Talking(progress) as talk:
        corpus = taken.open(values, talk)
        return Result(_neardup.dedup(corpus, values, talk), taken)
