#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no files of the library need each other in a circle, within rooms or between them.

usage: circles.py ROOT STATIC_LIBRARY | --self-test
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import lint


def symbols(objects):
    """({name: file that defines it}, {file: names that it needs}) of an archive or objects."""
    listed = subprocess.run(["nm", *map(str, objects)], capture_output=True, text=True, check=True)
    defined, needed, member = {}, {}, str(objects[0])
    for line in listed.stdout.splitlines():
        if line.endswith(":"):
            member = Path(line[:-1]).name
            continue
        words = line.split()
        if len(words) == 3 and words[1] in "TDRBV":
            defined[words[2]] = member
        elif len(words) == 2 and words[0] == "U":
            needed.setdefault(member, set()).add(words[1])
    return defined, needed


def graph(defined, needed):
    return {file: {defined[name] for name in names if defined.get(name, file) != file}
            for file, names in needed.items()}


def circles(edges):
    """The strongly connected parts of more than one file (Tarjan 1972), without recursion."""
    number, low, stack, found = {}, {}, [], []
    for root in sorted(edges):
        if root in number:
            continue
        path = [(root, iter(sorted(edges[root])))]
        number[root] = low[root] = len(number)
        stack.append(root)
        while path:
            file, rest = path[-1]
            below = next(rest, None)
            if below is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[file])
                if low[file] == number[file]:
                    part = [stack.pop()]
                    while part[-1] != file:
                        part.append(stack.pop())
                    low.update(dict.fromkeys(part, len(number) + len(edges)))
                    if len(part) > 1:
                        found.append(sorted(part))
            elif below not in number:
                number[below] = low[below] = len(number)
                stack.append(below)
                path.append((below, iter(sorted(edges.get(below, ())))))
            elif below in stack:
                low[file] = min(low[file], number[below])
    return found


def circle_problems(defined, needed):
    for part in circles(graph(defined, needed)):
        calls = [f"{file} needs {name} of {defined[name]}" for file in part
                 for name in sorted(needed[file])
                 if defined.get(name, file) in part and defined.get(name, file) != file]
        yield f"{', '.join(part)} need each other: {'; '.join(calls[:6])}"


def run(_root, library):
    return lint.report([
        ("circles: no files of the library need each other",
         list(circle_problems(*symbols([library])))),
    ])


def build_and_check(root):
    compiler = shutil.which("cc") or shutil.which("gcc") or "clang"
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for source in sorted(Path(root).glob("*.c")):
            objects.append(Path(folder, source.stem + ".o"))
            subprocess.run([compiler, "-c", str(source), "-o", str(objects[-1])], check=True)
        return list(circle_problems(*symbols(objects)))


def self_test():
    def calls(name, *others):
        declared = "".join(f"int {other}(void);\n" for other in others)
        body = " + ".join([*(f"{other}()" for other in others), "0"])
        return f"{declared}int {name}(void);\nint {name}(void) {{ return {body}; }}\n"
    fixtures = [
        ("a chain", {"a.c": calls("a", "b"), "b.c": calls("b", "c"), "c.c": calls("c")}, None),
        ("one file that two need",
         {"a.c": calls("a", "c"), "b.c": calls("b", "c"), "c.c": calls("c")}, None),
        ("two files", {"a.c": calls("a", "b"), "b.c": calls("b", "a")}, "a.o, b.o need each other"),
        ("three files behind another",
         {"a.c": calls("a", "b"), "b.c": calls("b", "c"), "c.c": calls("c", "d"),
          "d.c": calls("d", "b")}, "b.o, c.o, d.o need each other"),
    ]
    return lint.check_fixtures([(name, files, build_and_check, fragment)
                                for name, files, fragment in fixtures])


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
