#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the public headers: each compiles alone in C and C++, and all they declare is explained.

usage: headers.py ROOT CC [CXX] | --self-test
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import lint

WARNINGS = "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Werror".split()
C_ONLY = "-std=c11 -Wstrict-prototypes -Wmissing-prototypes".split()
CXX_ONLY = "-std=c++17 -Wold-style-cast".split()

DECLARATION = re.compile(r"(NDUP_API|NDUP_NODISCARD|typedef|struct|enum|union)\b")


def public_headers(root):
    for name, text in lint.sources(root, ("include/",), {".h"}):
        yield name, text


def compile_problems(root, compiler, language):
    """Compiles a file that includes only this header, twice (its guard must work)."""
    flags = C_ONLY if language == "c" else CXX_ONLY
    for name, _ in public_headers(root):
        header = name.removeprefix("include/")
        program = f'#include "{header}"\n#include "{header}"\n'
        done = subprocess.run(
            [*shlex.split(compiler), "-x", language, *flags, *WARNINGS, "-fsyntax-only",
             "-I", str(pathlib.Path(root, "include")), "-"],
            input=program, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            messages = done.stderr.splitlines()
            yield f"{name}: {next((m for m in messages if 'error' in m), 'does not compile')}"


def is_explained(lines, index):
    """A comment stands above line index, or above its paragraph, or above the macro list that the
    paragraph is made from."""
    above = index - 1
    while above >= 0 and lines[above].strip() and not lines[above].rstrip().endswith("*/"):
        above -= 1
    if above >= 0 and lines[above].rstrip().endswith("*/"):
        # A comment at the end of a member or of an #endif does not count.
        return not re.match(r"\s+[^/* ].*;\s*/\*", lines[above])
    while above >= 0 and not lines[above].strip():
        above -= 1
    start = above
    while start >= 0 and (lines[start].startswith("#define") or lines[start].startswith("    X(")):
        start -= 1
    return start < above and start >= 0 and lines[start].rstrip().endswith("*/")


def comment_problems(root):
    for name, text in public_headers(root):
        lines = text.split("\n")
        inside = False
        for index, line in enumerate(lines):
            if (not inside and DECLARATION.match(line) and not is_explained(lines, index)):
                yield f"{name}:{index + 1}: no comment above: {line.strip()}"
            if not inside and re.match(r"(typedef )?(struct|enum|union)\b.*\{$", line):
                inside = True
            elif line.startswith("}"):
                inside = False


def run(root, cc, cxx=None):
    cases = [("headers: every public declaration is explained", list(comment_problems(root))),
             ("headers: each compiles alone as C11", list(compile_problems(root, cc, "c")))]
    name = "headers: each compiles alone as C++17"
    if cxx:
        cases.append((name, list(compile_problems(root, cxx, "c++"))))
    else:
        cases.append((name + " (no C++ compiler; Debian, Ubuntu: apt-get install g++)", None))
    return lint.report(cases)


def self_test():
    cc = shutil.which("cc") or shutil.which("gcc") or "clang"
    cxx = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")

    def compile_c(root):
        return compile_problems(root, cc, "c")

    def compile_cxx(root):
        return compile_problems(root, cxx, "c++")

    def header(body):
        return {"include/neardup/a.h": "#ifndef A_H\n#define A_H\n" + body + "\n#endif\n"}
    fixtures = [
        ("a sound header", header("#include <stddef.h>\nsize_t f(void);"), compile_c, None),
        ("a header that needs another one first", header("size_t f(void);"), compile_c, "size_t"),
        ("a prototype without void", header("int f();"), compile_c, "a.h:"),
        ("a missing guard", {"include/neardup/a.h": "typedef enum e { A } e;\n"}, compile_c,
         "a.h:"),
        ("an explained prototype", header("/* Does it. */\nNDUP_API int f(void);"),
         comment_problems, None),
        ("an explained pair",
         header("/* Open, close. */\nNDUP_API int f(int a,\n    int b);\nNDUP_API int g(void);"),
         comment_problems, None),
        ("a bare prototype", header("NDUP_API int f(void);"), comment_problems, "a.h:3"),
        ("a bare prototype behind an explained one",
         header("/* f. */\nNDUP_API int f(void);\n\nNDUP_API int g(void);"), comment_problems,
         "a.h:6"),
        ("a bare struct",
         header("/* f. */\nNDUP_API int f(void);\n\ntypedef struct s {\n    int a;\n} s;"),
         comment_problems, "a.h:6"),
        ("an enum made from an explained list",
         header("/* All. */\n#define LIST(X) \\\n    X(A)\n\ntypedef enum e {\n    A\n} e;"),
         comment_problems, None),
    ]
    if cxx:
        fixtures += [
            ("a C++ keyword as a name", header("int f(int new);"), compile_cxx, "a.h:"),
        ]
    return lint.check_fixtures(fixtures)


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
