#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a file of Python tests in the virtual environment that make_venv.py makes.

usage: run_tests.py FOLDER TEST...

Exits with 77, which is a skip, without the environment, or where all tests are skipped.
"""
import pathlib
import subprocess
import sys

SKIPPED = 77
NO_TESTS = 5  # of pytest


def main():
    folder, *tests = sys.argv[1:]
    if not (pathlib.Path(folder) / "made-of").exists():
        print("skip - no virtual environment: see the test python_venv")
        return SKIPPED
    command = [f"{folder}/bin/python", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    status = subprocess.run(command).returncode
    return SKIPPED if status == NO_TESTS else status


if __name__ == "__main__":
    sys.exit(main())
