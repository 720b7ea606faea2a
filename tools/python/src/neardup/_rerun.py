# SPDX-License-Identifier: MIT
"""Runs whose outputs are written while they run: to write others, they run once more."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Callable, Union

from ._options import str_list
from ._talk import ProgressOption, Talk, Talking


class Rerun:
    """A run that can be repeated, with the same options and the same outcome."""

    def __init__(self, run: Callable[[dict[str, Any], Talk], Any], options: dict[str, Any]) -> None:
        self._run = run
        self._options = options
        self._lock = threading.Lock()

    def first(
        self, outputs: Union[str, Sequence[str], None], force: bool, csv_raw: bool, talk: Talk
    ) -> dict[str, Any]:
        """The run itself, with its rows and what it writes."""
        written = [] if outputs is None else str_list("outputs", outputs)
        wanted = {"outputs": written, "force": force, "csv_raw": csv_raw}
        answer: dict[str, Any] = self._run({**self._options, **wanted}, talk)
        return answer

    def __call__(
        self, outputs: list[str], force: bool, csv_raw: bool, progress: ProgressOption
    ) -> None:
        """Writes outputs, and nothing else."""
        wanted = {
            "outputs": str_list("outputs", outputs),
            "force": force,
            "csv_raw": csv_raw,
            "only_write": True,
        }
        with self._lock, Talking(progress) as talk:
            self._run({**self._options, **wanted}, talk)
