# SPDX-License-Identifier: MIT
"""What can be chosen by name."""

from __future__ import annotations

from typing import NamedTuple

from . import _neardup


class Preset(NamedTuple):
    """A named choice of what counts as a near-duplicate."""

    name: str
    purpose: str
    threshold: float
    shingle_size: int
    tokens: str
    number_agreement: float


class SketchKind(NamedTuple):
    """A way to summarise texts, with its paper; slots are the size."""

    name: str
    summary: str
    slots: int
    slots_least: int
    slots_most: int


def presets() -> list[Preset]:
    """The presets, the usual one first.

    >>> [preset.name for preset in presets()]
    ['news', 'strict', 'web', 'code', 'noisy', 'short']
    """
    return [Preset(*each) for each in _neardup.presets()]


def sketches() -> list[SketchKind]:
    """The kinds of sketches, the usual one first.

    >>> sketches()[0].name, sketches()[0].slots
    ('minhash', 128)
    """
    return [SketchKind(*each) for each in _neardup.sketches()]
