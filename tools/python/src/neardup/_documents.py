# SPDX-License-Identifier: MIT
"""Single documents, as an index takes them, of what callers have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, Optional

from ._errors import InvalidError, NotFoundError

# The customary names, those that are looked for first in front: as readers of files have them.
NAMES = {
    "id": ("id", "_id", "doc_id"),
    "text": ("text", "content", "body"),
    "url": ("url", "link"),
    "source": ("source", "site", "domain"),
    "date": ("date", "published", "timestamp"),
    "title": ("title", "headline"),
}
TOGETHER = 1000


class Document(NamedTuple):
    """What an index looks at. Only `text` is needed for asking, `id` also for adding."""

    id: Optional[str]
    text: Optional[str]
    url: Optional[str] = None
    source: Optional[str] = None
    date: Optional[str] = None
    title: Optional[str] = None


def names_of(fields: Optional[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """By which names each part is looked for."""
    given = dict(fields or {})
    for part in given:
        if part not in NAMES:
            raise InvalidError(f"fields has {part!r}; there are {', '.join(NAMES)}")
    return {**NAMES, **{part: (name,) for part, name in given.items()}}


def is_one(data: Any) -> bool:
    """Whether the data is one document: a text, a record, or a pair of id and text."""
    return isinstance(data, (str, Mapping, Document)) or is_pair(data)


def is_pair(data: Any) -> bool:
    return (
        isinstance(data, tuple)
        and len(data) == 2
        and isinstance(data[0], (str, int, type(None)))
        and isinstance(data[1], (str, type(None)))
    )


def is_rows(first: Any) -> bool:
    """Whether rows that begin with this one are documents of Python's own."""
    return first is None or is_one(first)


def _text_of(part: str, value: Any) -> Optional[str]:
    if value is None or isinstance(value, str):
        return value
    if part == "text":
        if isinstance(value, (list, tuple)):
            return "\n\n".join(each for each in value if each)
        raise TypeError(f"a text must be a str, a list of str or None, not {type(value).__name__}")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _of_record(record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> Document:
    parts = {
        part: _text_of(part, next((record[name] for name in wanted if name in record), None))
        for part, wanted in names.items()
    }
    if parts["text"] is None and not any(name in record for name in names["text"]):
        wanted = " or ".join(names["text"])
        raise NotFoundError(f"a record has no {wanted}; there are {', '.join(map(str, record))}")
    return Document(**parts)


def document_of(row: Any, names: Mapping[str, tuple[str, ...]]) -> Document:
    """The parts of one document."""
    if isinstance(row, Document):
        return row
    if row is None or isinstance(row, str):
        return Document(None, row)
    if isinstance(row, Mapping):
        return _of_record(row, names)
    if is_pair(row):
        return Document(None if row[0] is None else str(row[0]), row[1])
    raise TypeError(
        f"a document must be a str, a dict or a pair of id and text, not {type(row).__name__}"
    )


def batches_of(
    rows: Iterable[Any], names: Mapping[str, tuple[str, ...]]
) -> Iterator[list[Document]]:
    """A thousand documents at a time."""
    documents = (document_of(row, names) for row in rows)
    while batch := list(islice(documents, TOGETHER)):
        yield batch
