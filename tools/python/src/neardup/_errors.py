# SPDX-License-Identifier: MIT
"""Errors: one base class, and a class a cause, each also of the built-in kind it is like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional


class Error(Exception):
    """Something that neardup could not do.

    Attributes:
        code: the cause as one word: "INVALID", "NOT_FOUND", "IO", ...
        path: the input or output that it is about, where one is.
        line: the line there, from 1; None where unknown.
        errno: the system's number of the failure, or None.
    """

    code: str = "ERROR"
    path: Optional[str] = None
    line: Optional[int] = None
    errno: Optional[int] = None


class InvalidError(Error, ValueError):
    """An option or a piece of data is not what it must be; the message names it."""

    code = "INVALID"


class InputError(Error, OSError):
    """Reading or writing failed."""

    code = "IO"


class CorruptError(Error, ValueError):
    """A file is not what it says it is, or is damaged."""

    code = "CORRUPT"


class VersionError(Error, ValueError):
    """A file was written by a version that this one does not know."""

    code = "VERSION"


class LimitError(Error):
    """A limit that was set would be passed, such as max_loss."""

    code = "LIMIT"


class NotFoundError(Error, LookupError):
    """There is no such file, column, preset or document; the message names those there are."""

    code = "NOT_FOUND"


class ExistsError(Error, FileExistsError):
    """An output exists already; force=True replaces it."""

    code = "EXISTS"


class CancelledError(Error):
    """The function that was given for progress returned False."""

    code = "CANCELLED"


class UnsupportedError(Error, NotImplementedError):
    """This build, or this kind of input, does not do that."""

    code = "UNSUPPORTED"


class ChangedError(Error):
    """An input changed while it was read, or since a plan was made."""

    code = "CHANGED"


class OutOfMemoryError(Error, MemoryError):
    """There is not enough memory."""

    code = "MEMORY"


_CLASSES: dict[str, type[Error]] = {
    each.code: each
    for each in (
        InvalidError,
        InputError,
        CorruptError,
        VersionError,
        LimitError,
        NotFoundError,
        ExistsError,
        CancelledError,
        UnsupportedError,
        ChangedError,
        OutOfMemoryError,
    )
}


def own_words(message: str) -> str:
    """Options in messages of the library are called as on the command line."""
    return re.sub(
        r"--([a-z]+(?:-[a-z]+)*)",
        lambda found: found[1].removesuffix("-field").replace("-", "_") + "=",
        message,
    )


def named_path(error: Error, specifications: Sequence[str]) -> Optional[str]:
    """Of outputs "FORMAT:PATH", the path that the message names."""
    paths = [each.partition(":")[2] for each in specifications]
    named = [path for path in paths if path and path in str(error)]
    return max(named, key=len, default=None)


def make_error(name: str, message: str, errno: int, line: int) -> Error:
    """The exception for a status of the library, named as in its headers."""
    code = name.removeprefix("NDUP_STATUS_")
    error = _CLASSES.get(code, Error)(own_words(message))
    error.code = code
    error.line = line or None
    error.errno = errno or None
    return error
