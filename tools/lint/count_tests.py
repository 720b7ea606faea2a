#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the single cases in the output of `ctest --verbose` and shows those that failed.

usage: count_tests.py LOG | --self-test

Prints "PASSED FAILED SKIPPED" on standard output and the failed cases on standard error. Cases are
those of cmocka's summaries and lines "ok - x", "not ok - x", "skip - x"; a test program without
any of these is one case.
"""
import re
import sys

import lint

RESULT = re.compile(r"^ *\d+/\d+ Test +#(\d+): (\S+) \.*\s*(\*+)?(.*?)\s+[\d.]+ sec")
OUTPUT = re.compile(r"^(\d+): (.*)$")
CASES = [
    (re.compile(r"\[  PASSED  \] (\d+) test"), "passed"),
    (re.compile(r"\[  FAILED  \] (\d+) test"), "failed"),
    (re.compile(r"\[  SKIPPED \] (\d+) test"), "skipped"),
    (re.compile(r"ok - "), "passed"),
    (re.compile(r"not ok - "), "failed"),
    (re.compile(r"skip - "), "skipped"),
]
# What cmocka says about cases that went well.
QUIET = re.compile(r"\[( RUN      |       OK |==========|  PASSED  )\]|ok - |$|"
                   r"Test (command|timeout)|Working Directory|Environment var")


def count(log):
    """({passed, failed, skipped}, [text about a failed test])."""
    outputs, results = {}, []
    for line in log.split("\n"):
        line = line.rstrip("\r")
        result, output = RESULT.match(line), OUTPUT.match(line)
        if result:
            results.append((result.group(1), result.group(2), result.group(4)))
        elif output:
            outputs.setdefault(output.group(1), []).append(output.group(2))
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    failures = []
    for number, name, outcome in results:
        cases = {"passed": 0, "failed": 0, "skipped": 0}
        for line in outputs.get(number, []):
            for pattern, kind in CASES:
                match = pattern.match(line.lstrip())
                if match:
                    cases[kind] += int(match.group(1)) if match.groups() else 1
        if outcome == "Passed":
            # A test that is meant to report failures has passed by doing so.
            cases["passed"] += cases["failed"]
            cases["failed"] = 0
            if not any(cases.values()):
                cases["passed"] = 1
        elif outcome == "Skipped":
            cases["skipped"] = max(1, cases["skipped"])
        else:
            cases["failed"] = max(1, cases["failed"])
        if cases["failed"]:
            shown = [line for line in outputs.get(number, []) if not QUIET.match(line)]
            failures.append("\n    ".join([f"{name}: {outcome}", *shown[:200]]))
        for kind, cases_of_kind in cases.items():
            totals[kind] += cases_of_kind
    if not results:
        totals["failed"] += 1
        failures.append("no test was run")
    return totals, failures


def run(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        totals, failures = count(log.read())
    for failure in failures:
        print("FAILED " + failure, file=sys.stderr)
    print(totals["passed"], totals["failed"], totals["skipped"])
    return 1 if totals["failed"] else 0


def self_test():
    def expect(name, log, passed, failed, skipped):
        totals = tuple(count(log)[0].values())
        wanted = (passed, failed, skipped)
        return (f"self-test: counts {name}",
                [] if totals == wanted else [f"expected {wanted}, got {totals}"])
    cmocka = ("2: [ RUN      ] test_a\n2: [       OK ] test_a\n2: [==========] 5 test(s) run.\n"
              "2: [  PASSED  ] 3 test(s).\n")
    broken = "2: [  FAILED  ] 2 test(s), listed below:\n2: [  FAILED  ] test_b\n"
    return lint.report([
        expect("cmocka", cmocka + "1/1 Test #2: test_x ....   Passed    0.01 sec\n", 3, 0, 0),
        expect("cmocka with failures",
               cmocka + broken + " 1/1 Test  #2: test_x ...***Failed    0.01 sec\n", 3, 2, 0),
        expect("failures that were asked for",
               cmocka + broken + "1/1 Test #2: test_x ....   Passed    0.01 sec\n", 5, 0, 0),
        expect("a crash without a summary",
               "7: [ RUN      ] test_a\n1/1 Test #7: test_x ...***Exception: SegFault  0.01 sec\n",
               0, 1, 0),
        expect("a time limit", "1/1 Test #7: test_x .....***Timeout  9.01 sec\n", 0, 1, 0),
        expect("a program that was not built",
               "1/1 Test #7: test_x ...***Not Run   0.00 sec\n", 0, 1, 0),
        expect("ok lines, with tests side by side",
               "1: ok - a\n2: ok - b\n1: not ok - c\n1: skip - d\n"
               "1/2 Test #2: p ....   Passed    0.01 sec\n2/2 Test #1: q ...***Failed 0.01 sec\n",
               2, 1, 1),
        expect("a program that says nothing", "1/1 Test #3: fuzz ....   Passed    0.01 sec\n",
               1, 0, 0),
        expect("an empty log as a failure", "", 0, 1, 0),
    ])


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
