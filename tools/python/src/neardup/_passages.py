# SPDX-License-Identifier: MIT
"""Passages that documents share: quotations, excerpts, boilerplate."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Optional, Union, overload

from . import _neardup
from ._data import take
from ._options import str_list
from ._rerun import Rerun
from ._talk import ProgressOption, Talking


class Place(NamedTuple):
    """Where a passage stands.

    Units: offset and bytes are of the document's text in UTF-8; tokens are words, or single
    characters of scripts without spaces; first_token counts from 0. `document` is its number: those
    of `against` come after those of the data.
    """

    document: int
    id: str
    source: Optional[str]
    date: Optional[str]
    offset: int
    bytes: int
    first_token: int
    tokens: int
    document_tokens: int


class Passage(NamedTuple):
    """A passage that two documents share, a before b in their order.

    Attributes:
        a, b: where it stands.
        matched: tokens that stand in both, in the same order.
        similarity: matched by all tokens of both, in (0, 1].
        direction: who had it first by the dates: "a", "b" or "unknown".
        family: number of the passage with all its places.
    """

    a: Place
    b: Place
    matched: int
    similarity: float
    direction: str
    family: int


class Family(NamedTuple):
    """One passage with all its places, dated ones first, by date.

    `documents` are those it stands in, `passages` the pairs, `text` is that of its first place.
    """

    family: int
    places: list[Place]
    documents: int
    passages: int
    text: str


class PassageSummary(NamedTuple):
    """The counts of a run.

    `common` runs of words stand in more than max_documents; `pairs` of documents were compared;
    `documents_with` have a passage. Units: text_bytes; seconds.
    """

    documents: int
    against_documents: int
    text_bytes: int
    skipped: int
    unreadable: int
    tokens: int
    common: int
    pairs: int
    passages: int
    families: int
    documents_with: int
    undated: int
    seconds: float


_PLACE = len(Place._fields)


def _make_passage(row: Sequence[Any]) -> Passage:
    rest = row[2 * _PLACE :]
    return Passage(Place(*row[:_PLACE]), Place(*row[_PLACE : 2 * _PLACE]), *rest)


class PassageResult(Sequence[Passage]):
    """What `passages` found: a sequence of `Passage`, by b, then a.

    As an Arrow stream (`pyarrow.table(result)`, `polars.DataFrame(result)`) a row a passage, with
    the columns a_document, a_id, a_source, a_date, a_offset, a_bytes, a_first_token, a_tokens,
    a_document_tokens, b_... likewise, matched, similarity, direction and family.
    """

    def __init__(self, answer: dict[str, Any], rerun: Rerun) -> None:
        self._answer = answer
        self._rows = answer["pairs"]
        self._rerun = rerun

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Passage: ...
    @overload
    def __getitem__(self, index: slice) -> list[Passage]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Passage, list[Passage]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"passage {index}, must be less than {len(self)}")
        return _make_passage(self._rows.rows(number, number + 1)[0])

    def __iter__(self) -> Iterator[Passage]:
        for begin in range(0, len(self), 1000):
            yield from map(_make_passage, self._rows.rows(begin, begin + 1000))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """For whoever reads Arrow; the schema asked for is not looked at, as is allowed."""
        return self._rows.stream()

    @property
    def summary(self) -> PassageSummary:
        """The counts of the run."""
        return PassageSummary(*self._answer["summary"])

    @cached_property
    def families(self) -> list[Family]:
        """Passages with all their places, by their numbers."""
        places: dict[int, list[Place]] = {}
        for family, *rest in self._answer["places"].rows(0, len(self._answer["places"])):
            places.setdefault(family, []).append(Place(*rest))
        families = self._answer["families"]
        return [
            Family(family, places[family], *rest)
            for family, _, *rest in families.rows(0, len(families))
        ]

    @property
    def places(self) -> ArrowRows:
        """An Arrow stream of the places of all families: family, and the columns of `Place`."""
        return ArrowRows(self._answer["places"])

    def write(
        self,
        *outputs: str,
        force: bool = False,
        csv_raw: bool = False,
        progress: ProgressOption = None,
    ) -> None:
        """Writes outputs of `neardup passages`, all of them or none.

        Cost: the run once more, over what it was made from; `outputs` of `passages` writes them
        while it runs.

        Args:
            outputs: each "FORMAT:PATH"; see `passage_formats`.
            force: replace outputs that exist.
            csv_raw: leave cells of CSV as they are that a spreadsheet would run.
        """
        self._rerun(list(outputs), force, csv_raw, progress)

    def __repr__(self) -> str:
        now = self.summary
        return (
            f"<neardup.PassageResult: {now.passages:,} passages of {now.families:,} families in "
            f"{now.documents_with:,} of {now.documents + now.against_documents:,} documents>"
        )


class ArrowRows:
    """Rows for whoever reads Arrow."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._rows.stream()


def passage_formats() -> list[tuple[str, str]]:
    """Names and meanings of the output formats of `passages`."""
    formats: list[tuple[str, str]] = _neardup.passage_outputs()
    return formats


def passages(
    data: Any,
    text: Optional[str] = None,
    *,
    against: Any = None,
    id: Optional[str] = None,
    source: Optional[str] = None,
    url: Optional[str] = None,
    date: Optional[str] = None,
    title: Optional[str] = None,
    html: Optional[str] = None,
    min_tokens: Optional[int] = None,
    min_documents: Optional[int] = None,
    max_documents: Optional[int] = None,
    series: Optional[str] = None,
    memory: Optional[int] = None,
    outputs: Union[str, Sequence[str], None] = None,
    force: bool = False,
    csv_raw: bool = False,
    format: Optional[str] = None,
    include: Union[str, Sequence[str], None] = None,
    exclude: Union[str, Sequence[str], None] = None,
    hidden: bool = False,
    gitignore: bool = False,
    encoding: Optional[str] = None,
    max_record: Optional[int] = None,
    temp_dir: Union[str, os.PathLike[str], None] = None,
    max_temp: Optional[int] = None,
    zstd_long: bool = False,
    threads: Optional[int] = None,
    progress: ProgressOption = None,
) -> PassageResult:
    """Finds every run of words that two documents share, with small edits between runs.

    The same as `neardup passages`, which says more of each option.

    Args:
        data, text, id, source, url, date, title, html, and how files are read: as of `dedup`.
        against: other data: only what the two share is looked for.
        min_tokens: every run of so many words is found, 5 to 1000; 15 if not given. Two
            ideographs, or four letters of a script without spaces, count as a word.
        min_documents: only passages that stand in so many documents; 2 if not given.
        max_documents: runs in more documents are boilerplate and propose nothing; 1,000 if not
            given.
        series: a field: what documents share that have the same value there is left out;
            "source" for what one source repeats of itself.
        memory: bytes for each of three tables before it goes to a temporary file; 1 GiB if not
            given.
        outputs: "FORMAT:PATH", to be written by the same run; see `passage_formats`.
        force, csv_raw: as of `PassageResult.write`.
        threads: all processors if not given; the outcome does not depend on it.
        progress: as of `dedup`.

    Raises:
        InvalidError, NotFoundError, InputError, ExistsError, TypeError: as `dedup`.

    >>> words = "we shall fight on the beaches we shall fight on the landing grounds in the fields"
    >>> found = passages([f"He said that {words}, twice.", f"Quoted: {words}."])
    >>> found[0].a.id, found[0].b.id, found[0].matched
    ('0', '1', 16)
    """
    options = {
        "min_tokens": min_tokens,
        "min_documents": min_documents,
        "max_documents": max_documents,
        "series": series,
        "memory": memory,
        "threads": threads,
    }
    inputs = {
        "text": text,
        "id": id,
        "source": source,
        "url": url,
        "date": date,
        "title": title,
        "html": html,
        "format": format,
        "include": None if include is None else str_list("include", include),
        "exclude": None if exclude is None else str_list("exclude", exclude),
        "hidden": hidden,
        "gitignore": gitignore,
        "encoding": encoding,
        "max_record": max_record,
        "temp_dir": None if temp_dir is None else os.fspath(temp_dir),
        "max_temp": max_temp,
        "zstd_long": zstd_long,
    }
    with Talking(progress) as talk:
        corpus = take(data).open(inputs, talk)
        other = None if against is None else take(against).open(inputs, talk)
        rerun = Rerun(lambda values, to: _neardup.passages(corpus, other, values, to), options)
        answer = rerun.first(outputs, force, csv_raw, talk)
    return PassageResult(answer, rerun)
