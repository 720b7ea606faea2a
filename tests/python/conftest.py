# SPDX-License-Identifier: MIT
"""A line a test, in the form that tools/lint/count_tests.py counts."""

WORDS = {"passed": "ok", "failed": "not ok", "skipped": "skip"}


def pytest_runtest_logreport(report):
    is_result = report.when == "call" or report.outcome != "passed"
    if is_result and (report.when != "teardown" or report.failed):
        print(f"\n{WORDS[report.outcome]} - {report.nodeid}", flush=True)
