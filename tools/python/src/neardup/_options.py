# SPDX-License-Identifier: MIT
"""Options of the command line that stand for several members of the library's."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from . import _neardup
from ._errors import InvalidError

LOSSLESS = {"rule": "contained", "containment": 1.0, "shingle_size": 3}


def _only_one(values: dict[str, Any], one: str, *others: str) -> None:
    for other in others:
        if values.get(other) is not None:
            raise InvalidError(f"{one} and {other} say the same thing in two ways; leave one out")


def _take_tokens(values: dict[str, Any]) -> None:
    """char_shingles and exact_tokens say what a token is."""
    characters = values.pop("char_shingles", None)
    if values.pop("exact_tokens", False):
        values["tokens"] = "exact"
        if characters:
            raise InvalidError("exact_tokens and char_shingles both say what a token is")
    if not characters:
        return
    values["tokens"] = "characters"
    if characters is not True:
        _only_one(values, "char_shingles", "shingle_size")
        values["shingle_size"] = characters
    elif values.get("shingle_size") is None:
        sizes = (each[3] for each in _neardup.presets() if each[4] == "characters")
        values["shingle_size"] = next(sizes)


def _take_lossless(values: dict[str, Any]) -> None:
    if values.pop("lossless", False):
        _only_one(values, "lossless", *LOSSLESS)
        values.update(LOSSLESS)


def _take_seed(values: dict[str, Any]) -> None:
    if values.get("seed") == "random":
        values["seed"] = secrets.randbits(64)


def max_loss_list(limits: Union[float, Mapping[str, float]]) -> list[tuple[float, Optional[str]]]:
    """As (share, glob of sources), None being every source."""
    pairs: Sequence[tuple[Optional[str], Any]]
    pairs = list(limits.items()) if isinstance(limits, Mapping) else [(None, limits)]
    for _, share in pairs:
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise InvalidError(f"max_loss: {share!r} must be a share from 0 to 1")
    return [(float(share), source) for source, share in pairs]


def str_list(name: str, value: Union[str, Sequence[str]]) -> list[str]:
    """One str, or several."""
    texts = [value] if isinstance(value, str) else list(value)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{name} must be a str or a list of them, not {type(text).__name__}")
    return texts


def resolve(values: dict[str, Any]) -> dict[str, Any]:
    """What the module takes, of what the caller gave. None is what was not given."""
    values = {name: value for name, value in values.items() if value is not None}
    _take_tokens(values)
    _take_lossless(values)
    _take_seed(values)
    for name in ("never_drop", "include", "exclude"):
        if name in values:
            values[name] = str_list(name, values[name])
    if not isinstance(values.get("keep", ""), str):
        values["keep"] = ",".join(str_list("keep", values["keep"]))
    if "max_loss" in values:
        values["max_loss"] = max_loss_list(values["max_loss"])
    if "temp_dir" in values:
        values["temp_dir"] = os.fspath(values["temp_dir"])
    return values
