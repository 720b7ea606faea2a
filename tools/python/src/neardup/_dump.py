# SPDX-License-Identifier: MIT
"""Dumps of indexes: files, and lines of them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Callable, Optional, Protocol, Union

from ._errors import CancelledError, CorruptError, ExistsError, NotFoundError
from ._talk import Talk

# Lines that are loaded together.
_TOGETHER = 1000

_Dump = Callable[[Callable[[bytes], bool]], Any]
_Lines = Union[str, os.PathLike[str], Iterable[Union[bytes, str]]]


class SupportsWrite(Protocol):
    """A binary file, or what looks like one."""

    def write(self, data: bytes, /) -> Any: ...


class _Writer:
    """Writes, and keeps what that raises: it is called by a thread that is not Python's own."""

    def __init__(self, to: SupportsWrite) -> None:
        self._to = to
        self.raised: Optional[BaseException] = None

    def __call__(self, data: bytes) -> bool:
        try:
            self._to.write(data)
        except BaseException as error:
            self.raised = error
        return self.raised is None


def _write(dump: _Dump, to: SupportsWrite) -> None:
    writer = _Writer(to)
    try:
        dump(writer)
    except CancelledError:
        if writer.raised is not None:
            raise writer.raised from None
        raise


def write_dump(
    dump: _Dump, to: Union[str, os.PathLike[str], SupportsWrite], force: bool
) -> None:
    """Calls dump(write) so that all of it is in the file, or nothing."""
    if not isinstance(to, (str, os.PathLike)):
        _write(dump, to)
        return
    path = os.path.abspath(os.fspath(to))
    if os.path.lexists(path) and not force:
        error = ExistsError(f"{path}: is there already; force=True replaces it")
        error.path = path
        raise error
    folder, name = os.path.split(path)
    unfinished = os.path.join(folder, f".{name}.{secrets.token_hex(4)}")
    with open(unfinished, "xb") as file:
        try:
            _write(dump, file)
            file.close()
            os.replace(unfinished, path)
        except BaseException:
            os.unlink(unfinished)
            raise


def _bytes_of(line: Union[bytes, str]) -> bytes:
    return line.encode() if isinstance(line, str) else bytes(line)


def _load(load: Callable[[list[bytes]], int], lines: Iterator[Any], talk: Talk) -> int:
    done = loaded = 0
    while batch := [_bytes_of(line) for line in islice(lines, _TOGETHER)]:
        try:
            loaded += load(batch)
        except CorruptError as error:
            error.line = done + (error.line or 0)
            raise
        done += len(batch)
        if talk.progress("read", done, 0, loaded) is False:
            raise CancelledError("cancelled")
    return loaded


def read_dump(load: Callable[[list[bytes]], int], lines: _Lines, talk: Talk) -> int:
    """Calls load(a list of lines) until there are no more; how many documents these were."""
    if not isinstance(lines, (str, os.PathLike)):
        return _load(load, iter(lines), talk)
    path = os.fspath(lines)
    try:
        with open(path, "rb") as file:
            return _load(load, file, talk)
    except FileNotFoundError as error:
        missing = NotFoundError(f"{path}: {error.strerror}")
        missing.path = path
        raise missing from None
    except CorruptError as error:
        error.path = path
        raise
