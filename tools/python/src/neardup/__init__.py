# SPDX-License-Identifier: MIT
"""Finds repeated and near-repeated text.

The short way through: `dedup` says which of many texts to keep, `Result` why; `explain` compares
two texts. Options have the names that they have on the command line, and the answers are the same.

>>> import neardup
>>> fog = "The ferry was late on Monday because of fog, said the captain of the white boat."
>>> texts = [fog, "Bread is dearer.", fog.upper() + "!"]
>>> result = neardup.dedup(texts)
>>> result
<neardup.Result: 2 of 3 documents kept, 1 removed: 1 normalized>
>>> result.filter(texts) == [fog, "Bread is dearer."]
True

Errors are of `Error`, with a class a cause; problems with single inputs go to the logger
"neardup".
"""

from . import _neardup, _parquet
from ._dedup import dedup
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
from ._explain import Explanation, Span, explain, similarity
from ._flag import Flagged, FlagResult, FlagSummary, Repeat, flag, flag_formats
from ._presets import Preset, SketchKind, presets, sketches
from ._result import Group, Pair, Pairs, Result, Summary, TextSpan, Verdict, output_formats
from ._sketch import Sketcher
from ._talk import Progress

_parquet.use_pyarrow()

__version__: str = _neardup.version()

__all__ = [
    "CancelledError",
    "ChangedError",
    "CorruptError",
    "Error",
    "ExistsError",
    "Explanation",
    "FlagResult",
    "FlagSummary",
    "Flagged",
    "Group",
    "InputError",
    "InvalidError",
    "LimitError",
    "NotFoundError",
    "OutOfMemoryError",
    "Pair",
    "Pairs",
    "Preset",
    "Progress",
    "Repeat",
    "Result",
    "SketchKind",
    "Sketcher",
    "Span",
    "Summary",
    "TextSpan",
    "UnsupportedError",
    "Verdict",
    "VersionError",
    "dedup",
    "explain",
    "flag",
    "flag_formats",
    "output_formats",
    "presets",
    "similarity",
    "sketches",
]
