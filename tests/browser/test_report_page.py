#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report page in a real browser: hostile texts, then every control, by mouse and keyboard.

usage: test_report_page.py NEARDUP

Skipped (exit status 77) where there is no Chromium; CHROMIUM names another one.
"""
import json
import pathlib
import random
import subprocess
import sys

import hostile_texts
import page_case
from page_case import (OPEN_ALL, WORDS, Failure, check, choose, click, current, equal, neardup,
                       nothing_ran, quiet, visible_cards, write_records)

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
def hostile_records():
    """Two records for each payload, which stands in every field. Of the first fifty both texts hold
    it, then one only: it is shown as shared, and as different."""
    for i, payload in enumerate(hostile_texts.payloads()):
        words = " ".join(random.Random(i).choices(WORDS, k=80))
        for copy in range(2):
            in_text = payload if i < 50 or copy == i % 2 else "fathom"
            yield {"id": f"{payload}#{i}.{copy}", "title": payload, "source": payload,
                   "url": payload, "date": payload, "text": f"{words} {in_text}"}


def test_hostile(program, browser, folder):
    """Texts of every kind are shown, and only shown."""
    write_records(folder / "hostile.jsonl", hostile_records())
    neardup(program, "dedup", "hostile.jsonl", "-q", "-o", "html:hostile.html", folder=folder)
    size = (folder / "hostile.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    browser.open((folder / "hostile.html").as_uri())
    payloads = hostile_texts.payloads()
    equal(browser.run(OPEN_ALL), len(payloads), "groups")
    browser.settle(1)
    nothing_ran(browser)
    shown = browser.run("[...document.querySelectorAll('.card-title > bdi')].map("
                        "(node) => node.textContent)")
    equal(sorted(set(shown)), sorted({payload for payload in payloads}), "titles")
    links = browser.run("[...document.querySelectorAll('main a[href]')].map("
                        "(a) => [a.protocol, a.rel])")
    check(all(protocol in ("http:", "https:") and "noopener" in rel for protocol, rel in links),
          f"links {links}")
    quiet(browser)


def test_policy(program, browser, folder):
    """The page cannot run or load anything else, even if text became markup."""
    neardup(program, "dedup", str(SAMPLES / "news"), "-q", "-o", "html:policy.html", folder=folder)
    browser.open((folder / "policy.html").as_uri())
    equal(browser.run("""(() => { const script = document.createElement('script');
        script.textContent = 'window.injected = 1'; document.body.append(script);
        return typeof window.injected; })()"""), "undefined", "an injected script")
    equal(browser.run("""(() => { const div = document.createElement('div');
        div.setAttribute('onclick', 'window.injected = 1'); document.body.append(div); div.click();
        return typeof window.injected; })()"""), "undefined", "an injected handler")
    equal(browser.run(f"fetch('{hostile_texts.ASK}').then(() => 'sent', () => 'refused')"),
          "refused", "a request")


def form_records():
    """Families of eight payloads each, which fill one form with words of their own."""
    for i, payload in enumerate(hostile_texts.payloads()):
        stock = random.Random(i // 8).choices(WORDS, k=180)
        own = [f"slot{i}x{k}" for k in range(20)]
        yield {"id": f"{payload}#{i}", "title": payload, "source": payload, "date": payload,
               "text": " ".join(stock[:100] + own + stock[100:])}


def test_forms(program, browser, folder):
    """Families of one form: hostile names, told in the overview, opened by a click."""
    write_records(folder / "forms.jsonl", form_records())
    neardup(program, "dedup", "forms.jsonl", "-q", "-o", "html:forms.html", folder=folder)
    browser.open((folder / "forms.html").as_uri())
    families = browser.run("document.querySelectorAll('.form-family').length")
    check(families >= 10, f"families: {families}, as many as there is room for")
    check("fill a form" in browser.run("document.querySelector('.headline').textContent"),
          "the headline tells of forms")
    equal(browser.run("document.querySelectorAll('.share-bar .template').length"), 1, "the bar")
    browser.run("document.querySelectorAll('.form-head').forEach((head) => head.click())")
    browser.settle(0.5)
    shown = browser.run("[...document.querySelectorAll('details[open] .member-name > "
                        "bdi:first-child')].map((node) => node.textContent)")
    missing = [p for p in hostile_texts.payloads()[:8 * families] if p and p not in shown]
    check(not missing, f"names that are not shown as they are: {missing[:3]}")
    nothing_ran(browser)
    quiet(browser)


def repeating_records():
    """Documents of which a paragraph with the payload stands twice."""
    for i, payload in enumerate(hostile_texts.payloads()):
        words = [" ".join(random.Random(1000 * i + k).choices(WORDS, k=30)) for k in range(3)]
        repeated = payload.replace("\n", " ") + " " + words[0]
        yield {"id": payload, "title": payload, "url": payload, "source": payload,
               "text": "\n\n".join([repeated, words[1], repeated, words[2]])}


def test_repeats(program, browser, folder):
    """The page of repeats inside documents: hostile texts, marks, keys."""
    write_records(folder / "repeats.jsonl", repeating_records())
    neardup(program, "flag", "repeats.jsonl", "-q", "--refrains", "-o", "html:repeats.html",
            folder=folder)
    size = (folder / "repeats.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    browser.open((folder / "repeats.html").as_uri())
    equal(browser.run(OPEN_ALL), len(hostile_texts.payloads()), "documents")
    browser.settle(0.5)
    nothing_ran(browser)
    pairs = browser.run("[...document.querySelectorAll('.text')].map((text) => "
                        "[...text.querySelectorAll('mark')].map((mark) => mark.textContent))")
    halves = [(pair[:len(pair) // 2], pair[len(pair) // 2:]) for pair in pairs]
    check(all(first and first == again for first, again in halves), "each document has the same "
          f"marks twice: {[pair for pair in pairs if len(pair) != 2][:3]}")
    choose(browser, "#search", "no such words at all")
    equal(visible_cards(browser), [], "documents with words that are nowhere")
    choose(browser, "#search", "")
    browser.run("document.activeElement.blur()")
    browser.press("j")
    equal(current(browser), 0, "document after j")
    first = browser.run("document.querySelectorAll('.card mark[data-repeat=\"0\"]').length")
    check(first >= len(pairs), f"{first} marks of first repeats")
    equal(browser.run("document.querySelectorAll('.card .chosen').length"), first,
          "outlined marks")
    quiet(browser)


def long_records(count):
    """Pairs of texts that differ at both ends; in the long passage between stands a payload."""
    payloads = hostile_texts.payloads()
    for i in range(count):
        words = " ".join(random.Random(i).choices(WORDS, k=300)).split(" ", 200)
        shared = " ".join([*words[:200], payloads[i % len(payloads)], words[200]])
        for copy in range(2):
            ends = [" ".join(random.Random(f"{i} {copy} {k}").choices(WORDS, k=8))
                    for k in range(2)]
            yield {"id": f"{i}.{copy}", "text": f"{ends[0]}\n\n{shared}\n\n{ends[1]}"}


# The texts of the pages as they are shown, without the buttons; of texts in rows, the cells of each
# side together.
SHOWN_TEXTS = """(() => {
const shown = (texts) => texts.map((text) => {
  const copy = text.cloneNode(true);
  copy.querySelectorAll('button').forEach((button) => button.remove());
  copy.querySelectorAll('[hidden]').forEach((part) => part.remove());
  return copy.textContent; }).join('\\n');
return [...document.querySelectorAll('.aligned')].flatMap((rows) => ['kept', 'copy'].map((side) =>
  shown([...rows.querySelectorAll(`.text.${side}`)]))).concat(
  [...document.querySelectorAll('.side > .text')].map((text) => shown([text]))); })()"""


def squeezed(text):
    """Without white space, which the page lays anew, and without what no text can hold."""
    return "".join(text.replace("\r", "").encode("utf-8", "replace").decode().split())


def test_folded(program, browser, folder):
    """Passages that are folded away are opened by mouse and keyboard, and are the text."""
    records = list(long_records(40))
    write_records(folder / "long.jsonl", records)
    neardup(program, "dedup", "long.jsonl", "-q", "-o", "html:long.html", folder=folder)
    browser.open((folder / "long.html").as_uri())
    browser.run(OPEN_ALL)
    buttons = browser.run("document.querySelectorAll('button.left-out').length")
    equal(buttons, 80, "folded passages")
    first = "document.querySelector('button.left-out')"
    shown = f"{first}.nextSibling.checkVisibility()"
    equal(browser.run(f"[{first}.ariaExpanded, {shown}]"), ["false", False], "before a click")
    click(browser, "button.left-out")
    equal(browser.run(f"[{first}.ariaExpanded, {shown}]"), ["true", True], "after a click")
    browser.run(f"{first}.focus()")
    browser.press("Enter")
    equal(browser.run(f"[{first}.ariaExpanded, {shown}]"), ["false", False], "after Enter")
    check(browser.run(f"{first}.getBoundingClientRect().height") >= 24, "the button is too low")
    browser.run("document.querySelectorAll('button.left-out').forEach((button) => button.click())")
    browser.settle(0.5)
    nothing_ran(browser)
    found = {squeezed(text) for text in browser.run(SHOWN_TEXTS)}
    wanted = {squeezed(json.loads(json.dumps(one["text"]))) for one in records}
    check(found == wanted, f"{len(wanted - found)} texts differ: {list(wanted - found)[:1]}, "
          f"{list(found - wanted)[:1]}")
    choose(browser, "#search", records[60]["text"].split()[100])
    check(len(visible_cards(browser)) > 0, "the search finds no folded words")
    quiet(browser)


def test_folded_without_room(program, browser, folder):
    """Where a page has no room for a passage, it says so; pages in a folder have it."""
    write_records(folder / "longer.jsonl", long_records(300))
    neardup(program, "dedup", "longer.jsonl", "-q", "-o", "html:longer.html", "--report-dir",
            "longer", folder=folder)
    size = (folder / "longer.html").stat().st_size
    check(size <= 1_000_000, f"the page has {size} bytes")
    browser.open((folder / "longer.html").as_uri())
    browser.run(OPEN_ALL)
    kinds = browser.run("['button.left-out', 'span.left-out'].map((kind) => "
                        "[...document.querySelectorAll(kind)].filter((part) => "
                        "part.textContent.includes(' the same')).map((part) => part.textContent))")
    check(len(kinds[0]) > 20 and len(kinds[1]) > 20, f"{[len(kind) for kind in kinds]} passages")
    check(all(words.endswith(", not in this report") for words in kinds[1]), kinds[1][:3])
    quiet(browser)
    browser.open((folder / "longer" / "page-2.html").as_uri())
    browser.run(OPEN_ALL)
    equal(browser.run("document.querySelectorAll('button.left-out').length"), 100, "on a page")
    equal(browser.run("document.querySelectorAll('span.left-out').length"), 0, "without text")
    quiet(browser)


def test_folded_repeats(program, browser, folder):
    """The same on the page of repeats inside documents."""
    records = list(long_records(30))[::2]
    for one in records:
        parts = one["text"].split("\n\n")
        again = " ".join(random.Random(one["id"]).choices(WORDS, k=30))
        one["text"] = "\n\n".join([again, parts[1], again])
    write_records(folder / "folded.jsonl", records)
    neardup(program, "flag", "folded.jsonl", "-q", "-o", "html:folded.html", "--report-dir",
            "folded", folder=folder)
    for page in (folder / "folded.html", folder / "folded" / "page-1.html"):
        browser.open(page.as_uri())
        browser.run(OPEN_ALL)
        equal(browser.run("document.querySelectorAll('button.left-out').length"), 30, "passages")
        browser.run("document.querySelectorAll('button.left-out').forEach((one) => one.click())")
        found = {squeezed(text) for text in browser.run(SHOWN_TEXTS)}
        wanted = {squeezed(one["text"]) for one in records}
        check(found == wanted, f"{len(wanted - found)} texts differ")
        equal(browser.run("typeof window.ran"), "undefined", "a payload ran: window.ran")
        quiet(browser)


def test_filters(browser):
    """Search, kind, source, similarity and order, each with what is left."""
    every = visible_cards(browser)
    equal(len(every), 3, "groups")
    browser.run("document.querySelector('#search').focus()")
    browser.type("rye loaf")
    found = visible_cards(browser)
    check(len(found) == 1 and "rye" in found[0].lower(), f"search found {found}")
    equal(browser.run("document.querySelector('#status').textContent"), "1 of 3 groups", "status")
    choose(browser, "#search", "no such words at all")
    equal(visible_cards(browser), [], "groups with words that are nowhere")
    choose(browser, "#search", "")
    click(browser, "button[data-kind=normalized]")
    only_words = visible_cards(browser)
    check(0 < len(only_words) < 3, f"groups of the same words: {only_words}")
    click(browser, "button[data-kind=normalized]")
    choose(browser, "#alike-low", "100")
    equal(visible_cards(browser), only_words, "groups of similarity 1")
    choose(browser, "#alike-low", "0")
    sources = browser.run("[...document.querySelector('#source').options].map((o) => o.text)")
    choose(browser, "#source", str(sources.index("siang-khlong") - 1))
    equal(len(visible_cards(browser)), 1, "groups of one source")
    choose(browser, "#source", "")
    choose(browser, "#order", "least")
    alike = browser.run("[...document.querySelectorAll('.card .alike')].map("
                        "(node) => parseFloat(node.textContent))")
    equal(alike, sorted(alike), "order by similarity")
    choose(browser, "#order", "size")
    equal(visible_cards(browser), every, "groups in their first order")


def test_counts(browser, summary):
    """The page shows the numbers of the summary."""
    equal(browser.run("document.querySelector('.headline b').textContent"),
          f"{summary['dropped']:,}", "removed")
    legend = browser.run("[...document.querySelectorAll('.legend li')].map("
                         "(li) => [li.textContent, li.querySelector('b').textContent])")
    shown = {"near": 0, "contained": 0, "same words": 0, "identical": 0, "kept": 0}
    for words, number in legend:
        kind = next(kind for kind in shown if f" {kind}" in words)
        shown[kind] = int(number.replace(",", ""))
    equal(shown, {"near": summary["near"], "contained": summary["contained"],
                  "same words": summary["normalized"], "identical": summary["identical"],
                  "kept": summary["kept"]}, "legend")
    rows = browser.run("[...document.querySelectorAll('.sources tbody tr')].map((row) => "
                       "[...row.querySelectorAll('td')].slice(0, 3).map((td) => "
                       "Number(td.textContent.replace(/,/g, ''))))")
    equal([sum(column) for column in zip(*rows)],
          [summary["documents"], summary["dropped"], summary["kept"]], "sums of the sources")
    cells = browser.run("[...document.querySelectorAll('.matrix tbody td')].reduce((sum, td) => "
                        "sum + (Number(td.textContent) || 0), 0)")
    equal(cells, summary["dropped"], "sum of the matrix")
    equal(browser.run("document.querySelectorAll('.card').length"), summary["groups"], "groups")


def test_side_by_side(browser):
    """Few groups are open, with both texts in rows and what differs in them."""
    equal(browser.run("document.querySelectorAll('.card-head[aria-expanded=true]').length"), 3,
          "open groups")
    equal(browser.run("document.querySelectorAll('.card:has(#g1) .side').length"), 2, "sides")
    kept = browser.run("[...document.querySelectorAll('.text.kept mark')].map("
                       "(node) => node.textContent).join(' ')")
    copy = browser.run("[...document.querySelectorAll('.text.copy mark')].map("
                       "(node) => node.textContent).join(' ')")
    check(kept and copy and kept != copy, f"marks: {kept!r}, {copy!r}")
    equal(browser.run("document.querySelectorAll('.card:has(#g1) .meter').length"), 3, "meters")
    rows = browser.run("[...document.querySelectorAll('.card:has(#g1) .row')]"
                       ".map((row) => [...row.children]"
                       ".map((cell) => cell.textContent.trim()))")
    check(all(kept == copy for kept, copy in rows
              if kept and copy and kept.split()[:6] == copy.split()[:6] and len(kept) == len(copy)),
          f"rows {rows}")
    test_differences(browser)
    line = browser.run("document.querySelector('.comparison .command code').textContent")
    check(line.startswith("neardup explain "), f"the command is {line}")
    return line


def test_differences(browser):
    """The buttons and keys go from one difference to the next, around the ends."""
    total = browser.run("document.querySelectorAll('.card:has(#g1) .row.differs').length")
    check(total >= 2, f"{total} differences")
    chosen = ("[...document.querySelectorAll('.card:has(#g1) .row.differs')].findIndex((row) => "
              "row.classList.contains('chosen'))")
    click(browser, ".card:has(#g1) [aria-label^=Next]")
    equal(browser.run(chosen), 0, "difference after ›")
    browser.run("document.querySelector('.card:has(#g1) .card-head').focus()")
    browser.press("n")
    equal(browser.run(chosen), 1, "difference after n")
    browser.press("p")
    browser.press("p")
    equal(browser.run(chosen), total - 1, "difference after p p")


def test_matrix(browser):
    """A cell of the matrix shows the groups of its two sources; the chip shows all again."""
    titles = visible_cards(browser)
    cell = browser.run("[...document.querySelectorAll('.matrix td button')].map((b) => b.title)")
    click(browser, ".matrix td button")
    found = visible_cards(browser)
    check(0 < len(found) < len(titles), f"{cell[0]}: {found}")
    click(browser, ".chip.pair button")
    equal(visible_cards(browser), titles, "groups after the chip was closed")


def test_addresses(browser, address):
    """Group links open their group, and decisions outlive the page."""
    marked = "document.querySelectorAll('.keep.changed').length"
    equal(browser.run(marked), 2, "changed decisions")
    browser.open("about:blank")
    browser.open(address + "#g2")
    equal(browser.run("document.querySelectorAll('.card-head[aria-expanded=true]').length"), 1,
          "open groups")
    equal(browser.run("document.activeElement.id"), "g2", "the named group")
    browser.run(OPEN_ALL)
    equal(browser.run(marked), 2, "changed decisions after the page was opened again")
    browser.run("[...document.querySelectorAll('#decision-bar button')].find((b) => "
                "b.textContent === 'Undo all').click()")
    browser.open("about:blank")
    browser.open(address)
    check(browser.run("document.querySelector('#decision-bar').hidden"), "nothing is changed")


def test_keyboard(browser):
    """Everything again without a mouse."""
    browser.run("document.activeElement.blur()")
    browser.press("j")
    equal(current(browser), 0, "group after j")
    browser.press("j")
    equal(current(browser), 1, "group after j j")
    browser.press("k")
    equal(current(browser), 0, "group after k")
    browser.press("l")
    equal(browser.run("document.querySelector('.member-button[aria-pressed=true]')"
                      ".dataset.index"), "1", "member after l")
    browser.press("h")
    equal(browser.run("document.querySelector('.member-button[aria-pressed=true]')"
                      ".dataset.index"), "0", "member after h")
    browser.press("Escape")
    check(browser.run("document.querySelector('.card-body').hidden"), "Escape closes the group")
    browser.press("Enter")
    check(not browser.run("document.querySelector('.card-body').hidden"), "Enter opens it")
    browser.press("/")
    equal(browser.run("document.activeElement.id"), "search", "field after /")
    browser.press("Escape")
    browser.press("?")
    check(browser.run("document.querySelector('#help').open"), "? shows the keys")
    browser.press("Escape")
    browser.settle(0.1)
    check(not browser.run("document.querySelector('#help').open"), "Escape hides the keys")


def wait_for_file(browser, path):
    for _ in range(50):
        browser.settle(0.1)
        if path.exists():
            return path.read_text(encoding="utf-8")
    raise Failure(f"{path} was not saved")


def test_decisions(browser):
    """Tick boxes and the x key change decisions, which are saved as a file."""
    browser.run("document.activeElement.blur()")
    browser.press("j")
    browser.press("x")
    browser.run("document.querySelectorAll('.member:not(.survivor) .keep input')[1].click()")
    check(not browser.run("document.querySelector('#decision-bar').hidden"), "the bar is shown")
    click(browser, "#save-decisions")
    text = wait_for_file(browser, pathlib.Path(browser.downloads) / "decisions.jsonl")
    lines = [json.loads(line) for line in text.splitlines()]
    equal(lines[0], {"type": "neardup-decisions", "schema_version": 1}, "first line")
    equal([line["decision"] for line in lines[1:]], ["keep", "keep"], "decisions")
    return text


def test_looks(browser):
    """No part is wider than a phone; both colour schemes have their own colours."""
    colours = set()
    for scheme in ("light", "dark"):
        for width in (390, 820, 1440):
            browser.view(width, 900, scheme)
            wide = browser.run("document.documentElement.scrollWidth")
            check(wide <= width, f"the page is {wide} wide in a window of {width}")
            colours.add(browser.run("getComputedStyle(document.body).backgroundColor"))
    equal(len(colours), 2, "background colours")
    click(browser, "#theme")
    equal(browser.run("document.documentElement.dataset.theme"), "light", "theme after a click")


def test_controls(program, browser, folder):
    """One walk through the page of the sample."""
    neardup(program, "dedup", str(SAMPLES / "news"), "-q", "-o", "html:news.html", "-o",
            "plan:plan.jsonl", "-o", "summary:summary.json", folder=folder)
    browser.open((folder / "news.html").as_uri())
    test_counts(browser, json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    test_filters(browser)
    test_matrix(browser)
    line = test_side_by_side(browser)
    done = subprocess.run(["/bin/sh", "-c", line.replace("neardup", f"'{program}'", 1)],
                          cwd=folder, capture_output=True, text=True, check=False)
    check(done.returncode == 0 and "similarity" in done.stdout, f"{line}: {done.stderr}")
    test_keyboard(browser)
    decided = test_decisions(browser)
    test_addresses(browser, (folder / "news.html").as_uri())
    (folder / "decisions.jsonl").write_text(decided, encoding="utf-8")
    before = neardup(program, "apply", "plan.jsonl", "-q", "-o", "ids:-", folder=folder).split()
    after = neardup(program, "apply", "plan.jsonl", "--decisions", "decisions.jsonl", "-q", "-o",
                    "ids:-", folder=folder).split()
    equal(sorted(set(after) - set(before)),
          sorted(json.loads(line)["id"] for line in decided.splitlines()[1:]),
          "documents kept by decision")
    test_looks(browser)
    quiet(browser)


def test_pages(program, browser, folder):
    """The report in several files: from the index to a page and back, without problems."""
    write_records(folder / "many.jsonl", many_records(130))
    neardup(program, "dedup", "many.jsonl", "-q", "--report-dir", "pages", folder=folder)
    browser.open((folder / "pages" / "index.html").as_uri())
    equal(browser.run("document.querySelectorAll('.page-list a').length"), 3, "pages")
    quiet(browser)
    sizes = []
    for number in (1, 2, 3):
        browser.open((folder / "pages" / f"page-{number}.html").as_uri())
        sizes.append(browser.run("document.querySelectorAll('.card').length"))
        quiet(browser)
    equal(sizes, [50, 50, 30], "groups on the pages")
    targets = browser.run("[...document.querySelectorAll('.turner a')].map("
                          "(a) => a.getAttribute('href'))")
    equal(sorted(set(targets)), ["index.html", "page-2.html"], "links of the last page")


def test_repeat_pages(program, browser, folder):
    """The same of repeats inside documents: all of them, those that repeat most first."""
    write_records(folder / "own.jsonl", many_repeats(130))
    neardup(program, "flag", "own.jsonl", "-q", "--report-dir", "own", folder=folder)
    browser.open((folder / "own" / "index.html").as_uri())
    equal(browser.run("document.querySelector('.headline').textContent"),
          "130 of 140 documents repeat part of themselves", "headline")
    equal(browser.run("[...document.querySelectorAll('.page-list a')].map((a) => a.textContent)"),
          ["1 to 50", "51 to 100", "101 to 130"], "pages")
    shown = []
    for number in (1, 2, 3):
        browser.open((folder / "own" / f"page-{number}.html").as_uri())
        shown.append(visible_cards(browser))
        equal(browser.run("document.querySelectorAll('.card .chosen').length"), 2, "marks")
        quiet(browser)
    equal([len(page) for page in shown], [50, 50, 30], "documents on the pages")
    equal(sum(shown, []), [f"Document {i}" for i in reversed(range(130))], "documents in order")
    equal(browser.run("document.querySelector('.headline').textContent"),
          "Documents 101 to 130 of 130", "title of the last page")
    targets = browser.run("[...document.querySelectorAll('.turner a')].map("
                          "(a) => a.getAttribute('href'))")
    equal(sorted(set(targets)), ["index.html", "page-2.html"], "links of the last page")


def many_repeats(count):
    """Documents of which a paragraph stands twice, each time a longer one; then ten without."""
    for i in range(count + 10):
        first, second, third = (" ".join(random.Random(f"{i} {k}").choices(WORDS, k=30))
                                for k in range(3))
        again = first[:140] + "x" * (i + 1)  # longer from document to document
        text = [again, second, again] if i < count else [first, second, third]
        yield {"id": f"{i}", "title": f"Document {i}", "text": "\n\n".join(text)}


def many_records(groups):
    """Pairs of identical texts."""
    for i in range(groups):
        text = " ".join(random.Random(i).choices(WORDS, k=40))
        for copy in ("a", "b"):
            yield {"id": f"{i}{copy}", "source": copy, "text": text}


if __name__ == "__main__":
    TESTS = (test_hostile, test_policy, test_controls, test_pages, test_forms, test_repeats,
             test_repeat_pages, test_folded, test_folded_without_room, test_folded_repeats)
    sys.exit(page_case.run_tests(__doc__, "browser", TESTS))
