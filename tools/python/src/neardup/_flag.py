# SPDX-License-Identifier: MIT
"""Repeats inside documents."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, Optional, TypedDict, Union, Unpack, overload

from . import _html, _neardup
from ._data import take
from ._errors import Error, named_path
from ._options import resolve
from ._talk import ProgressOption, Talking

_THRESHOLD = 0.7


class Repeat(NamedTuple):
    """A part of a text that stands in it before: `text[start:end]`.

    Attributes:
        kind: "exact", "normalized" (the same words in other case, marks or spaces), "near",
            "contained" (the shorter of the two stands in the longer), or "site".
        refrain: why a text means to have it ("verse", "table", ...); "none" unless refrains were
            asked for.
        role: what it is: "headline", "caption", "paragraph", "list_item", ...
        start, end: where it stands, in characters of the text.
        first_start, first_end: where it stands for the first time; None in titles and for "site".
        in_title: the first one is the document's title.
        similarity: of the two, in [0, 1].
        containment: share of the shorter one that stands in the longer.
        block, block_units: repeats of one block of paragraphs have the same number, others None;
            and how many they are.
        pages, host_pages: of "site": pages of the host that have it, of how many.
    """

    kind: str
    refrain: str
    role: str
    start: int
    end: int
    first_start: Optional[int]
    first_end: Optional[int]
    in_title: bool
    similarity: float
    containment: float
    block: Optional[int]
    block_units: int
    pages: int
    host_pages: int


class Flagged(Sequence[Repeat]):
    """A document and its repeats, in their order.

    Attributes:
        document: its number in the data.
        id: as the data has it, else its row or path.
        share: of its text that stands in it before, in [0, 1].
        text: where `flag` was given one text, that; else None.
    """

    def __init__(self, values: tuple[Any, ...], text: Optional[str], threshold: float) -> None:
        self.document: int = values[0]
        self.id: str = values[1]
        self.share: float = values[2]
        self.text = text
        self._repeats: list[tuple[Any, ...]] = values[3]
        self._threshold = threshold

    def __len__(self) -> int:
        return len(self._repeats)

    @cached_property
    def repeats(self) -> list[Repeat]:
        """What stands there again, in its order."""
        return [Repeat(*each) for each in self._repeats]

    @overload
    def __getitem__(self, index: int) -> Repeat: ...

    @overload
    def __getitem__(self, index: slice) -> list[Repeat]: ...

    def __getitem__(self, index: Any) -> Any:
        return self.repeats[index]

    @property
    def cleaned(self) -> str:
        """The text without its repeats, as the output "cleaned" has it.

        Raises:
            TypeError: `flag` was given many texts; their output "cleaned" has them.
        """
        if self.text is None:
            raise TypeError('texts are with the data: write("cleaned:clean.jsonl") has all of them')
        text: str = _neardup.clean(self.text, self._threshold)
        return text

    def __repr__(self) -> str:
        noun = "repeat" if len(self) == 1 else "repeats"
        where = "the text" if self.text is not None else repr(self.id)
        return f"<neardup.Flagged: {len(self)} {noun}, {100 * self.share:.1f} % of {where}>"

    def _repr_html_(self) -> str:
        return _html.flagged(self)


class FlagSummary(NamedTuple):
    """The counts of a run: documents read, those with repeats, repeats by kind, bytes, seconds."""

    documents: int
    text_bytes: int
    skipped: int
    unreadable: int
    units: int
    flagged: int
    doubled_headlines: int
    doubled_captions: int
    doubled_blocks: int
    repeats: int
    exact: int
    normalized: int
    near: int
    contained: int
    site: int
    refrains: int
    repeated_bytes: int
    hosts_judged: int
    seconds: float


class FlagResult(Sequence[Flagged]):
    """The documents that repeat themselves, in their order; others are left out.

    Attributes:
        summary: the counts of the run.
    """

    def __init__(self, corpus: Any, options: dict[str, Any], found: tuple[Any, Any]) -> None:
        threshold = options.get("threshold", _THRESHOLD)
        self._corpus = corpus
        self._options = options
        self._lock = threading.Lock()
        self._documents = [Flagged(each, None, threshold) for each in found[1]]
        self.summary = FlagSummary(**found[0])

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, index: int) -> Flagged: ...

    @overload
    def __getitem__(self, index: slice) -> list[Flagged]: ...

    def __getitem__(self, index: Any) -> Any:
        return self._documents[index]

    def __repr__(self) -> str:
        counts = self.summary
        return (
            f"<neardup.FlagResult: {counts.flagged:,} of {counts.documents:,} documents repeat "
            f"themselves, {counts.repeats:,} repeats>"
        )

    def _repr_html_(self) -> str:
        return _html.flag_result(self)

    def write(self, *outputs: str, force: bool = False, progress: ProgressOption = None) -> None:
        """Looks through the documents again and writes outputs of `neardup flag`.

        Args:
            outputs: each "FORMAT:PATH": "cleaned:clean.jsonl", "jsonl:repeats.jsonl",
                "html:repeats.html"; see `flag_formats`.
            force: replace outputs that exist.

        Raises:
            ExistsError, InvalidError, InputError, NotFoundError: as `Result.write`.
        """
        options = {**self._options, "outputs": list(outputs), "force": force}
        try:
            with self._lock, Talking(progress) as talk:
                _neardup.flag(self._corpus, options, talk)
        except Error as error:
            error.path = error.path or named_path(error, outputs)
            raise


class FlagOptions(TypedDict, total=False):
    """The options of `flag`."""

    id: Optional[str]
    source: Optional[str]
    url: Optional[str]
    title: Optional[str]
    html: Optional[str]
    threshold: Optional[float]
    refrains: bool
    site: bool
    site_share: Optional[float]
    site_pages: Optional[int]
    site_memory: Optional[int]
    format: Optional[str]
    encoding: Optional[str]
    threads: Optional[int]
    progress: ProgressOption


@overload
def flag(  # pyright: ignore[reportOverlappingOverload]
    data: str, text: Optional[str] = None, **options: Unpack[FlagOptions]
) -> Flagged: ...


@overload
def flag(data: Any, text: Optional[str] = None, **options: Unpack[FlagOptions]) -> FlagResult: ...


def flag(
    data: Any,
    text: Optional[str] = None,
    *,
    id: Optional[str] = None,
    source: Optional[str] = None,
    url: Optional[str] = None,
    title: Optional[str] = None,
    html: Optional[str] = None,
    threshold: Optional[float] = None,
    refrains: bool = False,
    site: bool = False,
    site_share: Optional[float] = None,
    site_pages: Optional[int] = None,
    site_memory: Optional[int] = None,
    format: Optional[str] = None,
    encoding: Optional[str] = None,
    threads: Optional[int] = None,
    progress: ProgressOption = None,
) -> Union[Flagged, FlagResult]:
    """Finds what stands in a text more than once: headlines, captions, paragraphs.

    Args:
        data: one text, as a str; or many, as `dedup` takes them (a path must be a pathlib.Path).
        text, id, source, url, title, html: columns, as of `dedup`.
        threshold: least similarity of near repeats, in (0, 1]; 0.7 if not given.
        refrains: also what a text means to have: choruses, rows of tables, numbered clauses, ...
        site: also what stands on many pages of one host; `url` tells the host.
        site_share, site_pages: on what share of them (0.3), and on how many at least (5).
        site_memory: bytes for counting.
        format, encoding: of files, as of `dedup`.
        threads, progress: as of `dedup`.

    Returns:
        A `Flagged` for one text, a `FlagResult` for many.

    Raises:
        As `dedup`.

    >>> body = "The ferry was late on Monday because of fog, said the captain of the white boat."
    >>> found = flag(f"{body}\\n\\nBread is dearer in all shops of the town.\\n\\n{body}")
    >>> found
    <neardup.Flagged: 1 repeat, 39.8 % of the text>
    >>> found[0].kind, found.text[found[0].start : found[0].end] == body
    ('exact', True)
    >>> found.cleaned.rstrip() == f"{body}\\n\\nBread is dearer in all shops of the town."
    True
    """
    given = dict(locals())
    del given["data"]
    options = resolve({name: value for name, value in given.items() if name != "progress"})
    taken = take([data] if isinstance(data, str) else data)
    with Talking(progress) as talk:
        corpus = taken.open(options, talk)
        found = _neardup.flag(corpus, options, talk)
    if not isinstance(data, str):
        return FlagResult(corpus, options, found)
    values = found[1][0] if found[1] else (0, "0", 0.0, [])
    return Flagged(values, data, options.get("threshold", _THRESHOLD))


def flag_formats() -> dict[str, str]:
    """The formats that `FlagResult.write` knows, and what each is.

    >>> flag_formats()["cleaned"]
    'all records, their texts without the repeats'
    """
    return dict(_neardup.flag_outputs())
