#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of passages in a real browser: hostile texts, then every control.

usage: test_passage_page.py NEARDUP

Skipped (exit status 77) where there is no Chromium; CHROMIUM names another one.
"""
import random
import sys

import hostile_texts
import page_case
from page_case import (OPEN_ALL, WORDS, check, choose, click, current, equal, neardup, nothing_ran,
                       quiet, visible_cards, write_records)
from test_report_page import test_looks


def shared_records():
    """Two or three documents with a passage for each payload, which stands in it, before or behind
    it, and in every field; every other passage was edited."""
    for i, payload in enumerate(hostile_texts.payloads()):
        words = random.Random(2000 + i).choices(WORDS, k=60)
        for copy in range(2 + i % 2):
            own = [f"own{i}x{copy}x{k}" for k in range(12)]
            edited = words[:30] + (["mended"] if copy == 1 and i % 4 < 2 else []) + words[30:]
            middle = edited[:20] + [payload] + edited[20:]
            yield {"id": f"{payload}#{i}.{copy}", "title": payload, "source": payload,
                   "url": payload, "date": payload,
                   "text": " ".join(own[:6] + [payload] + middle + [payload] + own[6:])}


def test_hostile(program, browser, folder):
    """The page of passages: hostile texts everywhere in it."""
    write_records(folder / "shared.jsonl", shared_records())
    neardup(program, "passages", "shared.jsonl", "-q", "-o", "html:shared.html", "--report-dir",
            "shared", folder=folder)
    size = (folder / "shared.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    titles = []
    pages = sorted((folder / "shared").glob("page-*.html"))
    for page in (folder / "shared.html", *pages):
        browser.open(page.as_uri())
        check(browser.run(OPEN_ALL) > 0, "no passages")
        browser.run("document.querySelectorAll('.in-context, .member-button').forEach("
                    "(one) => { one.open = true; one.click(); })")
        browser.settle(0.5)
        nothing_ran(browser)
        links = browser.run("[...document.querySelectorAll('main .document-meta a[href]')].map("
                            "(a) => [a.protocol, a.rel])")
        check(all(protocol in ("http:", "https:") and "noopener" in rel
                  for protocol, rel in links), f"links {links}")
        if page in pages:
            titles += browser.run("[...document.querySelectorAll('h4 > bdi')].map("
                                  "(node) => node.textContent)")
        quiet(browser)
    missing = [payload for payload in hostile_texts.payloads() if payload not in titles]
    check(not missing, f"titles that are not shown as they are: {missing[:3]}")


def test_controls(program, browser, folder):
    """Who was first, the text once or in rows, filters, orders and keys."""
    write_records(folder / "papers.jsonl", paper_records())
    neardup(program, "passages", "papers.jsonl", "-q", "-o", "html:papers.html", folder=folder)
    browser.open((folder / "papers.html").as_uri())
    equal(browser.run("document.querySelector('.headline').textContent"),
          "3 passages stand in several of 8 documents", "headline")
    every = visible_cards(browser)
    equal([title.split()[0] for title in every], ["release0", "edited0", "undated0"], "passages")
    body = "document.querySelector('.card:has(#g%d) %s')"
    equal(browser.run(body % (1, ".why b") + ".textContent"), "Wire", "who had it first")
    check("agree byte for byte" in browser.run(body % (1, ".why") + ".textContent"), "one wording")
    equal(browser.run("document.querySelectorAll('.card:has(#g1) .once').length"), 1,
          "the text, once")
    equal(browser.run("[...document.querySelectorAll('.card:has(#g1) .around')].map("
                      "(one) => one.textContent)"),
          ["beginning of the text", "before0 before1", "behind0", "end of the text"], "around it")
    equal(browser.run("[...document.querySelectorAll('.card:has(#g2) .aligned mark')].map("
                      "(one) => one.textContent)"), ["ninth", "second"], "the edit")
    check("none is known to be first" in browser.run(body % (3, ".why") + ".textContent"),
          "nobody is first without dates")
    test_filters(browser, every)
    test_flows(browser, every)
    browser.run("document.activeElement.blur()")
    for key in "jj":
        browser.press(key)
    equal(current(browser), 1, "passage after j j")
    browser.press("n")
    equal(browser.run("document.querySelectorAll('.card:has(#g2) .row.chosen').length"), 1,
          "the difference after n")
    browser.press("h")
    equal(browser.run(body % (2, "[aria-pressed=true]") + ".dataset.index"), "0", "place after h")
    equal(browser.run("document.querySelectorAll('.card:has(#g2) .sides.one').length"), 1,
          "the first by itself")
    browser.press("?")
    check("keep or drop" not in browser.run("document.querySelector('#help').textContent"), "keys")
    browser.press("Escape")
    test_looks(browser)
    quiet(browser)


def test_filters(browser, every):
    """Search, source, dates, length, documents and order, each with what is left."""
    for selector, value, left in (
            ("#search", "edited3 before1", []), ("#search", "before1", every[:1]),
            ("#least-tokens", "45", every[1:2]), ("#least-documents", "3", every[:1]),
            ("#date-from", "2021-01-01", every[1:2]), ("#date-to", "2020-12-31", every[:1])):
        before = browser.run(f"document.querySelector('{selector}').value")
        choose(browser, selector, value)
        equal(visible_cards(browser), left, f"{selector} {value}")
        choose(browser, selector, before)
    equal(visible_cards(browser), every, "all again")
    sources = browser.run("[...document.querySelector('#source').options].map((o) => o.text)")
    choose(browser, "#source", str(sources.index("Blog") - 1))
    equal(visible_cards(browser), every[1:2], "passages of one source")
    choose(browser, "#source", "")
    click(browser, "#differing")
    equal(visible_cards(browser), every[1:2], "of several wordings")
    click(browser, "#differing")
    choose(browser, "#order", "longest")
    equal(visible_cards(browser), [every[1], every[0], every[2]], "longest first")
    choose(browser, "#order", "oldest")
    equal(visible_cards(browser), every, "oldest first")
    choose(browser, "#order", "documents")


def test_flows(browser, every):
    """A cell of the matrix shows what one source had first and the other later."""
    cells = browser.run("[...document.querySelectorAll('.matrix td button')].map("
                        "(one) => [one.title.split(':')[0], one.textContent])")
    equal(sorted(cells), [["1 passage that Blog had first stands later in Wire", "1"],
                          ["1 passage that Wire had first stands later in Post", "1"]], "matrix")
    click(browser, ".matrix td button[title$=\"in Wire: show those that are here\"]")
    equal(visible_cards(browser), every[1:2], "passages of the cell")
    click(browser, ".chip.pair button")
    equal(visible_cards(browser), every, "passages after the chip was closed")


def paper_records():
    """Three passages: word for word, edited, and without dates."""
    release = " ".join(f"release{i}" for i in range(40))
    edited = [f"edited{i}" for i in range(50)]
    undated = " ".join(f"undated{i}" for i in range(30))
    yield {"id": "1", "source": "Post", "date": "2020-03-04",
           "text": f"before0 before1 {release}"}
    yield {"id": "2", "source": "Wire", "date": "2020-03-01", "text": f"{release} behind0"}
    yield {"id": "3", "source": "Post", "date": "2020-03-09", "text": f"other0 {release}"}
    for number, date, word in (("4", "2021-05-02", "second"), ("5", "2021-05-01", "ninth")):
        yield {"id": number, "source": "Blog" if word == "ninth" else "Wire", "date": date,
               "text": " ".join(edited[:25] + [word] + edited[25:])}
    yield {"id": "6", "source": "Post", "text": undated}
    yield {"id": "7", "source": "Wire", "text": undated}
    yield {"id": "8", "source": "Wire", "text": "nothing that others have"}


def many_records(pairs):
    """Pairs of documents that share a passage of their own."""
    for i in range(pairs):
        words = " ".join(random.Random(i).choices(WORDS, k=40))
        for copy in "ab":
            yield {"id": f"{i}{copy}", "source": copy, "text": f"{copy}{i} {words}"}


def test_pages(program, browser, folder):
    """All passages in several files: from the index to a page and back."""
    write_records(folder / "many.jsonl", many_records(130))
    neardup(program, "passages", "many.jsonl", "-q", "--report-dir", "many", folder=folder)
    browser.open((folder / "many" / "index.html").as_uri())
    equal(browser.run("document.querySelector('.headline').textContent"),
          "130 passages stand in several of 260 documents", "headline")
    equal(browser.run("[...document.querySelectorAll('.page-list a')].map((a) => a.textContent)"),
          ["1 to 50", "51 to 100", "101 to 130"], "pages")
    quiet(browser)
    sizes = []
    for number in (1, 2, 3):
        browser.open((folder / "many" / f"page-{number}.html").as_uri())
        sizes.append(len(visible_cards(browser)))
        quiet(browser)
    equal(sizes, [50, 50, 30], "passages on the pages")
    equal(browser.run("document.querySelector('.headline').textContent"),
          "Passages 101 to 130 of 130", "title of the last page")


def test_empty(program, browser, folder):
    """Without passages the page says so."""
    write_records(folder / "one.jsonl", [{"id": "a", "text": "one text and no other"}])
    neardup(program, "passages", "one.jsonl", "-q", "-o", "html:one.html", folder=folder)
    browser.open((folder / "one.html").as_uri())
    check("No two documents share a passage" in browser.run("document.body.textContent"), "none")
    quiet(browser)


if __name__ == "__main__":
    TESTS = (test_hostile, test_controls, test_pages, test_empty)
    sys.exit(page_case.run_tests(__doc__, "browser: passages", TESTS))
