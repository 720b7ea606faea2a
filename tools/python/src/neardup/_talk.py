# SPDX-License-Identifier: MIT
"""What a run says on its way: progress, problems with single inputs, notices."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, Callable, NamedTuple, Optional, Union

from ._errors import own_words

log = logging.getLogger("neardup")


class Progress(NamedTuple):
    """Where a run stands.

    Units: done and total are bytes while reading ("read") and writing ("write"), bands while
    candidates are looked for ("bucket"), documents while they are compared ("verify"); total is 0
    where it is unknown.
    """

    stage: str
    done: int
    total: int
    documents: int


ProgressOption = Union[bool, None, Callable[[Progress], Any]]


class Talk:
    """Passes problems and notices to logging, and progress to whoever asked for it."""

    def __init__(self, show: Optional[Callable[[Progress], Any]] = None) -> None:
        self._show = show

    def progress(self, stage: str, done: int, total: int, documents: int) -> Any:
        """Returns False to cancel."""
        if self._show is None:
            return True
        return self._show(Progress(stage, done, total, documents))

    def problem(
        self, status: str, skipped: bool, path: Optional[str], line: int, offset: int, message: str
    ) -> None:
        """Something wrong with one document or file that did not stop the run."""
        place = path or "document"
        if line:
            place += f":{line}"
        log.warning("%s: %s%s", place, own_words(message), " (skipped)" if skipped else "")

    def notice(self, message: str) -> None:
        """A line for a person."""
        log.info("%s", own_words(message))

    def forecast(self, documents: int, memory: int, available: int, seconds: float) -> None:
        """What a long run will take."""
        level = logging.WARNING if 0 < available < memory else logging.INFO
        log.log(
            level,
            "about %d documents, %.0f MiB of memory (%.0f available), %.0f s",
            documents,
            memory / 2**20,
            available / 2**20,
            seconds,
        )


class _Line:
    """Progress as one line of standard error, for terminals without tqdm."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._length = 0

    def __call__(self, now: Progress) -> None:
        share = f" {100 * now.done / now.total:3.0f} %" if now.total else ""
        seconds = time.monotonic() - self._begin
        self._print(f"{now.stage}{share}, {now.documents:,} documents, {seconds:.0f} s")

    def _print(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)

    def close(self) -> None:
        if self._length:
            self._print("")
            sys.stderr.write("\r")


class _Bar:
    """Progress by tqdm, a bar a stage."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, now: Progress) -> None:
        if now.stage != self._stage:
            self.close()
            self._stage = now.stage
            in_bytes = now.stage in ("read", "audit", "write")
            unit = "B" if in_bytes else ""
            total = now.total or None
            self._bar = self._tqdm(desc=now.stage, total=total, unit=unit, unit_scale=True)
        self._bar.update(now.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _default_display() -> Union[_Line, _Bar]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line()
    return _Bar(tqdm)


class Talking:
    """A talk for the time of a `with` block, which closes what it has drawn."""

    def __init__(self, progress: ProgressOption) -> None:
        self._display = _default_display() if progress is True else None
        if progress in (None, False):
            self._show: Optional[Callable[[Progress], Any]] = None
        elif progress is True:
            self._show = self._display
        elif callable(progress):
            self._show = progress
        else:
            kind = type(progress).__name__
            raise TypeError(f"progress must be True or a function of a Progress, not {kind}")

    def __enter__(self) -> Talk:
        return Talk(self._show)

    def __exit__(self, *_: object) -> None:
        if self._display is not None:
            self._display.close()
