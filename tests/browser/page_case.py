# SPDX-License-Identifier: MIT
"""What tests of pages share: records, looks at a page and clicks on it, and the list of tests."""
import json
import pathlib
import subprocess
import sys
import tempfile

import chromium_pipe

SKIPPED = 77
WORDS = ("harbour ferry crossing fog pilot signal lamp captain deck horn engine crew passenger "
         "coast guard channel buoy tide morning quay rope anchor chart compass").split()
OPEN_ALL = """document.querySelectorAll('.card-head[aria-expanded=false]').forEach((head) =>
head.click()), document.querySelectorAll('.card').length"""
HANDLERS = """[...document.querySelectorAll('*')].filter((node) => [...node.attributes].some(
(a) => a.name.startsWith('on') || a.name === 'srcdoc')).length"""
FOREIGN = """document.querySelectorAll(`main script, main iframe, main object, main embed,
main link, main style, main img, main base, main meta, main form, main video, main audio`).length"""


class Failure(Exception):
    """What was expected did not hold."""


def check(condition, what):
    if not condition:
        raise Failure(what)


def equal(found, wanted, what):
    check(found == wanted, f"{what}: {found!r} instead of {wanted!r}")


def neardup(program, *arguments, folder):
    done = subprocess.run([str(program), *arguments], cwd=folder, capture_output=True, text=True,
                          check=False)
    check(done.returncode == 0, f"neardup {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def quiet(browser):
    problems = browser.problems()
    check(not problems, "problems in the browser:\n    " + "\n    ".join(problems[:10]))


def write_records(path, records):
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


def nothing_ran(browser):
    """Texts are shown, and only shown."""
    equal(browser.run("typeof window.ran"), "undefined", "a payload ran: window.ran")
    equal(browser.run(HANDLERS), 0, "elements with handlers")
    equal(browser.run(FOREIGN), 0, "elements that load or run")


def visible_cards(browser):
    return browser.run("[...document.querySelectorAll('.card')].filter((c) => !c.hidden).map("
                       "(c) => c.querySelector('.card-title > bdi').textContent)")


def choose(browser, selector, value):
    browser.run(f"""(() => {{ const field = document.querySelector('{selector}');
        field.value = '{value}'; field.dispatchEvent(new Event('input', {{bubbles: true}}));
        field.dispatchEvent(new Event('change', {{bubbles: true}})); }})()""")


def click(browser, selector):
    browser.run(f"document.querySelector('{selector}').click()")


def current(browser):
    return browser.run("document.activeElement.closest('.card') === null ? -1 : "
                       "[...document.querySelectorAll('.card')].indexOf("
                       "document.activeElement.closest('.card'))")


def run_tests(usage, group, tests):
    """Runs each test with the program named in the arguments, a browser and a folder; gives the
    exit status."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(usage, file=sys.stderr)
        return 2
    chromium = chromium_pipe.find_chromium()
    if chromium is None:
        print(f"skip - {group}: no Chromium; Debian: apt-get install chromium")
        return SKIPPED
    program = pathlib.Path(sys.argv[1]).resolve()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="neardup-page-") as name, \
            chromium_pipe.Browser(chromium) as browser:
        for test in tests:
            try:
                test(program, browser, pathlib.Path(name))
                print(f"ok - {group}: {test.__name__[5:]}")
            except (Failure, chromium_pipe.BrowserError) as problem:
                failed += 1
                print(f"not ok - {group}: {test.__name__[5:]}\n    {problem}")
    return 1 if failed else 0
