#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks layout and scripts with clang-format and shellcheck, where they are installed.

usage: layout.py ROOT | --self-test
"""
import ast
import pathlib
import re
import shutil
import subprocess
import sys

import lint

# Versions of clang-format lay out the same file differently, so one is the reference.
CLANG_FORMAT_MAJOR = "14"
# Functions handed to another function as its argument look unreachable to shellcheck.
NOT_FOLLOWED = "--exclude=SC2317"
SHELL = re.compile(r"#!\s*(/bin/(ba)?sh|/usr/bin/env (ba)?sh)\b")


def find_clang_format():
    """(command, None) or (None, why not)."""
    for command in (f"clang-format-{CLANG_FORMAT_MAJOR}", "clang-format"):
        if shutil.which(command):
            version = subprocess.run([command, "--version"], capture_output=True, text=True,
                                     check=True).stdout
            found = re.search(r"version (\d+)", version)
            if found and found.group(1) == CLANG_FORMAT_MAJOR:
                return command, None
    return None, (f"clang-format {CLANG_FORMAT_MAJOR} is missing; "
                  f"Debian, Ubuntu: apt-get install clang-format-{CLANG_FORMAT_MAJOR}")


def format_problems(root, command):
    """All files in one call: for most of them clang-format takes longer to start than to look."""
    names = [name for name, _ in lint.sources(root)]
    if not names:  # it would read standard input
        return
    done = subprocess.run([command, "--style=file", "--dry-run", "--Werror", *names], cwd=root,
                          capture_output=True, text=True, check=False)
    places = {}
    for name, line in re.findall(r"^(.+?):(\d+):\d+: ", done.stderr, re.MULTILINE):
        places.setdefault(name, line)
    for name, line in places.items():
        yield f"{name}:{line}: {command} -i {name} would change it"
    if done.returncode != 0 and not places:
        yield f"{command}: {done.stderr.strip()}"


def shell_problems(root):
    for name in lint.tree(root):
        path = pathlib.Path(root, name)
        if lint.is_data(name) or path.suffix not in ("", ".sh"):
            continue
        if SHELL.match(lint.read(root, name)):
            done = subprocess.run(["shellcheck", "--format=gcc", NOT_FOLLOWED, name], cwd=root,
                                  capture_output=True, text=True, check=False)
            yield from done.stdout.splitlines()


def python_problems(root):
    for name in lint.tree(root):
        text = lint.read(root, name) if not lint.is_data(name) else ""
        if name.endswith(".py") or re.match(r"#!.*\bpython3\b", text):
            try:
                ast.parse(text)
            except SyntaxError as problem:
                yield f"{name}:{problem.lineno}: {problem.msg}"


def run(root):
    command, missing = find_clang_format()
    cases = [("layout: Python files parse", list(python_problems(root)))]
    if command:
        cases.append(("layout: clang-format would change nothing",
                      list(format_problems(root, command))))
    else:
        cases.append((f"layout: {missing}", None))
    if shutil.which("shellcheck"):
        cases.append(("layout: shellcheck is content", list(shell_problems(root))))
    else:
        cases.append(("layout: shellcheck is missing; Debian, Ubuntu: apt-get install shellcheck",
                      None))
    return lint.report(cases)


def self_test():
    style = {".clang-format": "BasedOnStyle: LLVM\nIndentWidth: 4\n"}
    fixtures = [("a Python file that does not parse", {"a.py": "def f(:\n"}, python_problems,
                 "a.py:1")]
    command, _ = find_clang_format()
    if command:
        def check(root):
            return format_problems(root, command)
        fixtures += [("C laid out wrongly", {**style, "a.c": "int a;\nint   b ;\n"}, check,
                      "a.c:2"),
                     ("C laid out well", {**style, "a.c": "int a;\n"}, check, None)]
    if shutil.which("shellcheck"):
        fixtures += [("an unquoted variable", {"a": "#!/bin/sh\nrm $1\n"}, shell_problems, "a:2"),
                     ("sound shell", {"a": '#!/bin/sh\nrm "$1"\n'}, shell_problems, None)]
    return lint.check_fixtures(fixtures)


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
