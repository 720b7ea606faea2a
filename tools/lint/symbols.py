#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what the libraries export against the public headers.

usage: symbols.py ROOT SHARED_LIBRARY STATIC_LIBRARY | --self-test
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import lint

PUBLIC = re.compile(r"ndup_(?!_)\w+")
INTERNAL = re.compile(r"ndup__\w+")
PROTOTYPE = re.compile(r"^[^#\n]*\bNDUP_API\b[^;{]*?\b(ndup_\w+)\s*\(", re.MULTILINE)


def prototypes(root):
    """Names of all functions that the public headers mark NDUP_API."""
    names = set()
    for _, text in lint.sources(root, ("include/",), {".h"}):
        names.update(PROTOTYPE.findall(lint.c_code(text)))
    return names


def defined(library, *options):
    listed = subprocess.run(["nm", "--defined-only", "--extern-only", *options, str(library)],
                            capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return {row[2].split("@")[0] for row in rows if len(row) == 3}


def undefined(library):
    listed = subprocess.run(["nm", "-D", "--undefined-only", str(library)], capture_output=True,
                            text=True, check=True)
    return {line.split()[-1] for line in listed.stdout.splitlines() if line.strip()}


def unresolved_problems(names):
    return [f"{name} is called and not in the library" for name in sorted(names)
            if name.startswith("ndup_")]


def stray_problems(exported):
    return [f"{name} is exported and does not begin with ndup_" for name in sorted(exported)
            if not PUBLIC.fullmatch(name)]


def missing_problems(declared, exported):
    return [f"{name} is declared in include/ and not in the library"
            for name in sorted(declared - exported)]


def undeclared_problems(declared, exported):
    return [f"{name} is exported and not declared in include/"
            for name in sorted(exported - declared) if PUBLIC.fullmatch(name)]


def static_problems(names):
    return [f"{name} can clash with a program's own names" for name in sorted(names)
            if not (PUBLIC.fullmatch(name) or INTERNAL.fullmatch(name))]


def run(root, shared, static):
    declared, exported = prototypes(root), defined(shared, "-D")
    return lint.report([
        ("symbols: the shared library exports only ndup_", stray_problems(exported)),
        ("symbols: every public prototype is exported", missing_problems(declared, exported)),
        ("symbols: every export has a public prototype", undeclared_problems(declared, exported)),
        ("symbols: the shared library is complete", unresolved_problems(undefined(shared))),
        ("symbols: the static library defines only ndup_ and ndup__",
         static_problems(defined(static))),
    ])


def build_and_check(root):
    """All problems of a one-file library compiled from root/a.c."""
    compiler = shutil.which("cc") or shutil.which("gcc") or "clang"
    with tempfile.TemporaryDirectory() as folder:
        shared, static = Path(folder, "a.so"), Path(folder, "a.o")
        options = ["-fPIC", "-fvisibility=hidden", str(Path(root, "a.c"))]
        subprocess.run([compiler, "-shared", *options, "-o", str(shared)], check=True)
        subprocess.run([compiler, "-c", *options, "-o", str(static)], check=True)
        declared, exported = prototypes(root), defined(shared, "-D")
        return (stray_problems(exported) + missing_problems(declared, exported)
                + undeclared_problems(declared, exported)
                + unresolved_problems(undefined(shared)) + static_problems(defined(static)))


def self_test():
    api = '#define NDUP_API __attribute__((visibility("default")))\n'

    def library(header, code):
        return {"include/neardup/a.h": header, "a.c": api + code}
    one = "NDUP_API int ndup_one(\n    int a);\n"
    one_code = "NDUP_API int ndup_one(int a);\nint ndup_one(int a) { return a; }\n"
    fixtures = [
        ("what is declared and defined", library(one, one_code), None),
        ("a prototype in a comment", library(one + "/* NDUP_API int ndup_two(void); */", one_code),
         None),
        ("a function that is only declared", library(one + "NDUP_API int ndup_two(void);\n",
                                                     one_code), "ndup_two is declared"),
        ("a prototype without NDUP_API",
         library("int ndup_one(int a);\n", one_code), "ndup_one is exported and not declared"),
        ("an internal function that got out",
         library(one, one_code + "NDUP_API int ndup__in(void);\nint ndup__in(void) { return 1; }"),
         "ndup__in is exported"),
        ("a call into nothing",
         library(one, "int ndup__gone(void);\nNDUP_API int ndup_one(int a);\n"
                      "int ndup_one(int a) { return a + ndup__gone(); }\n"),
         "ndup__gone is called"),
        ("a name outside of the namespace",
         library(one, one_code + "int helper(void);\nint helper(void) { return 1; }"),
         "helper can clash"),
    ]
    return lint.check_fixtures([(name, files, build_and_check, fragment)
                                for name, files, fragment in fixtures])


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
