#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page about stories in a real browser: hostile texts, then every control.

usage: test_story_page.py NEARDUP

Skipped (exit status 77) where there is no Chromium; CHROMIUM names another one.
"""
import json
import pathlib
import random
import subprocess
import sys

import hostile_texts
import page_case
from page_case import (OPEN_ALL, check, choose, click, equal, neardup, nothing_ran, quiet,
                       visible_cards, write_records)

PAPERS = pathlib.Path(__file__).resolve().parent.parent / "cli" / "data" / "papers.jsonl"


def story_words(story, count, seed=0):
    """Words that no other story has."""
    return [f"w{story}x{k}" for k in random.Random(f"{story} {seed}").choices(range(400), k=count)]


def hostile_records():
    """A story for each payload, which stands in every field of a text, of a copy of it that changes
    some words, and of one that takes half of it."""
    for i, payload in enumerate(hostile_texts.payloads()):
        words = story_words(i, 120)
        texts = [words, words[:60] + ["changed"] + words[60:],
                 words[:60] + story_words(i, 40, "own")]
        for copy, text in enumerate(texts):
            date = payload if copy == 2 else f"2026-03-{copy + 1:02}"
            in_text = payload if copy == i % 3 or i < 50 else "fathom"
            yield {"id": f"{payload}#{i}.{copy}", "title": payload, "source": f"{payload}{copy}",
                   "url": payload, "date": date, "text": f"{in_text} {' '.join(text)}"}


CLICK_ALL = """[...document.querySelectorAll('.tree .member-button')].forEach((b) => b.click())"""


def test_hostile(program, browser, folder):
    """Texts of every kind are shown, and only shown: in one page, and in several."""
    write_records(folder / "hostile.jsonl", hostile_records())
    neardup(program, "group", "hostile.jsonl", "-q", "-o", "html:hostile.html", "--report-dir",
            "hostile", folder=folder)
    size = (folder / "hostile.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    pages = [folder / "hostile.html"] + [folder / "hostile" / f"page-{i}.html" for i in range(1, 5)]
    titles = []
    for page in pages:
        browser.open(page.as_uri())
        browser.run(OPEN_ALL)
        browser.run(CLICK_ALL)
        browser.settle(0.5)
        nothing_ran(browser)
        quiet(browser)
        found = browser.run("[...document.querySelectorAll('.tree .member-name > bdi')].map("
                            "(node) => node.textContent)")
        check(len(found) >= 2 * browser.run("document.querySelectorAll('.card').length"),
              f"{page.name}: {len(found)} documents")
        titles.append(set(found))
        links = browser.run("[...document.querySelectorAll('.comparison a[href]')].map("
                            "(a) => [a.protocol, a.rel])")
        check(all(protocol in ("http:", "https:") and "noopener" in rel
                  for protocol, rel in links), f"links {links}")
    payloads = {payload for payload in hostile_texts.payloads() if payload.strip()}
    check(len(titles[0] & payloads) >= 100, f"{len(titles[0] & payloads)} titles on the one page")
    missing = payloads - set().union(*titles[1:])
    check(not missing, f"titles that no page of several shows: {list(missing)[:3]}")


def test_counts(browser, summary):
    equal(browser.run("document.querySelector('.headline').textContent"),
          f"{summary['stories']} stories in {summary['documents']} documents", "headline")
    legend = browser.run("[...document.querySelectorAll('.share-bar + .legend b')].map("
                         "(b) => Number(b.textContent))")
    equal(legend, [summary["in_stories"] - summary["copies"], summary["copies"],
                   summary["documents"] - summary["in_stories"]], "legend")
    check(f"{summary['odd_dates']} documents have one that cannot be read" in browser.run(
        "document.querySelector('#overview .notice').textContent"), "odd dates are told")
    rows = browser.run("[...document.querySelectorAll('.sources tbody tr')].map((row) => "
                       "[...row.querySelectorAll('td')].map((td) => Number(td.textContent)))")
    equal([sum(column) for column in zip(*rows)],
          [summary["documents"], summary["in_stories"], summary["copies"], summary["copies"]],
          "sums of the sources")
    cells = browser.run("[...document.querySelectorAll('.matrix tbody td')].reduce((sum, td) => "
                        "sum + (Number(td.textContent) || 0), 0)")
    equal(cells, summary["copies"], "sum of the matrix")
    equal(browser.run("document.querySelectorAll('.card').length"), summary["stories"], "stories")
    equal(browser.run("document.querySelectorAll('.panel.largest a').length"),
          summary["stories"], "largest stories")


def test_filters(browser):
    every = visible_cards(browser)
    equal(len(every), 4, "stories")
    browser.run("document.querySelector('#search').focus()")
    browser.type("comet")
    equal(visible_cards(browser), ["Schoolgirl finds comet"], "stories with a comet")
    equal(browser.run("document.querySelector('#status').textContent"), "1 of 4 stories", "status")
    choose(browser, "#search", "")
    sources = browser.run("[...document.querySelector('#source').options].map((o) => o.text)")
    choose(browser, "#source", str(sources.index("Corn Hall") - 1))
    equal(visible_cards(browser), ["Market report, week 9"], "stories of one source")
    choose(browser, "#source", "")
    choose(browser, "#date-to", "2021-03-02")
    equal(visible_cards(browser), ["Market report, week 9"], "stories before a date")
    choose(browser, "#date-to", "")
    choose(browser, "#date-from", "2021-03-16")
    equal(visible_cards(browser), ["Market report, week 9"], "stories behind a date")
    choose(browser, "#date-from", "")
    choose(browser, "#least", "4")
    equal(len(visible_cards(browser)), 2, "stories of four documents")
    choose(browser, "#least", "2")
    click(browser, "#copied")
    equal(len(visible_cards(browser)), 2, "stories with copies")
    click(browser, "#copied")
    choose(browser, "#order", "newest")
    equal(visible_cards(browser)[0], "Market report, week 9", "newest story")
    choose(browser, "#order", "size")
    equal(visible_cards(browser)[0], every[0], "largest story")
    choose(browser, "#order", "sources")
    equal(visible_cards(browser), every, "stories in their first order")
    return every


def test_matrix(browser, every):
    """A cell of the matrix shows the stories in which one source took from the other."""
    click(browser, ".matrix td button")
    found = visible_cards(browser)
    check(0 < len(found) < len(every), f"stories of a cell: {found}")
    check(" takes from " in browser.run("document.querySelector('.chip.pair').textContent"), "chip")
    click(browser, ".chip.pair button")
    equal(visible_cards(browser), every, "stories after the chip was closed")


FIRST = ".card:has(#g1)"


def test_time_line(browser):
    """A dot for each document, undated ones apart; a dot shows its document."""
    equal(browser.run(f"document.querySelectorAll('{FIRST} .dot-button').length"), 11, "dots")
    lanes = browser.run(f"[...document.querySelectorAll('{FIRST} .line-lanes li')].map("
                        "(lane) => lane.textContent)")
    equal(len(lanes), 8, "lanes")
    equal(lanes[0], "Wire", "the first lane")
    equal(browser.run(f"document.querySelectorAll('{FIRST} .line-links line').length"), 6,
          "lines from copies to what they took from")
    click(browser, f"{FIRST} .dot-button.role-excerpt")
    equal(browser.run(f"document.querySelector('{FIRST} .member-button[aria-pressed=true] bdi')"
                      ".textContent"), "In short: crack in spillway of dam", "the chosen document")
    equal(browser.run(f"document.querySelectorAll('{FIRST} .dot-button.chosen').length"), 1,
          "chosen dots")


def test_tree(browser):
    """What took from another stands below it, with its role and share."""
    rows = browser.run(f"[...document.querySelectorAll('{FIRST} .tree-row')].map((row) => "
                       "[row.classList.contains('taking'), row.textContent])")
    equal([taking for taking, _ in rows], [False] + 6 * [True] + 4 * [False], "the tree")
    check(all(" %" in words and any(role in words for role in ("copy", "excerpt", "longer version",
                                                               "update"))
              for taking, words in rows if taking), f"roles and shares: {rows}")
    check(any("1/21 (not understood)" in words for _, words in rows), "a date that nobody reads")
    browser.run(f"document.querySelectorAll('{FIRST} .member-button')[2].click()")
    marks = browser.run(f"['kept', 'copy'].map((side) => [...document.querySelectorAll("
                        f"'{FIRST} .aligned mark.' + side)].map((m) => m.textContent.trim()))")
    equal(marks, [["about six hundred"], ["(Wire)", "some 600"]], "what the version changed")


def test_keyboard(browser):
    chosen = (f"document.querySelector('{FIRST} .member-button[aria-pressed=true]').dataset.index")
    browser.run("document.activeElement.blur()")
    browser.press("j")
    equal(browser.run("document.activeElement.id"), "g1", "story after j")
    browser.press("l")
    equal(browser.run(chosen), "3", "document after l")
    browser.press("h")
    equal(browser.run(chosen), "2", "document after h")
    browser.press("n")
    equal(browser.run(f"document.querySelectorAll('{FIRST} .row.chosen').length"), 1,
          "difference after n")
    browser.press("j")
    equal(browser.run("document.activeElement.id"), "g2", "story after j")
    browser.press("Enter")
    equal(browser.run("document.activeElement.getAttribute('aria-expanded')"), "true", "Enter")
    browser.press("Escape")
    equal(browser.run("document.activeElement.getAttribute('aria-expanded')"), "false", "Escape")
    browser.press("x")
    browser.press("?")
    keys = browser.run("document.querySelector('#help').textContent")
    check("next and previous story" in keys and "keep or drop" not in keys, f"keys: {keys}")
    browser.press("Escape")


def test_looks(browser):
    for scheme in ("light", "dark"):
        for width in (390, 820, 1440):
            browser.view(width, 900, scheme)
            wide = browser.run("document.documentElement.scrollWidth")
            check(wide <= width, f"the page is {wide} wide in a window of {width}")


def test_controls(program, browser, folder):
    """One walk through the page of some papers."""
    neardup(program, "group", str(PAPERS), "-q", "-o", "html:papers.html", "-o",
            "summary:papers.json", folder=folder)
    browser.open((folder / "papers.html").as_uri())
    test_counts(browser, json.loads((folder / "papers.json").read_text(encoding="utf-8")))
    every = test_filters(browser)
    test_matrix(browser, every)
    test_time_line(browser)
    test_tree(browser)
    line = browser.run(f"document.querySelector('{FIRST} .command code').textContent")
    done = subprocess.run(["/bin/sh", "-c", line.replace("neardup", f"'{program}'", 1)],
                          cwd=folder, capture_output=True, text=True, check=False)
    check(done.returncode == 0 and "similarity" in done.stdout, f"{line}: {done.stderr}")
    test_keyboard(browser)
    test_looks(browser)
    quiet(browser)


def many_records(stories):
    """Stories of three: a text, a copy that changes a word, and another text; later ones larger."""
    for i in range(stories):
        words = story_words(i, 300)
        for copy in range(3 + (i % 7 == 0) * 40):
            text = words[:150] + [f"own{copy}"] + words[150:]
            yield {"id": f"{i}.{copy}", "source": f"Paper {copy}", "title": f"Story {i}, {copy}",
                   "date": f"2026-0{1 + i % 9}-{1 + copy % 28:02}", "text": " ".join(text)}


def test_limits(program, browser, folder):
    """A page stays small and says what it leaves out; pages have every story."""
    write_records(folder / "many.jsonl", many_records(300))
    neardup(program, "group", "many.jsonl", "-q", "-o", "html:many.html", "--report-dir", "many",
            folder=folder)
    size = (folder / "many.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    browser.open((folder / "many.html").as_uri())
    shown = browser.run("document.querySelectorAll('.card').length")
    lead = browser.run("document.querySelector('#groups .lead').textContent")
    check(lead.startswith(f"The {shown} of most sources of 300 stories; an output pages:DIR has "
                          "all of them."), lead)
    browser.run("document.querySelector('.member-button[data-index=\"19\"]').click()")
    check("to keep the page small" in browser.run(
        "document.querySelector('.comparison').textContent"), "versions that are left out are told")
    check("of this story: see the outputs" in browser.run(
        "document.querySelector('.tree').textContent"), "members that are left out are told")
    quiet(browser)
    browser.open((folder / "many" / "index.html").as_uri())
    equal(browser.run("document.querySelectorAll('.page-list a').length"), 6, "pages")
    equal(browser.run("document.querySelectorAll('.matrix td button').length"), 0,
          "buttons where there is no list")
    cards = 0
    for number in range(1, 7):
        browser.open((folder / "many" / f"page-{number}.html").as_uri())
        cards += browser.run("document.querySelectorAll('.card').length")
        quiet(browser)
    equal(cards, 300, "stories on the pages")
    equal(browser.run("document.querySelector('.headline').textContent"),
          "Stories 251 to 300 of 300", "title of the last page")


def test_empty(program, browser, folder):
    """Without stories the page says so."""
    write_records(folder / "one.jsonl", [{"id": "a", "text": "one text and no other"}])
    neardup(program, "group", "one.jsonl", "-q", "-o", "html:one.html", folder=folder)
    browser.open((folder / "one.html").as_uri())
    check("there are no stories" in browser.run("document.body.textContent"), "no stories")
    quiet(browser)


if __name__ == "__main__":
    TESTS = (test_hostile, test_controls, test_limits, test_empty)
    sys.exit(page_case.run_tests(__doc__, "browser: stories", TESTS))
