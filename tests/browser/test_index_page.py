#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of `neardup serve` in a real browser: hostile documents, every control, the policy.

usage: test_index_page.py NEARDUP

Skipped (exit status 77) where there is no Chromium, or no server in this build.
"""
import json
import os
import pathlib
import sys
import tempfile
import urllib.parse

import chromium_pipe
import hostile_texts
from page_case import HANDLERS

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "serve"))
import serve_case  # noqa: E402
from serve_case import check, equal  # noqa: E402

TOKEN = "a-token-of-some-length"
FOREIGN = """document.querySelectorAll(`main script, main iframe, main object, main embed,
main link, main style, main img, main base, main meta, main svg, main video, main audio, main a`
).length"""


def quiet(browser, server, expected=()):
    """No errors, and no requests but to the server."""
    own = f"request: http://127.0.0.1:{server.port}/"
    problems = [one for one in browser.problems() if not one.startswith(own)
                and not any(part in one for part in expected)]
    check(not problems, "problems in the browser:\n    " + "\n    ".join(problems[:10]))


def wait_for(browser, expression, seconds=10):
    """Waits until an expression is true."""
    for _ in range(int(seconds / 0.1)):
        if browser.run(expression):
            return
        browser.settle(0.1)
    check(False, f"never true: {expression}")


def fill(browser, selector, value):
    browser.run(f"document.querySelector('{selector}').value = {json.dumps(value)}")


def ask(browser, text):
    """Checks a text; gives what the page then says."""
    browser.run("document.querySelector('#verdict').replaceChildren()")
    fill(browser, "#text", text)
    browser.run("document.querySelector('#ask').click()")
    wait_for(browser, "document.querySelector('#verdict').childNodes.length > 0")
    return browser.run("document.querySelector('#verdict').textContent")


def add(server, i, payload):
    status, answer = server.post("/v1/add", {
        "id": f"{payload}#{i}", "title": payload, "url": payload, "source": payload,
        "date": payload, "text": f"{serve_case.text(i)} {payload}"})
    equal((status, answer.get("added")), (200, True), f"{payload!r}: {answer}")


def untouched(browser):
    equal(browser.run("typeof window.ran"), "undefined", "a payload ran: window.ran")
    equal(browser.run(HANDLERS), 0, "elements with handlers")
    equal(browser.run(FOREIGN), 0, "elements that load or run")


def test_hostile_documents(browser, server):
    """Documents of every kind are shown, and only shown."""
    payloads = [one for one in hostile_texts.payloads() if one]
    for i, payload in enumerate(payloads):
        add(server, i, payload)
    browser.open(f"http://127.0.0.1:{server.port}/")
    for i in range(0, len(payloads), 3):
        ask(browser, f"{serve_case.text(i)} {payloads[i]}")
        shown = browser.run("document.querySelector('#verdict td bdi').textContent")
        wanted = server.post("/v1/check", {"text": serve_case.text(i)})[1]
        stored = json.loads(server.ask("GET", "/v1/documents/" + urllib.parse.quote(
            f"{payloads[i]}#{i}", safe=""))[2])
        check(wanted["decision"] == "known", wanted)
        equal(shown, stored["title"], "the title of a match")
        fill(browser, "#id", stored["id"])
        browser.run("document.querySelector('#document').replaceChildren()")
        browser.run("document.querySelector('#look').click()")
        wait_for(browser, "document.querySelector('#document').childNodes.length > 0")
        equal(browser.run("document.querySelector('#document dd bdi').textContent"),
              browser.run("document.querySelector('#id').value"), "the id of a document")
    untouched(browser)
    quiet(browser, server)


def test_controls(browser, server):
    """Counts, a new text, a known one, a document that is not there; by keyboard."""
    browser.open(f"http://127.0.0.1:{server.port}/")
    wait_for(browser, "document.querySelectorAll('#index dd').length > 3")
    shown = browser.run("document.querySelector('#index dd').textContent").replace(",", "")
    equal(int(shown), server.stats()["documents"], "documents")
    check(ask(browser, "nothing that was there before, whatever it is").startswith("New"), "new")
    check(ask(browser, serve_case.text(1)).startswith("Known"), "known")
    fill(browser, "#id", "none of them")
    browser.run("document.querySelector('#id').focus()")
    browser.press("Enter")
    wait_for(browser, "document.querySelector('#document .wrong') !== null")
    equal(browser.run("document.activeElement.id"), "id", "the focus stays")
    small = browser.run("[...document.querySelectorAll('button')].filter((one) => "
                        "one.getClientRects().length && one.getBoundingClientRect().height < 24)"
                        ".length")
    equal(small, 0, "buttons that are too small")
    browser.view(360, 700, "dark")
    equal(browser.run("document.documentElement.scrollWidth <= 360"), True, "fits a phone")
    quiet(browser, server, expected=("404",))


def test_policy(browser, server):
    """The page cannot run or load anything else, even if text became markup."""
    browser.open(f"http://127.0.0.1:{server.port}/")
    for what, code in (("script", """const script = document.createElement('script');
        script.textContent = 'window.injected = 1'; document.body.append(script)"""),
                       ("handler", """const div = document.createElement('div');
        div.setAttribute('onclick', 'window.injected = 1'); document.body.append(div);
        div.click()""")):
        equal(browser.run(f"(() => {{ {code}; return typeof window.injected; }})()"), "undefined",
              f"an injected {what}")
    equal(browser.run(f"fetch('{hostile_texts.ASK}').then(() => 'sent', () => 'refused')"),
          "refused", "a request to elsewhere")
    frame = pathlib.Path(browser.folder) / "frame.html"
    frame.write_text(f"<iframe src='http://127.0.0.1:{server.port}/'></iframe>", "ascii")
    browser.open(frame.as_uri())
    browser.settle(1)
    check(any("frame-ancestors" in one for one in browser.problems()), "frames are refused")


def test_other_pages_cannot_ask(browser, server):
    """A page of elsewhere gets nothing and changes nothing."""
    before = server.stats()["documents"]
    page = pathlib.Path(browser.folder) / "other.html"
    page.write_text("<!doctype html><title>other</title>", "ascii")
    browser.open(page.as_uri())
    equal(browser.run(f"""fetch('http://127.0.0.1:{server.port}/v1/add?id=evil', {{method: 'POST',
        body: 'a b c d e f g', mode: 'no-cors', headers: {{'Content-Type': 'text/plain'}}}})
        .then((answer) => answer.type, () => 'refused')""") in ("opaque", "refused"), True, "fetch")
    equal(server.stats()["documents"], before, "documents")


def test_token(browser, program, folder):
    """The page asks for the token, and keeps it to itself."""
    environment = {**os.environ, "NEARDUP_TOKEN": TOKEN}
    with serve_case.Server(program, folder / "index", env=environment) as server:
        browser.open(f"http://127.0.0.1:{server.port}/")
        wait_for(browser, "!document.querySelector('#access').hidden")
        browser.run("document.querySelector('#token').focus()")
        browser.type(TOKEN)
        browser.press("Enter")
        wait_for(browser, "document.querySelectorAll('#index dd').length > 3")
        check(ask(browser, serve_case.text(1)).startswith("Known"), "a check with the token")
        equal(browser.run("Object.keys(localStorage).length + Object.keys(sessionStorage).length "
                          "+ document.cookie.length"), 0, "what is stored")
        quiet(browser, server, expected=("401",))


def has_server(program):
    done = serve_case.subprocess.run([program, "serve", "--index", "/nowhere/at/all"],
                                     capture_output=True, text=True, check=False)
    return "built without" not in done.stderr


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(arguments[0]).resolve())
    chromium = chromium_pipe.find_chromium()
    if chromium is None or not has_server(program):
        print("skip - index page: no Chromium (Debian: apt-get install chromium) or no server")
        return serve_case.SKIPPED
    failed = 0
    with tempfile.TemporaryDirectory(prefix="neardup-page-") as name, \
            chromium_pipe.Browser(chromium) as browser:
        folder = pathlib.Path(name)
        serve_case.make_index(program, folder / "index")
        with serve_case.Server(program, folder / "index", "--sync", "never") as server:
            for test in (test_hostile_documents, test_controls, test_policy,
                         test_other_pages_cannot_ask, test_token):
                given = (program, folder) if test is test_token else (server,)
                try:
                    test(browser, *given)
                    print(f"ok - index page: {test.__name__[5:]}")
                except (AssertionError, chromium_pipe.BrowserError) as problem:
                    failed += 1
                    print(f"not ok - index page: {test.__name__[5:]}\n    {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
