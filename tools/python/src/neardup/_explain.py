# SPDX-License-Identifier: MIT
"""Two texts side by side."""

from __future__ import annotations

import shutil
from typing import Any, NamedTuple, Optional, Union

from . import _html, _neardup
from ._options import resolve


class Span(NamedTuple):
    """A run of tokens that stands in both texts: `a[a_start:a_end]` and `b[b_start:b_end]`.

    Units: places are characters, as str counts them.
    """

    tokens: int
    a_start: int
    a_end: int
    b_start: int
    b_end: int


class Explanation:
    """How two texts compare, and why a run would drop one of them or not.

    `print()` shows what `neardup explain` prints, a notebook both texts with what they share.

    Attributes:
        a, b: the texts.
        kind: "identical", "normalized" (the same but for case, accents, marks and spaces),
            "contained", "near", "template" (one form with contents of their own), or "none".
        similar: whether a run would call them duplicates, as far as two texts tell.
        similarity: share of their shingles that both have, in [0, 1], exact.
        estimate: the same by the sketches.
        containment_a, containment_b: share of the shingles of a that stand in b, and the reverse.
        own_a, own_b: share of a that stands in long runs that b has not, and the reverse.
        number_agreement: share of their numbers that both have; 1 where not both have some.
        tokens_a, tokens_b: how many tokens they have.
        shingles_a, shingles_b, shared_shingles: how many different shingles.
        shared_bands: bands of their sketches that agree; a run compares texts that share one.
        proposal: the chance of that at this similarity.
        short_texts_agree: False where one has few words and does not stand in the other.
        a_would_go, b_would_go: whether a, or b, would go for the other under rule="contained".
        spans: the longest runs of tokens that both have.
    """

    kind: str
    similar: bool
    similarity: float
    estimate: float
    containment_a: float
    containment_b: float
    own_a: float
    own_b: float
    number_agreement: float
    tokens_a: int
    tokens_b: int
    shingles_a: int
    shingles_b: int
    shared_shingles: int
    shared_bands: int
    proposal: float
    short_texts_agree: bool
    a_would_go: bool
    b_would_go: bool
    spans: list[Span]

    def __init__(self, a: str, b: str, members: dict[str, Any], printed: str) -> None:
        self.a = a
        self.b = b
        self.__dict__.update(members)
        self.spans = [Span(*span) for span in members["spans"]]
        self._printed = printed

    def __str__(self) -> str:
        return self._printed

    def __repr__(self) -> str:
        words = "similar" if self.similar else "not similar"
        return f"<neardup.Explanation: {words}, {self.kind}, similarity {self.similarity:.4f}>"

    def _repr_html_(self) -> str:
        return _html.explanation(self)


def explain(
    a: str,
    b: str,
    *,
    spans: int = 3,
    preset: Optional[str] = None,
    threshold: Optional[float] = None,
    shingle_size: Optional[int] = None,
    char_shingles: Union[int, bool, None] = None,
    exact_tokens: bool = False,
    number_agreement: Optional[float] = None,
    containment: Optional[float] = None,
    recall: Optional[float] = None,
    sketch: Optional[str] = None,
    slots: Optional[int] = None,
    seed: Union[int, str, None] = None,
) -> Explanation:
    """Compares two texts as `dedup` would with the same options.

    Args:
        a, b: the texts.
        spans: how many of the longest runs of tokens that both have are looked for.
        preset, threshold, ...: as of `dedup`.

    Raises:
        InvalidError, NotFoundError: an option has no such value.

    >>> text = "The ferry was late on Monday because of fog, said the captain of the boat."
    >>> explain(text, text.upper()).kind
    'normalized'
    """
    options = resolve(
        {
            "preset": preset,
            "threshold": threshold,
            "shingle_size": shingle_size,
            "char_shingles": char_shingles,
            "exact_tokens": exact_tokens,
            "number_agreement": number_agreement,
            "containment": containment,
            "recall": recall,
            "sketch": sketch,
            "slots": slots,
            "seed": seed,
        }
    )
    return explain_named(a, b, options, spans, "the first text", "the second text")


def explain_named(
    a: str, b: str, options: dict[str, Any], spans: int, name_a: str, name_b: str
) -> Explanation:
    """The same with resolved options, for texts that have names."""
    for text in (a, b):
        if not isinstance(text, str):
            raise TypeError(f"a text must be a str, not {type(text).__name__}")
    width = shutil.get_terminal_size((80, 24)).columns
    members, printed = _neardup.explain(
        a, b, options, spans, name_a, name_b, max(40, min(width, 120))
    )
    return Explanation(a, b, members, printed)


def similarity(
    a: str,
    b: str,
    *,
    preset: Optional[str] = None,
    shingle_size: Optional[int] = None,
    char_shingles: Union[int, bool, None] = None,
    exact_tokens: bool = False,
) -> float:
    """The share of the shingles of two texts that both have, in [0, 1]; exact.

    1 for texts with the same tokens, and for texts of the same bytes that have none.

    >>> similarity("one two three four five six", "One, two, three, four, five: six!")
    1.0
    """
    for text in (a, b):
        if not isinstance(text, str):
            raise TypeError(f"a text must be a str, not {type(text).__name__}")
    options = resolve(
        {
            "preset": preset,
            "shingle_size": shingle_size,
            "char_shingles": char_shingles,
            "exact_tokens": exact_tokens,
        }
    )
    value: float = _neardup.similarity(a, b, options)
    return value
