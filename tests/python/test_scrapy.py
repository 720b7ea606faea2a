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
import news_site  # noqa: E402

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
    print("longest gap of the reactor, longest wait of an item, in s:",
          [(each.stats["gap"], each.stats["neardup/longest_wait"]) for each in (first, rest, again)])


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
