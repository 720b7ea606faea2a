# SPDX-License-Identifier: MIT
"""Copies of one text and stories about one event, across sources."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Optional, Union, overload

from . import _neardup
from ._data import Taken, filter_rows, take
from ._options import str_list
from ._rerun import Rerun
from ._talk import ProgressOption, Talking


class Grouping(NamedTuple):
    """What was decided about one document.

    Attributes:
        document: its number, from 0: the row of a list, a column or a table.
        id: as the data has it; else the row, or the path of a file.
        story, copy_group: numbers, from 0, in the order of their first documents.
        role: in its group of copies: "first" (the earliest), "copy", "excerpt", "extends",
            "partial", "update" (by the first one's own source, later), "compiles" (holds most of
            several others).
        of, of_id: the first of its group; of "partial", the one that it shares with; else itself.
        share: of its words that stand in that one, in [0, 1].
        of_share: of that one's words that stand in it.
        similarity: exact, where it is a near copy; else 0.
        source, title, date: as the data has them; the title is shortened.
        tokens: words of its text.
        story_score: mean score with the other texts of its story; 0 when it has none.
    """

    document: int
    id: str
    story: int
    copy_group: int
    role: str
    of: int
    of_id: str
    share: float
    of_share: float
    similarity: float
    source: Optional[str]
    title: Optional[str]
    date: Optional[str]
    tokens: int
    story_score: float


class Story(NamedTuple):
    """Texts about one event: documents by date, then id, those without a date last.

    `headline` is the title of its most central text; `terms` are what holds it together, heaviest
    first, with weights in [0, 1].
    """

    story: int
    documents: list[int]
    copy_groups: int
    sources: int
    first_date: Optional[str]
    last_date: Optional[str]
    headline: str
    terms: list[tuple[str, float]]


class GroupSummary(NamedTuple):
    """The counts of a run.

    `copy_groups` and `stories` have two documents or more, `copies` are not the first of their
    group; `odd_dates` stand there and cannot be read or be true. Units: text_bytes; within_days as
    used, 0 without dates; seconds.
    """

    documents: int
    text_bytes: int
    skipped: int
    unreadable: int
    undated: int
    odd_dates: int
    copy_groups: int
    copies: int
    stories: int
    in_stories: int
    largest_story: int
    within_days: float
    seconds: float


_ROLE = Grouping._fields.index("role")
_COPY_GROUP = Grouping._fields.index("copy_group")
_STORY = Grouping._fields.index("story")


class GroupResult(Sequence[Grouping]):
    """What `group` found: a sequence of `Grouping` in the order of the documents.

    As an Arrow stream (`pyarrow.table(result)`, `polars.DataFrame(result)`) a row a document, with
    the columns of `Grouping`.
    """

    def __init__(self, answer: dict[str, Any], rerun: Rerun, taken: Taken) -> None:
        self._answer = answer
        self._rows = answer["documents"]
        self._rerun = rerun
        self._taken = taken

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Grouping: ...
    @overload
    def __getitem__(self, index: slice) -> list[Grouping]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Grouping, list[Grouping]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"document {index}, must be less than {len(self)}")
        return Grouping(*self._rows.rows(number, number + 1)[0])

    def __iter__(self) -> Iterator[Grouping]:
        for begin in range(0, len(self), 1000):
            yield from (Grouping(*row) for row in self._rows.rows(begin, begin + 1000))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """For whoever reads Arrow; the schema asked for is not looked at, as is allowed."""
        return self._rows.stream()

    @property
    def summary(self) -> GroupSummary:
        """The counts of the run."""
        return GroupSummary(*self._answer["summary"])

    @cached_property
    def roles(self) -> list[str]:
        """For every document, its role."""
        roles: list[str] = self._rows.column(_ROLE)
        return roles

    @cached_property
    def copies(self) -> list[list[int]]:
        """Groups of copies of two documents or more, each with the numbers of its documents."""
        return _parts_of_two(self._rows.column(_COPY_GROUP))

    @cached_property
    def stories(self) -> list[Story]:
        """Stories of two documents or more, by their numbers."""
        answer = self._answer
        documents: dict[int, list[int]] = {}
        for story, document in answer["members"].rows(0, len(answer["members"])):
            documents.setdefault(story, []).append(document)
        terms: dict[int, list[tuple[str, float]]] = {}
        for story, term, weight in answer["terms"].rows(0, len(answer["terms"])):
            terms.setdefault(story, []).append((term, weight))
        return [
            Story(story, documents[story], *(*rest, terms.get(story, [])))
            for story, count, *rest in answer["stories"].rows(0, len(answer["stories"]))
            if count > 1
        ]

    def filter(self, data: Any = None, roles: Union[str, Sequence[str], None] = None) -> Any:
        """Rows of these roles, as the caller's own type.

        Args:
            data: of the same rows, in the same order; what was grouped, if not given.
            roles: the usual ones are "first", "partial" and "compiles": one text of each group.
        """
        wanted = ("first", "partial", "compiles") if roles is None else str_list("roles", roles)
        mask = [role in wanted for role in self.roles]
        return self._taken.choose(mask) if data is None else filter_rows(data, mask)

    def write(
        self,
        *outputs: str,
        force: bool = False,
        csv_raw: bool = False,
        progress: ProgressOption = None,
    ) -> None:
        """Writes outputs of `neardup group`, all of them or none.

        Cost: the run once more, over what it was made from; `outputs` of `group` writes them while
        it runs.

        Args:
            outputs: each "FORMAT:PATH"; see `group_formats`.
            force: replace outputs that exist.
            csv_raw: leave cells of CSV as they are that a spreadsheet would run.
        """
        self._rerun(list(outputs), force, csv_raw, progress)

    def __repr__(self) -> str:
        now = self.summary
        return (
            f"<neardup.GroupResult: {now.documents:,} documents, {now.copies:,} copies in "
            f"{now.copy_groups:,} groups, {now.stories:,} stories of {now.in_stories:,}>"
        )


def _parts_of_two(numbers: list[int]) -> list[list[int]]:
    parts: dict[int, list[int]] = {}
    for document, number in enumerate(numbers):
        parts.setdefault(number, []).append(document)
    return [parts[number] for number in sorted(parts) if len(parts[number]) > 1]


def group_formats() -> list[tuple[str, str]]:
    """Names and meanings of the output formats of `group`."""
    formats: list[tuple[str, str]] = _neardup.group_outputs()
    return formats


def group(
    data: Any,
    text: Optional[str] = None,
    *,
    id: Optional[str] = None,
    source: Optional[str] = None,
    url: Optional[str] = None,
    date: Optional[str] = None,
    title: Optional[str] = None,
    html: Optional[str] = None,
    share: Optional[float] = None,
    within_days: Optional[float] = None,
    bar: Optional[float] = None,
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
) -> GroupResult:
    """Groups documents of several sources: copies of one text, stories about one event.

    Every document is kept. Copies are near-duplicates, excerpts, extensions and texts of which a
    good part is copied; each is judged against the first of its group, so that nothing chains.
    Stories are texts in other words that share rare words, are near in time and hold together on
    average; copies count once. The same as `neardup group`, which says more of each option.

    Args:
        data, text, id, source, url, date, title, html, and how files are read: as of `dedup`.
        share: a text is a partial copy from this share of the shorter one's words on, in (0, 1];
            0.5 if not given.
        within_days: documents farther apart count as unlike; if not given 7, or as long as three
            documents take to come.
        bar: mean score that holds a story together, in (0, 1); 0.15 if not given. Higher is
            stricter.
        outputs: "FORMAT:PATH", to be written by the same run; see `group_formats`.
        force, csv_raw: as of `GroupResult.write`.
        threads: all processors if not given; the outcome does not depend on it.
        progress: as of `dedup`.

    Raises:
        InvalidError, NotFoundError, InputError, ExistsError, TypeError: as `dedup`.

    >>> told = "The ferry to the island ran aground in thick fog on Monday, said the coast guard."
    >>> result = group([
    ...     {"id": "a", "date": "2026-03-02", "text": told},
    ...     {"id": "b", "date": "2026-03-03", "text": told + " Nobody was hurt."},
    ... ])
    >>> [(each.id, each.role, each.of_id) for each in result]
    [('a', 'first', 'a'), ('b', 'copy', 'a')]
    """
    options = {
        "share": share,
        "within_days": within_days,
        "bar": bar,
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
    taken = take(data)
    with Talking(progress) as talk:
        corpus = taken.open(inputs, talk)
        rerun = Rerun(lambda values, to: _neardup.group(corpus, values, to), options)
        answer = rerun.first(outputs, force, csv_raw, talk)
    return GroupResult(answer, rerun, taken)
