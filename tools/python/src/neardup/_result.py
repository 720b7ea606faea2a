# SPDX-License-Identifier: MIT
"""The outcome of a run."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any, Union

from ._data import Taken, take
from ._errors import InvalidError
from ._talk import ProgressOption, Talking


class Result:
    """What `dedup` decided about every document, and why."""

    def __init__(self, native: Any, taken: Taken) -> None:
        self._native = native
        self._taken = taken
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._native)

    @cached_property
    def kept(self) -> list[int]:
        """Numbers of the documents to keep, from 0, in their order."""
        return self._native.numbers(True)

    @cached_property
    def removed(self) -> list[int]:
        """Numbers of the other documents."""
        return self._native.numbers(False)

    @cached_property
    def mask(self) -> list[bool]:
        """For every document, whether it is kept."""
        return self._native.mask()

    @cached_property
    def ids(self) -> list[str]:
        """For every document, its id."""
        return self._native.ids()

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The counts of the run."""
        return self._native.summary()

    def filter(self, data: Any = None) -> Any:
        """The rows that are kept, in the caller's own type."""
        taken = self._taken if data is None else take(data)
        if taken.filter is None:
            raise TypeError(taken.why_not)
        if data is not None and hasattr(data, "__len__") and len(data) != len(self):
            raise InvalidError(f"{len(data)} rows, but the result is about {len(self)}")
        return taken.filter(self.mask)

    def write(
        self,
        *outputs: Union[str],
        force: bool = False,
        csv_raw: bool = False,
        progress: ProgressOption = None,
    ) -> None:
        """Writes outputs of the command line, "FORMAT:PATH", all of them or none."""
        options = {"outputs": list(outputs), "force": force, "csv_raw": csv_raw}
        with self._lock, Talking(progress) as talk:
            self._native.write(options, talk)
