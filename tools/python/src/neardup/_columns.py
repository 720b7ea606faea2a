# SPDX-License-Identifier: MIT
"""Functions over columns of Arrow: a text a row in, a value a row out."""

from __future__ import annotations

import pickle
from typing import Any, Literal, Union

from . import _neardup
from ._options import resolve

Seed = Union[int, Literal["random"]]
CharShingles = Union[bool, int]


class Column:
    """A column as the module made it: what takes it, such as `pyarrow.array`, takes it once."""

    def __init__(self, capsules: tuple[Any, Any]) -> None:
        self._capsules = capsules

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        return self._capsules


def plain(options: dict[str, Any]) -> dict[str, Any]:
    """Options as the module reads them without Python; those that are None are the preset's."""
    return resolve({name: value for name, value in options.items() if value is not None})


def call(name: str, columns: tuple[Any, ...], options: dict[str, Any]) -> Column:
    """Calls a function for every row of columns with `__arrow_c_stream__`, under plain options."""
    return Column(_neardup.column(name, columns, pickle.dumps(options, protocol=5)))
