# SPDX-License-Identifier: MIT
"""A pipeline of Scrapy that knows what was scraped before: near-duplicates are dropped, marked or
linked, by an index that crawls share.

    ITEM_PIPELINES = {"neardup.scrapy.NearDupPipeline": 300}
    NEARDUP_INDEX = "seen"

Settings, all but the first with a default:

    NEARDUP_INDEX       folder of the index; made when it is not there
    NEARDUP_ACTION      "drop" (DropItem), "mark" (the item passes with the member `neardup`, what
                        was found of it) or "link" (the same, with the id of the first one only)
    NEARDUP_FIELDS      names of the item's members: {"text": "body", "id": "key"}; a path such as
                        "page.body", or a function of the item, too. The customary names if not
                        given; the id is the address, without what only counts visits, or
                        else made of the text
    NEARDUP_PRESET, NEARDUP_THRESHOLD, NEARDUP_OPTIONS
                        what counts as alike, as of `neardup.Index`; kept with the index
    NEARDUP_WITHIN_DAYS dated items that are more days apart are no copies
    NEARDUP_UPDATES     "pass" (a page that changed since the last visit passes and takes its own
                        place) or "drop" (a page is scraped once)
    NEARDUP_COMMIT      when an item is in the index: "scraped" (it has passed all pipelines),
                        "closed" (the spider is closed: for outputs that are stored at the end
                        only) or "asked" (at once: of crawls that run at the same time only one has
                        it; what is lost in a crash is taken for seen)
    NEARDUP_SYNC        "batch"; as of `neardup.Index`
    NEARDUP_LOCK_TIMEOUT seconds that a change waits for another crawl; 60
    NEARDUP_FORGET      names of further parameters of addresses that only count visits

What is seen: an item whose words the index has, or nearly. The same address with other words is an
update. What a later pipeline drops or fails on is not seen, nor, unless NEARDUP_COMMIT is "asked",
what a crash loses. Items that are on their way together are compared with each other, too.
Stats: neardup/checked, neardup/new, neardup/known, neardup/known/KIND, neardup/updated,
neardup/added, neardup/failed, neardup/longest_wait.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union
from urllib.parse import urlsplit, urlunsplit

from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.statscollectors import StatsCollector
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from ._answers import Answer, Match
from ._documents import NAMES, Document, names_of
from ._errors import Error, InvalidError
from ._index import Index

logger = logging.getLogger("neardup")

_Field = Union[str, Callable[[Any], Any]]

# Parameters that say who came from where, never which page is meant.
_VISITS = re.compile(
    r"utm_\w+|gclid|dclid|fbclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(enc|mi)|wt_?mc"
    r"|phpsessid|jsessionid|aspsessionid\w*|session_?id|cfid|cftoken",
    re.IGNORECASE,
)
# A session under a name that may be another's: long, of letters and digits.
_SESSION = re.compile(r"(sid|s|session|token)=(?=\w*\d)(?=\w*[a-z])\w{16,}", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)

_ACTIONS = ("drop", "mark", "link")
_UPDATES = ("pass", "drop")
_COMMITS = ("scraped", "closed", "asked")
# What waits is done in this order.
_ORDER = ("forget", "add", "ask")


def page_of(url: str, forget: frozenset[str] = frozenset()) -> str:
    """The address without what only counts visits: tracking parameters, sessions, the fragment.

    >>> page_of("http://x.org/a;jsessionid=1F?id=7&utm_source=mail&sid=0123456789abcdef#top")
    'http://x.org/a?id=7'
    """
    parts = urlsplit(url)
    kept = [
        each
        for each in parts.query.split("&")
        if each
        and not _VISITS.fullmatch(each.partition("=")[0])
        and not _SESSION.fullmatch(each)
        and each.partition("=")[0] not in forget
    ]
    path = _SESSION_IN_PATH.sub("", parts.path)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, "&".join(kept), ""))


class Reader:
    """Takes documents out of items."""

    def __init__(self, fields: Mapping[str, _Field], forget: frozenset[str]) -> None:
        self._calls = {part: field for part, field in fields.items() if callable(field)}
        self._names = names_of({p: f for p, f in fields.items() if isinstance(f, str)})
        for part in self._calls:
            if part not in NAMES:
                raise InvalidError(f"NEARDUP_FIELDS has {part!r}; there are {', '.join(NAMES)}")
        self._forget = forget

    def read(self, item: Any) -> Optional[Document]:
        """None for items without a text, which are no business of ours."""
        adapter = ItemAdapter(item)
        parts = {part: self._part(part, item, adapter) for part in NAMES}
        if not parts["text"]:
            return None
        page = page_of(parts["url"], self._forget) if parts["url"] else None
        parts["id"] = parts["id"] or page or _name_of(parts["text"])
        return Document(**{**parts, "url": page})

    def _part(self, part: str, item: Any, adapter: ItemAdapter) -> Optional[str]:
        if part in self._calls:
            value = self._calls[part](item)
        else:
            value = next(filter(None, (_find(adapter, name) for name in self._names[part])), None)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, (list, tuple)):
            return "\n\n".join(str(each) for each in value if each)
        return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _name_of(text: str) -> str:
    """For items with neither id nor address: they are known by their words alone."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    return f"text:{digest.hexdigest()}"


def _find(adapter: ItemAdapter, name: str) -> Any:
    value: Any = adapter
    for part in [name] if name in adapter else name.split("."):
        value = value.get(part) if hasattr(value, "get") else None
    return value


class Memory:
    """The index, and what is on its way there. Used by one thread at a time.

    With `at_once` what passes is in the index itself; else in one of its own, until it is added.
    """

    def __init__(self, index: Index, within_days: Optional[float], at_once: bool) -> None:
        self._index = index
        self._at_once = at_once
        options = {name: value for name, value in index.options.items() if name in _CARRIED}
        self._coming = index if at_once else Index(None, sync="never", **_given(options))
        self._query: dict[str, Any] = {"within_days": within_days, "threads": 1}
        self._documents: dict[str, Document] = {}

    def ask(self, documents: list[Document]) -> list[Answer]:
        """Asks about documents that come together; those that are new or updates are coming."""
        passing = list(range(len(documents)))
        answers: list[Answer] = []
        if not self._at_once:
            answers = list(self._index.check(documents, **self._query))
            passing = [number for number in passing if not is_seen(answers[number])]
        coming = self._coming.check_and_add([documents[i] for i in passing], **self._query)
        answers = answers or list(coming)
        for number, answer in zip(passing, coming):
            if answer.same_id or is_seen(answer):
                answers[number] = answer
            if not is_seen(answer):
                document = documents[number]
                self._documents[document.id or ""] = document
        return answers

    def add(self, ids: list[str]) -> list[bool]:
        """What was coming is there; tells which of them were coming."""
        there = [self._documents.get(id) for id in ids]
        self._index.add(list({each.id: each for each in there if each is not None}.values()))
        if not self._at_once:
            self._coming.remove(ids)
        for id in ids:
            self._documents.pop(id, None)
        return [each is not None for each in there]

    def forget(self, ids: list[str]) -> list[bool]:
        """What was coming is lost."""
        coming = [id for id in ids if id in self._documents]
        self._coming.remove(coming)
        return [self._documents.pop(id, None) is not None for id in ids]

    def close(self) -> None:
        self._coming.close()
        self._index.close()


# What an index on its way has of the one that it goes to.
_CARRIED = ("threshold", "shingle_size", "tokens", "number_agreement", "rule", "containment",
            "recall", "sketch", "slots", "seed", "store")  # fmt: skip


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """As arguments of an index."""
    tokens = options.pop("tokens")
    if options.get("rule") == "jaccard":
        options.pop("containment")
    if tokens == "characters":
        options["char_shingles"] = options.pop("shingle_size")
    elif tokens == "exact":
        options["exact_tokens"] = True
    return options


def is_seen(answer: Answer) -> bool:
    """Whether an item adds nothing: its words are known, or nearly, and it is no later state."""
    if answer.match is None:
        return False
    return not answer.update or answer.match.kind in ("identical", "normalized")


class Desk:
    """Gathers what is asked while a thread is at work, so that the reactor never waits: what comes
    meanwhile is one batch, and one transaction."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._waiting: list[tuple[str, Any, Deferred[Any]]] = []
        self._is_working = False
        self._idle: list[Deferred[None]] = []

    def put(self, what: str, about: Any) -> Deferred[Any]:
        """Of "ask" the answer comes, of "add" and "forget" whether it was coming."""
        done: Deferred[Any] = Deferred()
        self._waiting.append((what, about, done))
        if not self._is_working:
            self._work()
        return done

    def idle(self) -> Deferred[None]:
        """When all is done."""
        done: Deferred[None] = Deferred()
        self._idle.append(done)
        self._rest()
        return done

    def _work(self) -> None:
        self._is_working = True
        what = min((each[0] for each in self._waiting), key=_ORDER.index)
        some = [(about, done) for each, about, done in self._waiting if each == what]
        self._waiting = [each for each in self._waiting if each[0] != what]
        self._start(getattr(self._memory, what), some)

    def _start(
        self, work: Callable[[list[Any]], list[Any]], some: list[tuple[Any, Deferred[Any]]]
    ) -> None:
        def tell(answers: list[Any]) -> None:
            for answer, (_, done) in zip(answers, some):
                done.callback(answer)

        def fail(failure: Failure) -> None:
            for _, done in some:
                done.errback(failure)

        working = deferToThread(work, [about for about, _ in some])
        working.addCallbacks(tell, fail)
        working.addBoth(lambda _: self._go_on())

    def _go_on(self) -> None:
        self._is_working = False
        if self._waiting:
            self._work()
        self._rest()

    def _rest(self) -> None:
        if not self._is_working:
            idle, self._idle = self._idle, []
            for each in idle:
                each.callback(None)


class SeenItem(DropItem):
    """An item that the index knows."""


class NearDupPipeline:
    """See the module."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._path = settings.get("NEARDUP_INDEX")
        if not self._path:
            raise NotConfigured("NEARDUP_INDEX names the folder of the index")
        self._action = _choose(settings, "NEARDUP_ACTION", _ACTIONS)
        self._updates = _choose(settings, "NEARDUP_UPDATES", _UPDATES)
        self._commit = _choose(settings, "NEARDUP_COMMIT", _COMMITS)
        forget = frozenset(settings.getlist("NEARDUP_FORGET"))
        self._reader = Reader(settings.getdict("NEARDUP_FIELDS"), forget)
        self._stats = crawler.stats
        self._crawler = crawler
        self._on_way: dict[str, Any] = {}
        self._scraped: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NearDupPipeline:
        self = cls(crawler)
        connect = crawler.signals.connect
        connect(self._item_scraped, signal=signals.item_scraped)
        connect(self._item_lost, signal=signals.item_dropped)
        connect(self._item_lost, signal=signals.item_error)
        connect(self._engine_stopped, signal=signals.engine_stopped)
        return self

    def open_spider(self, spider: Any = None) -> None:
        settings = self._crawler.settings
        options = {
            "preset": settings.get("NEARDUP_PRESET"),
            "threshold": settings.getfloat("NEARDUP_THRESHOLD") or None,
            "sync": settings.get("NEARDUP_SYNC", "batch"),
            "lock_timeout": settings.getfloat("NEARDUP_LOCK_TIMEOUT", 60),
            **settings.getdict("NEARDUP_OPTIONS"),
        }
        within_days = settings.getfloat("NEARDUP_WITHIN_DAYS") or None
        index = Index(self._path, **options)
        self._memory = Memory(index, within_days, at_once=self._commit == "asked")
        self._desk = Desk(self._memory)

    async def process_item(self, item: Any, spider: Any = None) -> Any:
        document = self._reader.read(item)
        if document is None:
            return item
        begin = time.monotonic()
        try:
            answer: Answer = await maybe_deferred_to_future(self._desk.put("ask", document))
        except Error:
            # Nothing is known: what is scraped twice is better than what is lost.
            logger.exception("the index could not be asked about %s; it passes", document.id)
            self._count("failed")
            return item
        self._stats_of().max_value("neardup/longest_wait", time.monotonic() - begin)
        return self._decide(item, document, answer)

    def _decide(self, item: Any, document: Document, answer: Answer) -> Any:
        self._count("checked")
        is_same_page = answer.same_id or answer.update
        if is_seen(answer) or (is_same_page and self._updates == "drop"):
            decision = "known"
            self._count(f"known/{answer.match.kind if answer.match else 'page'}")
        else:
            decision = "updated" if is_same_page else "new"
        self._count(decision)
        if decision != "known":
            self._on_way[document.id or ""] = item
        return self._act(item, decision, answer.match)

    def _act(self, item: Any, decision: str, match: Optional[Match]) -> Any:
        if self._action == "drop":
            if decision == "known":
                raise SeenItem(_reason_of(match))
            return item
        found: Any = match.id if match and decision == "known" else None
        if self._action == "mark":
            found = {
                "decision": decision,
                "id": match.id if match else None,
                "url": match.url if match else None,
                "kind": match.kind if match else None,
                "similarity": match.similarity if match else None,
            }
        ItemAdapter(item)["neardup"] = found
        return item

    # What becomes of items afterwards

    def _id_of(self, item: Any) -> Optional[str]:
        """By which it was asked about; other pipelines may have made another object of it."""
        name = next((name for name, each in self._on_way.items() if each is item), None)
        if name is None:
            try:
                document = self._reader.read(item)
            except (Error, TypeError):
                return None
            name = document.id if document else None
        self._on_way.pop(name or "", None)
        return name

    def _item_scraped(self, item: Any) -> None:
        name = self._id_of(item)
        if name is not None:
            self._scraped.append(name)
            if self._commit != "closed":
                self._add()

    def _item_lost(self, item: Any, exception: Any = None) -> None:
        name = None if isinstance(exception, SeenItem) else self._id_of(item)
        if name is not None:
            self._desk.put("forget", name).addErrback(self._failed, [])

    def _add(self) -> Deferred[Any]:
        """Those that were scraped; what fails is tried again with the next ones."""
        names, self._scraped = self._scraped, []
        adding = [self._desk.put("add", name) for name in names]
        for name, each in zip(names, adding):
            each.addCallbacks(self._added, self._failed, errbackArgs=([name],))
        return DeferredList(adding)

    def _added(self, was_coming: bool) -> None:
        if was_coming:
            self._count("added")

    def _failed(self, failure: Failure, names: list[str]) -> None:
        logger.error("the index could not be changed: %s", failure.value)
        self._count("failed")
        self._scraped += names

    async def close_spider(self, spider: Any = None) -> None:
        if self._commit != "closed":
            await maybe_deferred_to_future(self._add())
        await maybe_deferred_to_future(self._desk.idle())

    async def _engine_stopped(self) -> None:
        """By now the outputs are stored."""
        if not hasattr(self, "_desk"):
            return
        await maybe_deferred_to_future(self._add())
        await maybe_deferred_to_future(self._desk.idle())
        self._memory.close()

    def _stats_of(self) -> StatsCollector:
        assert self._stats is not None
        return self._stats

    def _count(self, name: str) -> None:
        self._stats_of().inc_value(f"neardup/{name}")


def _choose(settings: Any, name: str, choices: tuple[str, ...]) -> str:
    value: str = settings.get(name, choices[0])
    if value not in choices:
        raise InvalidError(f"{name} is {value!r}, must be {' or '.join(choices)}")
    return value


def _reason_of(match: Optional[Match]) -> str:
    if match is None:
        return "the page was scraped before"
    return f"{match.kind}, {match.similarity:.0%} like {match.id}"
