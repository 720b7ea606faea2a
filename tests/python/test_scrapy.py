# SPDX-License-Identifier: MIT
"""Crawls of a site on the loopback interface, by Scrapy itself: nothing is dropped that was not
passed before, and nothing passes twice."""
import collections
import json
import pathlib
import signal
import subprocess
import sys

import pytest

pytest.importorskip("scrapy")
import neardup.scrapy  # noqa: E402
import news_site  # noqa: E402
from scrapy.settings import Settings  # noqa: E402

CRAWL = pathlib.Path(__file__).with_name("crawl_news.py")
CONTENTS = news_site.pages()
LIVE = {f"live {i}" for i in range(news_site.LIVE)}


class Crawl:
    """A crawl that runs, with its outputs in a folder."""

    def __init__(self, site, folder, name, **settings):
        self.output, self.stats_path = folder / f"{name}.jsonl", folder / f"{name}.json"
        settings = {"NEARDUP_INDEX": str(folder / "seen"), **settings}
        pairs = [f"{name}={json.dumps(value)}" for name, value in settings.items()]
        command = [sys.executable, "-B", CRAWL, site.url, self.output, self.stats_path, *pairs]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def end(self):
        self.process.wait()
        return self

    @property
    def stats(self):
        return json.loads(self.stats_path.read_text())

    def items(self):
        if not self.output.exists():
            return []
        lines = self.output.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def passed(self):
        """How often each content passed."""
        return collections.Counter(content_of(item["url"]) for item in self.items())


def content_of(url):
    return CONTENTS["/" + url.split("/", 3)[3]]


@pytest.fixture
def site():
    with news_site.Site() as served:
        yield served


def once(contents=CONTENTS.values()):
    return dict.fromkeys(contents, 1)


def test_stopped_resumed_and_again(site, tmp_path):
    """A stop in the middle by Ctrl-C, then the rest; weeks later the pages have changed."""
    job = {"JOBDIR": str(tmp_path / "job")}
    first = Crawl(site, tmp_path, "first", **job)
    site.on_request = lambda count: count == 200 and first.process.send_signal(signal.SIGINT)
    assert first.end().process.returncode == 0
    part = first.passed()
    assert 0 < sum(part.values()) < 240 and set(part.values()) == {1}
    site.on_request = lambda count: None
    rest = Crawl(site, tmp_path, "rest", **job).end()
    assert part + rest.passed() == once()
    assert part & rest.passed() == {}
    known = first.stats["neardup/known"] + rest.stats["neardup/known"]
    assert known == len(CONTENTS) - len(once())
    assert site.requests == len(CONTENTS)

    site.visit = 1
    again = Crawl(site, tmp_path, "again").end()
    assert again.passed() == once(LIVE)
    assert again.stats["neardup/updated"] == news_site.LIVE
    assert again.stats["neardup/known"] == len(CONTENTS) - news_site.LIVE


def test_killed(site, tmp_path):
    """What was written before is dropped afterwards, and nothing else."""
    first = Crawl(site, tmp_path, "first")
    site.on_request = lambda count: count == 250 and first.process.kill()
    first.end()
    site.on_request = lambda count: None
    rest = Crawl(site, tmp_path, "rest").end()
    both = first.passed() + rest.passed()
    assert set(both) == set(once())
    # Those that were written and not yet in the index: of the last moment.
    assert sum(both.values()) - len(both) <= 40


@pytest.mark.parametrize("commit", ["scraped", "asked"])
def test_two_crawls_at_once(site, tmp_path, commit):
    crawls = [Crawl(site, tmp_path, name, NEARDUP_COMMIT=commit) for name in ("one", "two")]
    both = sum((crawl.end().passed() for crawl in crawls), collections.Counter())
    assert set(both) == set(once())
    # Of what both have on their way at the same time, both may pass; and none when told at once.
    if commit == "asked":
        assert both == once()
    third = Crawl(site, tmp_path, "third").end()
    assert third.passed() == {}


def test_what_a_later_pipeline_loses_is_not_seen(site, tmp_path):
    first = Crawl(site, tmp_path, "first", LOSES="/live/13").end()
    assert set(once()) - set(first.passed()) == {"live 13"}
    assert Crawl(site, tmp_path, "second").end().passed() == {"live 13": 1}


def test_marked_and_linked(site, tmp_path):
    marked = Crawl(site, tmp_path, "marked", NEARDUP_ACTION="mark", NEARDUP_COMMIT="closed").end()
    decisions = collections.Counter(item["neardup"]["decision"] for item in marked.items())
    assert decisions == {"new": len(once()), "known": len(CONTENTS) - len(once())}
    linked = Crawl(site, tmp_path, "linked", NEARDUP_ACTION="link").end()
    for item in linked.items():
        assert content_of(item["neardup"]) == content_of(item["url"])
    assert len(linked.items()) == len(CONTENTS)


def read(item, forget=(), **fields):
    return neardup.scrapy.Reader(fields, frozenset(forget)).read(item)


def test_items_are_read():
    item = {"link": "http://X.org/a?b=1&utm_source=m&n=2&ref=3#c", "content": ["one", None, "two"]}
    assert read(item, forget=["ref"]) == neardup.Document(
        "http://x.org/a?b=1&n=2", "one\n\ntwo", "http://x.org/a?b=1&n=2")  # fmt: skip
    item = {"page": {"body": "words"}, "key": 7}
    assert read(item, text="page.body", id=lambda item: item["key"])[:2] == ("7", "words")
    first, second = (read({"text": text}) for text in ("words", "other words"))
    assert first.id == read({"text": "words"}).id != second.id
    assert read({"title": "no text"}) is None and read({"text": ""}) is None
    with pytest.raises(neardup.InvalidError, match="there are id, text"):
        read({"text": "x"}, body=lambda item: "x")


KEPT = [
    "http://x.org/story?sid=12345",
    "http://x.org/?s=search+words",
    "http://x.org/?token=a1",
    "http://x.org/?id=0123456789abcdef01",
    "http://x.org/?q=utm_source",
    "http://x.org/a;b=1",
]


@pytest.mark.parametrize("kept", KEPT)
def test_what_may_name_a_page_stays(kept):
    assert neardup.scrapy.page_of(kept) == kept


def test_wrong_settings():
    class Crawler:
        stats = None

    for wrong in ("NEARDUP_ACTION", "NEARDUP_UPDATES", "NEARDUP_COMMIT"):
        Crawler.settings = Settings({"NEARDUP_INDEX": "seen", wrong: "maybe"})
        with pytest.raises(neardup.InvalidError, match=f"{wrong} is 'maybe', must be"):
            neardup.scrapy.NearDupPipeline(Crawler)
    Crawler.settings = Settings()
    with pytest.raises(neardup.scrapy.NotConfigured):
        neardup.scrapy.NearDupPipeline(Crawler)


def test_on_the_way(tmp_path):
    """What is lost on its way is not seen; what was added is."""
    words = "some words here"
    one, same = neardup.Document("a", words), neardup.Document("b", words)
    other = neardup.Document("c", "x y z")
    index = neardup.Index(tmp_path / "seen", sync="never")
    memory = neardup.scrapy.Memory(index, None, at_once=False)
    assert [answer.known for answer in memory.ask([one, same, other])] == [False, True, False]
    assert len(index) == 0
    assert memory.forget(["a", "b"]) == [True, False]
    assert not memory.ask([same])[0].known
    assert memory.add(["b", "c", "x"]) == [True, True, False]
    assert [document.id for document in index] == ["b", "c"]
    assert memory.ask([one])[0].match.id == "b" and memory.ask([same])[0].same_id
    memory.close()
