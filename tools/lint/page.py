#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the sources of the pages: nothing turns text into markup or code, nothing is loaded.

usage: page.py ROOT | --self-test
"""
import pathlib
import re
import shutil
import subprocess
import sys

import lint

FOLDER = "tools/report/"
# The page of the server asks that server, and its policy lets it ask nobody else.
SERVER_FOLDER = "tools/serve/page/"
FOLDERS = (FOLDER, SERVER_FOLDER)
# (what it is, where it may not stand, pattern)
RULES = [
    ("makes markup of text", ".js",
     r"\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write|\bDOMParser\b|"
     r"\bcreateContextualFragment\b|\bsetHTML|\bsrcdoc\b"),
    ("makes code of text", ".js",
     r"\beval\s*\(|\bnew\s+Function\b|\bset(?:Timeout|Interval)\s*\(\s*['\"`]|\bimport\s*\("),
    ("loads or sends", ".js",
     r"\bfetch\s*\(|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|\bWorker\s*\("),
    ("a style attribute, which the policy forbids", ".js",
     r"setAttribute\(\s*['\"]style['\"]|\bstyle:"),
    ("an address of somewhere else", ".js .css .html",
     r"https?://(?!www\.w3\.org/2000/svg)[\w.-]"),
    ("loads", ".css", r"@import\b|\burl\s*\("),
    ("an attribute that runs or styles", ".html", r"\s(?:on\w+|style)\s*="),
    ("unfinished or for debugging", ".js", r"\bconsole\.|\bdebugger\b|\balert\s*\("),
]
SPDX = re.compile(r"(?://|/\*) SPDX-License-Identifier: MIT")


def page_sources(root):
    for name in lint.tree(root):
        if name.startswith(FOLDERS) and not name.endswith(".json"):
            yield name, lint.read(root, name)


def rule_problems(root):
    for name, text in page_sources(root):
        suffix = pathlib.PurePosixPath(name).suffix
        for what, suffixes, pattern in RULES:
            if suffix in suffixes.split():
                for match in re.finditer(pattern, text):
                    if name.startswith(SERVER_FOLDER) and match.group(0) == "fetch(":
                        continue
                    yield f"{name}:{lint.line_of(text, match.start())}: {what}: {match.group(0)}"


def heading_problems(root):
    for name, text in page_sources(root):
        lines = text.split("\n") + [""]
        if name.endswith((".js", ".css")) and not (
                SPDX.match(lines[0]) and re.match(r"(?://|/\*) \S", lines[1])):
            yield f"{name}:1: does not open with the SPDX line and a line of purpose"
        for number, line in enumerate(lines, 1):
            if len(line) > 100 or line != line.rstrip() or "\t" in line:
                yield f"{name}:{number}: over 100 columns, a tab, or blanks at the end"


def name_problems(root):
    """All scripts become one: of two functions of one name the later would be both. main begins a
    page, and the two pages share the others."""
    seen = {}
    for name, text in page_sources(root):
        if name.endswith(".js"):
            for match in re.finditer(r"^(?:function|const|let) (\w+)", text, re.MULTILINE):
                place = f"{name}:{lint.line_of(text, match.start())}"
                if match.group(1) == "main" and name.startswith(SERVER_FOLDER):
                    continue
                if match.group(1) in seen:
                    yield f"{place}: {match.group(1)} is also in {seen[match.group(1)]}"
                seen[match.group(1)] = place


def syntax_problems(root):
    for name, _ in page_sources(root):
        if name.endswith(".js"):
            done = subprocess.run(["node", "--check", name], cwd=root, capture_output=True,
                                  text=True, check=False)
            if done.returncode != 0:
                yield f"{name}: {done.stderr.strip()[:300]}"


def run(root):
    cases = [("page: sources make no markup, no code, no requests", list(rule_problems(root))),
             ("page: sources have headings and short lines", list(heading_problems(root))),
             ("page: names are given once", list(name_problems(root)))]
    if shutil.which("node"):
        cases.append(("page: scripts parse", list(syntax_problems(root))))
    else:
        cases.append(("page: node is missing; Debian, Ubuntu: apt-get install nodejs", None))
    return lint.report(cases)


def self_test():
    head = "// SPDX-License-Identifier: MIT\n// Purpose.\n"

    def script(text):
        return {FOLDER + "a.js": head + text}
    fixtures = [
        ("plain text nodes", script("a.textContent = b;\n"), rule_problems, None),
        ("markup", script("a.innerHTML = b;\n"), rule_problems, "a.js:3: makes markup"),
        ("eval", script("eval(x);\n"), rule_problems, "makes code"),
        ("a timer with text", script("setTimeout('x()', 1);\n"), rule_problems, "makes code"),
        ("a request", script("fetch(x);\n"), rule_problems, "loads or sends"),
        ("a request to the server", {SERVER_FOLDER + "a.js": head + "fetch(x);\n"},
         rule_problems, None),
        ("a socket to the server", {SERVER_FOLDER + "a.js": head + "new WebSocket(x);\n"},
         rule_problems, "loads or sends"),
        ("an address", script("const a = 'http://example.org';\n"), rule_problems, "an address"),
        ("a style that loads", {FOLDER + "a.css": "a { background: url(x); }\n"}, rule_problems,
         "loads: url("),
        ("a handler in the page", {FOLDER + "a.html": '<p onclick="x()">\n'}, rule_problems,
         "an attribute that runs"),
        ("a name given twice", {FOLDER + "a.js": head + "function f() {\n}\n",
                                FOLDER + "b.js": head + "const f = 1;\n"}, name_problems,
         "b.js:3: f is also in"),
        ("a file without a heading", {FOLDER + "a.js": "let a;\n"}, heading_problems, "SPDX"),
    ]
    if shutil.which("node"):
        fixtures.append(("a script that does not parse", script("let = ;\n"), syntax_problems,
                         "a.js"))
    return lint.check_fixtures(fixtures)


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
