# SPDX-License-Identifier: MIT
"""The outcome of a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Optional, overload

from . import _html, _neardup
from ._data import Taken, filter_rows
from ._errors import Error, InvalidError, named_path
from ._explain import Explanation, explain_named
from ._talk import ProgressOption, Talking


class TextSpan(NamedTuple):
    """A part of a text. Units: bytes of its UTF-8, and tokens."""

    offset: int
    bytes: int
    tokens: int


class Verdict(NamedTuple):
    """What was decided about one document, and why.

    Attributes:
        document: its number, from 0: the row of a list, a column or a table.
        id: as the data has it; else the row, or the path of a file.
        kept: whether it stays.
        kind: why it does not: "identical", "normalized" (the same words in other case, marks or
            spaces), "contained", "near", "template"; "none" for what is kept, though a text that
            fills one form with others is kept as a "template".
        survivor, survivor_id: the kept document it was compared with; itself when it is kept.
        similarity: to the survivor, in [0, 1], exact.
        containment: share of its shingles that stand in the survivor.
        survivor_containment: share of the survivor's shingles that stand in it.
        group: number of the first document of its group; None outside of groups.
        source: as the data has it, else the host of its address.
        title: up to 200 bytes of it.
        span: the longest run of tokens that it shares with its survivor; None where it was kept.
        reading: "words", or why it was compared by its bytes: "no words", "damaged".
    """

    document: int
    id: str
    kept: bool
    kind: str
    survivor: int
    survivor_id: str
    similarity: float
    containment: float
    survivor_containment: float
    group: Optional[int]
    source: str
    title: str
    span: Optional[TextSpan]
    reading: str


class Pair(NamedTuple):
    """Two near-duplicates, a before b in the order of `keep`.

    Units: similarity and containments in [0, 1]; containment_a is the share of a's shingles that
    stand in b.
    """

    a: int
    b: int
    id_a: str
    id_b: str
    similarity: float
    containment_a: float
    containment_b: float
    kind: str


class Summary(NamedTuple):
    """The counts of a run.

    dropped is the sum of identical, normalized, contained, near and dropped_survivors, and of
    templates where they are dropped. Units: *_bytes of text; seconds of wall time.
    """

    documents: int
    text_bytes: int
    skipped: int
    repaired: int
    duplicate_ids: int
    empty: int
    unreadable: int
    kept: int
    dropped: int
    identical: int
    normalized: int
    contained: int
    near: int
    dropped_survivors: int
    kept_bytes: int
    groups: int
    largest_group: int
    candidates: int
    verified: int
    similar: int
    split_buckets: int
    largest_bucket: int
    crowded: int
    capped: int
    templates: int
    forms: int
    largest_form: int
    audit_documents: int
    audit_pairs: int
    audit_found: int
    audit_missed: int
    audit_low: float
    audit_high: float
    seconds: float


def _read_verdict(native: Any, number: int) -> Verdict:
    values = native.verdict(number)
    verdict = Verdict(*values)
    return verdict._replace(span=TextSpan(*values[12])) if values[12] else verdict


class Group(Sequence[Verdict]):
    """Documents that are near-duplicates of each other: a sequence of their verdicts.

    Attributes:
        survivor: number of the document that stays for all of them.
        documents: the numbers of all, the survivor among them.
    """

    __slots__ = ("_native", "documents", "survivor")

    def __init__(self, native: Any, survivor: int, documents: list[int]) -> None:
        self._native = native
        self.survivor = survivor
        self.documents = documents

    def __len__(self) -> int:
        return len(self.documents)

    @overload
    def __getitem__(self, index: int) -> Verdict: ...

    @overload
    def __getitem__(self, index: slice) -> list[Verdict]: ...

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [_read_verdict(self._native, each) for each in self.documents[index]]
        return _read_verdict(self._native, self.documents[index])

    def __repr__(self) -> str:
        return f"<neardup.Group of {len(self)}: {self.documents}>"


class Pairs(Sequence[Pair]):
    """The pairs of near-duplicates, ordered by (a, b); an Arrow stream, too."""

    def __init__(self, native: Any) -> None:
        self._native = native

    def __len__(self) -> int:
        count: int = self._native.pair_count()
        return count

    @overload
    def __getitem__(self, index: int) -> Pair: ...

    @overload
    def __getitem__(self, index: slice) -> list[Pair]: ...

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return Pair(*self._native.pair(index + len(self) if index < 0 else index))

    def __repr__(self) -> str:
        return f"<neardup.Pairs: {len(self):,}>"

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A capsule with a stream of a, b, id_a, id_b, similarity, containment_a, _b and kind."""
        return self._native.pair_stream()


class Result:
    """What `dedup` decided about every document, and why.

    A sequence of verdicts: `result[3]` is about document 3. An Arrow stream, too, whose columns
    are document, id, kept, decision, survivor, survivor_id, similarity, containment, kind, group,
    group_size, span_offset and span_bytes: `polars.DataFrame(result)`, `pyarrow.table(result)`.

    Attributes:
        options: those that were given, as the library takes them.

    Threads: any may use one result; what reads texts again waits for others that do.
    """

    def __init__(self, native: Any, taken: Taken, options: dict[str, Any]) -> None:
        self._native = native
        self._taken = taken
        self._lock = threading.Lock()
        self.options = options

    def __len__(self) -> int:
        return len(self._native)

    def __getitem__(self, number: int) -> Verdict:
        return _read_verdict(self._native, number + len(self) if number < 0 else number)

    def __iter__(self) -> Iterator[Verdict]:
        return (self[number] for number in range(len(self)))

    def __repr__(self) -> str:
        counts = self.summary
        kinds = [
            f"{getattr(counts, kind):,} {kind}"
            for kind in ("identical", "normalized", "contained", "near")
            if getattr(counts, kind)
        ]
        reasons = f": {', '.join(kinds)}" if kinds else ""
        return (
            f"<neardup.Result: {counts.kept:,} of {counts.documents:,} documents kept, "
            f"{counts.dropped:,} removed{reasons}>"
        )

    def _repr_html_(self) -> str:
        return _html.result(self)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A capsule with a stream of the verdicts, in the order of the documents."""
        return self._native.stream()

    @cached_property
    def kept(self) -> list[int]:
        """Numbers of the documents to keep, from 0, in their order."""
        numbers: list[int] = self._native.numbers(True)
        return numbers

    @cached_property
    def removed(self) -> list[int]:
        """Numbers of the other documents."""
        numbers: list[int] = self._native.numbers(False)
        return numbers

    @cached_property
    def mask(self) -> list[bool]:
        """For every document, whether it is kept."""
        mask: list[bool] = self._native.mask()
        return mask

    @cached_property
    def ids(self) -> list[str]:
        """For every document, its id: as the data has it, else its row, or the path of its file."""
        ids: list[str] = self._native.ids()
        return ids

    @property
    def kept_ids(self) -> list[str]:
        """Ids of the documents to keep."""
        return [self.ids[number] for number in self.kept]

    @property
    def removed_ids(self) -> list[str]:
        """Ids of the other documents."""
        return [self.ids[number] for number in self.removed]

    @cached_property
    def groups(self) -> list[Group]:
        """Groups of two or more near-duplicates, the largest first."""
        members: dict[int, list[int]] = self._native.groups()
        groups = (Group(self._native, *each) for each in members.items())
        return sorted(groups, key=lambda group: (-len(group), group.documents[0]))

    @property
    def pairs(self) -> Pairs:
        """All pairs of near-duplicates, of a run with pairs=True or cluster="components".

        Texts that are the same count once.

        Raises:
            InvalidError: the run kept none.
        """
        if self._native.pair_count() is None:
            raise InvalidError("the run kept no pairs: say dedup(..., pairs=True)")
        return Pairs(self._native)

    @cached_property
    def summary(self) -> Summary:
        """The counts of the run."""
        return Summary(**self._native.summary())

    def filter(self, data: Any = None) -> Any:
        """The rows that are kept, as the caller's own type.

        Args:
            data: of the same rows, in the same order; what the result was made from, if not given.

        Returns:
            A list for a list, a DataFrame for a DataFrame, ...; a list for other iterables.

        Raises:
            InvalidError: the data has more or fewer rows.
            TypeError: the rows are gone, as those of an iterator, or stand in files.
        """
        return self._taken.choose(self.mask) if data is None else filter_rows(data, self.mask)

    def texts(self, documents: Sequence[int]) -> list[str]:
        """The texts of some documents, wherever the data has them.

        Args:
            documents: their numbers, rising, each once.

        Raises:
            ChangedError: a file is not what it was during the run.
        """
        numbers = [int(number) for number in documents]
        if any(not 0 <= number < len(self) for number in numbers):
            raise IndexError(f"documents are numbered from 0 to {len(self) - 1}")
        if any(a >= b for a, b in zip(numbers, numbers[1:])):
            raise ValueError("numbers of documents must rise")
        with self._lock, Talking(None) as talk:
            texts: list[str] = self._native.texts(numbers, talk)
        return texts

    def explain(self, document: int, other: Optional[int] = None, *, spans: int = 3) -> Explanation:
        """Compares a document with its survivor, or with another one, by the rule of the run."""
        verdict = self[document]
        with_one = verdict.survivor if other is None else self[other].document
        numbers = sorted({verdict.document, with_one})
        texts = dict(zip(numbers, self.texts(numbers)))
        return explain_named(
            texts[with_one],
            texts[verdict.document],
            self.options,
            spans,
            self[with_one].id,
            verdict.id,
        )

    def write(
        self,
        *outputs: str,
        force: bool = False,
        csv_raw: bool = False,
        progress: ProgressOption = None,
    ) -> None:
        """Writes outputs of the command line, all of them or none.

        Args:
            outputs: each "FORMAT:PATH": "jsonl:kept.jsonl.zst", "html:report.html",
                "plan:plan.jsonl"; see `output_formats`.
            force: replace outputs that exist.
            csv_raw: leave cells of CSV as they are that a spreadsheet would run.
            progress: as of `dedup`.

        Raises:
            ExistsError: an output exists.
            InvalidError: there is no such format, or the run did not keep what it shows.
            ChangedError: a file is not what it was during the run.
            InputError, NotFoundError: it cannot be written.
        """
        for output in outputs:
            if not isinstance(output, str):
                raise TypeError(f"an output must be a str, not {type(output).__name__}")
        options = {"outputs": list(outputs), "force": force, "csv_raw": csv_raw}
        try:
            with self._lock, Talking(progress) as talk:
                self._native.write(options, talk)
        except Error as error:
            error.path = error.path or named_path(error, outputs)
            raise


def output_formats() -> dict[str, str]:
    """The formats that `Result.write` knows, and what each is.

    >>> output_formats()["ids"]
    'ids of the kept documents, one a line'
    """
    return dict(_neardup.outputs())


