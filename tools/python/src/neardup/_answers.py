# SPDX-License-Identifier: MIT
"""What an index says of documents. Members have the names of the JSON of `neardup check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Optional, Union, overload

from ._data import filter_rows


class Match(NamedTuple):
    """A document of the index that the one asked about is like.

    Attributes:
        id, url, source, date, title: of it; None where it has none.
        kind: "identical", "normalized" (the same words), "contained", "near"; "template" (they fill
            one form) is no match to go by.
        similarity: in [0, 1].
        low, high: the interval of 95 % where `estimated` is true; else both are the similarity.
        containment: share of the shingles asked about that stand in it; None where unknown.
        other_containment: share of its shingles that stand in what was asked about.
        estimated: by sketches, as in indexes with store="sketches".
    """

    id: str
    url: Optional[str]
    source: Optional[str]
    date: Optional[str]
    title: Optional[str]
    kind: str
    similarity: float
    low: float
    high: float
    containment: Optional[float]
    other_containment: Optional[float]
    estimated: bool


class Answer(NamedTuple):
    """What an index says of one document.

    Attributes:
        id: of the document asked about, or None.
        decision: "known": the index has it, or what makes it superfluous; else "new".
        match: the document that "known" goes by.
        matches: the others that are like it, best first, as many as were asked for; of "new" ones
            those of kind "template".
        group: the number of the group of copies that it belongs to; None when it is new.
        group_size: documents in that group, itself included when it was added.
        update: it is no copy but a later state of its match: of the same id or address, or of the
            same source and a later date.
        same_id: the index had a document with this id.
        added, replaced: it was added; in place of the one with its id. The same text under the same
            id is neither.
        capped: it has so many look-alikes that only the likeliest were compared.
        reading: "words", "no words" or "damaged": what it was compared by.
    """

    id: Optional[str]
    decision: str
    match: Optional[Match]
    matches: tuple[Match, ...]
    group: Optional[int]
    group_size: int
    update: bool
    same_id: bool
    added: bool
    replaced: bool
    capped: bool
    reading: str

    @property
    def known(self) -> bool:
        """Whether the decision is "known"."""
        return self.decision == "known"

    def to_dict(self) -> dict[str, Any]:
        """As the JSON of the command line has it."""
        members = self._asdict()
        members["match"] = self.match._asdict() if self.match else None
        members["matches"] = [match._asdict() for match in self.matches]
        return members


_FIRST_OF_MATCH = 11  # columns of an answer in front of its match's
_DECISION = 2
_TOGETHER = 1000


def _make_answer(row: Sequence[Any], others: Sequence[Match]) -> Answer:
    _, id, decision, *rest = row[:_FIRST_OF_MATCH]
    match = Match(*row[_FIRST_OF_MATCH:]) if decision == "known" else None
    return Answer(id, decision, match, tuple(others), *rest)


class Answers(Sequence[Answer]):
    """Answers about many documents: a sequence, and an Arrow stream.

    As a stream (`pyarrow.table(answers)`, `polars.DataFrame(answers)`) a row an answer with the
    columns document (its number, from 0), id, decision, group, group_size, update, same_id, added,
    replaced, capped, reading, and match_id, match_kind, match_similarity, ... of the match.
    """

    def __init__(self, answers: Any, matches: Any) -> None:
        self._answers = answers
        self._matches = matches

    def __len__(self) -> int:
        return len(self._answers)

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> list[Answer]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Answer, list[Answer]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"answer {index}, must be less than {len(self)}")
        row = self._answers.rows(number, number + 1)[0]
        return _make_answer(row, self._others.get(number, ()))

    def __iter__(self) -> Iterator[Answer]:
        for begin in range(0, len(self), _TOGETHER):
            for row in self._answers.rows(begin, begin + _TOGETHER):
                yield _make_answer(row, self._others.get(row[0], ()))

    @cached_property
    def _others(self) -> dict[int, list[Match]]:
        """Further matches, by document."""
        found: dict[int, list[Match]] = {}
        for document, *rest in self._matches.rows(0, len(self._matches)):
            found.setdefault(document, []).append(Match(*rest))
        return found

    @cached_property
    def known(self) -> list[bool]:
        """For every document, whether it is known."""
        return [decision == "known" for decision in self._answers.column(_DECISION)]

    def filter(self, data: Any) -> Any:
        """Rows of the data that are new, as the caller's own type.

        Raises:
            InvalidError: the data has more or fewer rows than there are answers.
        """
        return filter_rows(data, [not known for known in self.known])

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """For whoever reads Arrow; the schema asked for is not looked at, as is allowed."""
        return self._answers.stream()

    def __repr__(self) -> str:
        return f"<neardup.Answers: {len(self):,} documents, {sum(self.known):,} known>"
