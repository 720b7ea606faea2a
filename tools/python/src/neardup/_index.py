# SPDX-License-Identifier: MIT
"""An index on disk: has this document been seen before?"""

from __future__ import annotations

import datetime
import math
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any, Callable, NamedTuple, Optional, TypeVar, Union, overload

from . import _neardup
from ._answers import Answer, Answers
from ._data import take
from ._documents import NAMES, Document, batches_of, document_of, is_one, is_rows, names_of
from ._dump import SupportsWrite, read_dump, write_dump
from ._errors import ExistsError, InvalidError, LimitError, NotFoundError
from ._explain import Explanation, explain_named
from ._options import resolve
from ._talk import ProgressOption, Talk, Talking

_Value = TypeVar("_Value")
_Date = Union[datetime.datetime, datetime.date, str]

# Seconds that the library waits for another writer before signals are looked after.
_WAIT = 0.2
_HELD = re.compile(r"has been changing the index for .*")
_READ_TOGETHER = 256
# The options that say which index is wanted, though they do not stand in what one tells of itself.
_RENAMED = {
    "preset": ("threshold", "shingle_size", "tokens", "number_agreement"),
    "secret": ("has_secret",),
}
_SYNCS = ("always", "batch", "never")


class IndexedDocument(NamedTuple):
    """A document as the index has it.

    Units: bytes of its text, tokens; `added` is when, in UTC. `number` is higher than those of all
    that came before. `first` documents stand for their `group` of copies. `text` is there in
    indexes with store="texts".
    """

    number: int
    id: str
    url: Optional[str]
    source: Optional[str]
    title: Optional[str]
    date: Optional[str]
    bytes: int
    tokens: int
    reading: str
    group: int
    first: bool
    added: datetime.datetime
    text: Optional[str]


class IndexStatistics(NamedTuple):
    """What an index holds.

    `groups` have two documents or more; `copies` are not the first of theirs; `fresh` documents
    stand in no segment yet. Units: database_bytes and segment_bytes on the disk.
    """

    documents: int
    groups: int
    copies: int
    database_bytes: int
    segment_bytes: int
    segments: int
    fresh: int
    bands: int
    rows: int


class IndexBuilt(NamedTuple):
    """What building came to: documents in the index, how many of them are copies, and how many were
    left out because their ids came before, or could not be read."""

    documents: int
    known: int
    repeated: int
    skipped: int


class Index:
    """Documents that were seen, on disk: asks and adds in a millisecond, however many there are.

    Used by any number of threads; of processes, one changes it at a time, the others wait, and any
    number ask meanwhile. Behind a fork it must be opened anew; pickling it does that. As a context
    manager it is closed at the end; a call of another thread that is under way is finished.

    A document is a str (its text), a pair (id, text), a dict with the customary names (text, id,
    url, source, date, title; `fields` says others), or a `Document`. Many documents are an iterable
    of these, a table or column with `__arrow_c_stream__`, or paths (pathlib.Path), as `dedup` takes
    them; then the answer is `Answers`. A str is a text here, no path.

    >>> with Index(None) as seen:
    ...     first = seen.check_and_add(("a", "The ferry was late on Monday because of fog."))
    ...     again = seen.check("The ferry was late on Monday, because of fog!")
    >>> first.decision, again.decision, again.match.id, again.match.kind
    ('new', 'known', 'a', 'normalized')

    Args:
        path: the folder of the index, which is made when it is not there. None: one of its own in
            the folder for temporary files, which goes away when it is closed.
        preset, threshold, shingle_size, char_shingles, exact_tokens, number_agreement, recall,
            sketch, slots, seed: what counts as alike, as of `dedup`. Kept with the index; of one
            that is there, what is given must be what it was made with.
        rule: "jaccard", or "either": also what stands in a document of the index.
        containment: the share of a text that must stand there; 0.9 if not given.
        store: "sets" (answers are exact), "sketches" (small, answers are estimates) or "texts"
            (as sets, and the texts are kept).
        secret: up to 64 bytes, so that nobody who does not know them can make texts that crowd it.
        create: False for an index that must be there.
        read_only: it is not changed, and must be there.
        lock_timeout: seconds that a change waits while another process changes the index.
        sync: "always": what was added is safe from a power failure when the call returns; "batch":
            some seconds later, and from the end of the process at once; "never".

    Raises:
        NotFoundError: there is no index, and none is to be made.
        ExistsError: the folder is there and holds something else.
        InvalidError: an option is not what it must be, or not what the index was made with.
        VersionError, CorruptError, InputError: it cannot be read.
    """

    def __init__(
        self,
        path: Union[str, os.PathLike[str], None],
        *,
        preset: Optional[str] = None,
        threshold: Optional[float] = None,
        shingle_size: Optional[int] = None,
        char_shingles: Union[int, bool, None] = None,
        exact_tokens: bool = False,
        number_agreement: Optional[float] = None,
        rule: Optional[str] = None,
        containment: Optional[float] = None,
        recall: Optional[float] = None,
        sketch: Optional[str] = None,
        slots: Optional[int] = None,
        seed: Union[int, str, None] = None,
        store: Optional[str] = None,
        secret: Optional[bytes] = None,
        create: bool = True,
        read_only: bool = False,
        lock_timeout: float = 10,
        sync: str = "always",
    ) -> None:
        given = {
            "preset": preset,
            "threshold": threshold,
            "shingle_size": shingle_size,
            "char_shingles": char_shingles,
            "exact_tokens": exact_tokens or None,
            "number_agreement": number_agreement,
            "rule": rule,
            "containment": containment,
            "recall": recall,
            "sketch": sketch,
            "slots": slots,
            "seed": seed,
            "store": store,
            "secret": secret,
        }
        if not lock_timeout >= 0:
            raise InvalidError(f"lock_timeout is {lock_timeout!r}, must be 0 or more seconds")
        if sync not in _SYNCS:
            raise InvalidError(f"sync is {sync!r}, must be always, batch or never")
        self._opening = {"read_only": read_only, "lock_timeout": lock_timeout, "sync": sync}
        self._patience = lock_timeout
        self._path = None if path is None else os.path.abspath(os.fspath(path))
        self._native = self._open(resolve(given), create and not read_only)

    def _open(self, options: dict[str, Any], create: bool) -> Any:
        if self._path is None:
            return _neardup.index_open_temporary(None, options)
        name = os.fsencode(self._path)
        is_made = create and not _neardup.index_is_at(name) and self._make(name, options)
        wait = max(min(self._patience, _WAIT), 0.001)
        native = _neardup.index_open(name, {**self._opening, "lock_timeout": wait})
        if not is_made and options:
            self._compare(native, options)
        return native

    def _make(self, name: bytes, options: dict[str, Any]) -> bool:
        """Whether it was made here, and not by another process at the same time."""
        try:
            _neardup.index_create(name, options)
        except ExistsError:
            for _ in range(50):
                if _neardup.index_is_at(name):
                    return False
                time.sleep(0.02)
            raise
        return True

    def _compare(self, native: Any, options: dict[str, Any]) -> None:
        there = native.options()
        wanted = _neardup.index_options(options)
        names = set(chain.from_iterable(_RENAMED.get(name, (name,)) for name in options))
        for name in sorted(names & set(there)):
            if there[name] != wanted[name]:
                raise InvalidError(
                    f"{self._path}: the index was made with {name} {there[name]}, not "
                    f"{wanted[name]}, and keeps it"
                )

    # Its life

    @property
    def path(self) -> Optional[str]:
        """The folder; None of a temporary one."""
        return self._path

    @property
    def options(self) -> dict[str, Any]:
        """What it was made with, under the names of the arguments."""
        told: dict[str, Any] = self._native.options()
        return told

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return bool(self._native.closed())

    def close(self) -> None:
        """Closes the index. Further calls raise InvalidError."""
        self._native.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> Any:
        if self._path is None:
            raise TypeError("a temporary index belongs to one process and cannot be pickled")
        return _open_again, (self._path, self._opening)

    def __repr__(self) -> str:
        return f"<neardup.Index: {self._path or 'temporary'}{', closed' if self.closed else ''}>"

    # Questions

    @overload
    def check(
        self,
        data: Union[str, Document, Mapping[str, Any], tuple[Optional[str], str]],
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
    ) -> Answer: ...
    @overload
    def check(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
        threads: Optional[int] = None,
        progress: ProgressOption = None,
    ) -> Answers: ...
    def check(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
        threads: Optional[int] = None,
        progress: ProgressOption = None,
    ) -> Union[Answer, Answers]:
        """Asks whether documents are known, and changes nothing.

        Args:
            data: one document, or many.
            fields: the names of its members or columns: {"text": "body", "id": "key"}.
            matches: how many documents that are like it are told, best first.
            within_days: dated documents that are more days apart are no match.
            threads: for many; all processors if not given.
            progress: for tables and paths, as of `dedup`.

        Returns:
            An `Answer` for one document, `Answers` for many.
        """
        query = {"matches": matches, "within_days": within_days, "threads": threads}
        return self._ask("check", data, query, fields, progress)

    @overload
    def check_and_add(
        self,
        data: Union[Document, Mapping[str, Any], tuple[Optional[str], str]],
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
        add_known: bool = False,
    ) -> Answer: ...
    @overload
    def check_and_add(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
        add_known: bool = False,
        threads: Optional[int] = None,
        progress: ProgressOption = None,
    ) -> Answers: ...
    def check_and_add(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        matches: int = 1,
        within_days: Optional[float] = None,
        add_known: bool = False,
        threads: Optional[int] = None,
        progress: ProgressOption = None,
    ) -> Union[Answer, Answers]:
        """Asks about each document, then adds it unless it is known.

        One after the other, so that of two copies the first is new and the second is known. A
        thousand documents are one transaction. A document with an id that is there takes the place
        of that one, also when it is known.

        Args:
            add_known: adds what is known, too, as a member of its group.

        Raises:
            InvalidError: a document without an id; the index is read-only.
            LimitError: another process changes the index, longer than lock_timeout.
        """
        query = {
            "matches": matches,
            "within_days": within_days,
            "add_known": add_known,
            "threads": threads,
        }
        return self._ask("check_and_add", data, query, fields, progress)

    @overload
    def add(
        self,
        data: Union[Document, Mapping[str, Any], tuple[Optional[str], str]],
        *,
        fields: Optional[Mapping[str, str]] = None,
    ) -> Answer: ...
    @overload
    def add(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        progress: ProgressOption = None,
    ) -> Answers: ...
    def add(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        progress: ProgressOption = None,
    ) -> Union[Answer, Answers]:
        """The same, and adds what is known, too."""
        return self._ask("add", data, {}, fields, progress)

    def _ask(
        self,
        question: str,
        data: Any,
        query: dict[str, Any],
        fields: Optional[Mapping[str, str]],
        progress: ProgressOption,
    ) -> Union[Answer, Answers]:
        if query.get("within_days") is not None and not query["within_days"] > 0:
            raise InvalidError(f"within_days is {query['within_days']!r}, must be above 0")
        names = names_of(fields)
        if is_one(data):
            return self._ask_rows(question, [[document_of(data, names)]], query)[0]
        first, rows = _peek(data)
        if rows is not None and is_rows(first):
            return self._ask_rows(question, batches_of(rows, names), query)
        return self._ask_corpus(question, data if rows is None else rows, query, fields, progress)

    def _ask_rows(
        self, question: str, batches: Iterable[list[Document]], query: dict[str, Any]
    ) -> Answers:
        rows: tuple[Any, ...] = ()
        for batch in batches:
            ask = partial(self._native.ask, question, batch, query, *rows)
            rows = self._wait_for_writers(ask)
        return Answers(*(rows or self._native.ask("check", [], {})))

    def _ask_corpus(
        self,
        question: str,
        data: Any,
        query: dict[str, Any],
        fields: Optional[Mapping[str, str]],
        progress: ProgressOption,
    ) -> Answers:
        with Talking(progress) as talk:
            corpus = self._corpus_of(data, fields, talk, needs_ids=question != "check")
            return Answers(*self._native.ask_corpus(question, corpus, query, talk))

    def _corpus_of(
        self, data: Any, fields: Optional[Mapping[str, str]], talk: Talk, needs_ids: bool = True
    ) -> Any:
        """Rows of a table have their ids from the table: their numbers say nothing tomorrow."""
        options: dict[str, Any] = {name: (fields or {}).get(name) for name in NAMES}
        if needs_ids and options["id"] is None and hasattr(data, "__arrow_c_stream__"):
            columns = _column_names(data)
            options["id"] = next((name for name in NAMES["id"] if name in columns), None)
            if options["id"] is None:
                raise InvalidError(
                    f"to be added, documents need ids: no column is {' or '.join(NAMES['id'])}, "
                    f"and fields names none; there are {', '.join(columns) or 'no names'}"
                )
        return take(data).open(options, talk)

    def _wait_for_writers(self, call: Callable[[], _Value]) -> _Value:
        """The library waits a little; between, signals are looked after."""
        begin = time.monotonic()
        while True:
            try:
                return call()
            except LimitError as error:
                waited = time.monotonic() - begin
                if not _HELD.search(str(error)):
                    raise
                if waited >= self._patience:
                    text = f"has been changing the index for {waited:.1f} seconds; give a longer "
                    error.args = (_HELD.sub(text + "lock_timeout", str(error)),)
                    raise

    # What it holds

    def __len__(self) -> int:
        return self.stat().documents

    def __bool__(self) -> bool:
        return True

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.get(id) is not None

    def get(self, id: str) -> Optional[IndexedDocument]:
        """The document with an id, or None."""
        if not isinstance(id, str):
            raise TypeError(f"an id must be a str, not {type(id).__name__}")
        found = self._native.get(id).rows(0, 1)
        return _make_indexed(found[0]) if found else None

    def __iter__(self) -> Iterator[IndexedDocument]:
        """All documents in the order in which they came, as they are when each is reached."""
        numbers = self._native.numbers()
        for begin in range(0, len(numbers), _READ_TOGETHER):
            some = self._native.by_numbers(numbers.rows(begin, begin + _READ_TOGETHER))
            yield from map(_make_indexed, some.rows(0, len(some)))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """All documents as an Arrow stream, with the columns of `IndexedDocument`."""
        with Talking(None) as talk:
            return self._native.documents(talk).stream()

    def groups(self) -> list[tuple[int, int]]:
        """The groups of two documents or more: the number of the first, and how many they are."""
        found = self._native.groups()
        groups: list[tuple[int, int]] = found.rows(0, len(found))
        return groups

    def stat(self) -> IndexStatistics:
        """Counts and sizes."""
        return IndexStatistics(*self._native.stat())

    # Changes

    def remove(self, ids: Union[str, Iterable[str]]) -> int:
        """Removes documents; returns how many of the ids there were.

        Afterwards the index answers as one that never had them.
        """
        names = [ids] if isinstance(ids, str) else list(ids)
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"ids must be str, not {type(name).__name__}")
        removed: int = self._wait_for_writers(lambda: self._native.remove(names))
        return removed

    def expire(self, before: _Date, *, progress: ProgressOption = None) -> int:
        """Removes documents that are dated before a day or time; returns how many.

        Those without a date that can be read stay. Times without a zone are in UTC. When it is
        interrupted, some are gone and the others are there.
        """
        moment: Union[str, int]
        if isinstance(before, datetime.date):
            if not isinstance(before, datetime.datetime):
                before = datetime.datetime(before.year, before.month, before.day)
            if before.tzinfo is None:
                before = before.replace(tzinfo=datetime.timezone.utc)
            moment = math.floor(before.timestamp() * 1000)
        else:
            moment = before
        with Talking(progress) as talk:
            removed: int = self._wait_for_writers(lambda: self._native.expire(moment, talk))
        return removed

    def merge(
        self, other: Union[Index, str, os.PathLike[str]], *, progress: ProgressOption = None
    ) -> None:
        """Adds the documents of another index, in their order, as if they came now.

        What has the id of a document that is there takes its place. Both must have been made with
        the same options; InvalidError names what differs.
        """
        if not isinstance(other, Index):
            with Index(other, create=False, read_only=True) as opened:
                self.merge(opened, progress=progress)
            return
        if other is self:
            raise InvalidError("an index cannot be merged with itself")
        with Talking(progress) as talk:
            self._wait_for_writers(partial(self._native.merge, other._native, talk))

    def build(
        self,
        data: Any,
        *,
        fields: Optional[Mapping[str, str]] = None,
        progress: ProgressOption = None,
    ) -> IndexBuilt:
        """Fills an empty index with many documents, much faster than `add` does.

        Of documents with one id the first is taken. What is there when building fails is
        incomplete: remove the folder.

        Args:
            data: a table, paths, or an iterable of dicts, as `dedup` takes them, with ids.

        Raises:
            InvalidError: the index is not empty.
        """
        with Talking(progress) as talk:
            first, rows = _peek(data)
            if rows is not None and is_rows(first):
                names = names_of(fields)
                documents = chain.from_iterable(batches_of(rows, names))
                corpus = take(_needing_ids(documents)).open({}, talk)
            else:
                corpus = self._corpus_of(data if rows is None else rows, fields, talk)
            return IndexBuilt(*self._native.build(corpus, talk))

    def dump(
        self,
        to: Union[str, os.PathLike[str], SupportsWrite],
        *,
        force: bool = False,
        progress: ProgressOption = None,
    ) -> None:
        """Writes everything as lines of JSON: `neardup index load`, and `load`, read them again.

        The first line tells what the index was made with, but for the secret; then comes a line a
        document, in the order in which they came.

        Args:
            to: a path; or what has `write` of bytes: a compressor such as gzip.open(path, "wb").
                A path gets the whole dump or, after a failure, stays as it was.
            force: replace a file that is there.

        Raises:
            ExistsError: there is such a file.
        """
        with Talking(progress) as talk:
            write_dump(lambda write: self._native.dump(write, talk), to, force)

    def load(
        self,
        lines: Union[str, os.PathLike[str], Iterable[Union[bytes, str]]],
        *,
        progress: ProgressOption = None,
    ) -> int:
        """Adds the documents of a dump, as if they came now; returns how many they are.

        What has the id of a document that is there takes its place. A thousand lines are added
        together: all of them or, after a failure, none.

        Args:
            lines: the path of a dump; or its lines, as gzip.open(path) and others give them.

        Raises:
            InvalidError: the index was made with other options than that of the dump.
            CorruptError: a line is none of a dump; `line` says which.
        """
        with Talking(progress) as talk:
            return read_dump(
                lambda batch: self._wait_for_writers(lambda: self._native.load(batch)), lines, talk
            )

    def explain(
        self,
        id: str,
        other_id: Optional[str] = None,
        *,
        text: Optional[str] = None,
        spans: int = 3,
    ) -> Explanation:
        """Compares a document of the index with another one, or with a text, as the index does.

        Args:
            id: of a document that is there, `a` of what is told.
            other_id, text: another one, or a text that need not be there: `b`.
            spans: as of `neardup.explain`.

        Raises:
            NotFoundError: no document has the id.
            InvalidError: the index was not made with store="texts".

        >>> with Index(None, store="texts") as seen:
        ...     _ = seen.add({"id": "a", "text": "The ferry was late on Monday because of fog."})
        ...     told = seen.explain("a", text="The ferry was late on Monday because of ice.")
        >>> told
        <neardup.Explanation: not similar, none, similarity 0.6667>
        """
        if (other_id is None) == (text is None):
            raise InvalidError("name the other document by other_id, or give a text: one of both")
        options = self.options
        if options["store"] != "texts":
            raise InvalidError(
                f"the index keeps {options['store']} and no texts, which store=\"texts\" is for"
            )
        del options["store"], options["has_secret"]
        a = self._text_of(id)
        b = self._text_of(other_id) if other_id is not None else text
        return explain_named(a, b or "", options, spans, id, other_id or "the text")

    def _text_of(self, id: str) -> str:
        found = self.get(id)
        if found is None:
            raise NotFoundError(f"no document has the id {id!r}")
        return found.text or ""

    def compact(self, *, progress: ProgressOption = None) -> None:
        """Makes it as small and fast as it can be; needs room on the disk for it once more.

        When it is interrupted, the index is as before.
        """
        with Talking(progress) as talk:
            self._wait_for_writers(lambda: self._native.compact(talk))

    def verify(self, *, progress: ProgressOption = None) -> None:
        """Reads everything and checks it. Raises CorruptError that says what is wrong first."""
        with Talking(progress) as talk:
            self._native.verify(talk)


def _open_again(path: str, opening: dict[str, Any]) -> Index:
    return Index(path, create=False, **opening)


def _make_indexed(row: tuple[Any, ...]) -> IndexedDocument:
    document = IndexedDocument(*row)
    moment = datetime.datetime.fromtimestamp(row[11] / 1000, datetime.timezone.utc)
    return document._replace(added=moment)


def _peek(data: Any) -> tuple[Any, Optional[Iterable[Any]]]:
    """The first row and all of them, of what has rows of Python's own; else None."""
    is_foreign = hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")
    if is_foreign or not isinstance(data, Iterable) or isinstance(data, os.PathLike):
        return None, None
    if type(data).__module__.partition(".")[0] in ("numpy", "pandas", "polars", "datasets"):
        return None, None
    rows = iter(data)
    try:
        first = next(rows)
    except StopIteration:
        return None, []
    return first, chain([first], rows) if rows is data else data


def _column_names(data: Any) -> list[str]:
    """Of a table of any library, without reading it."""
    names = getattr(getattr(data, "schema", None), "names", None)
    if names is None:
        names = getattr(data, "column_names", getattr(data, "columns", None))
    return [str(name) for name in (names() if callable(names) else names or ())]


def _needing_ids(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if not document.id:
            raise InvalidError("to be added, documents need ids")
        yield document._asdict()
