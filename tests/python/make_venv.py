#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the virtual environment in which the Python tests run, or adds to it, once.

usage: make_venv.py [--asked VARIABLE] FOLDER REQUIREMENTS [MORE]

Exits with 77, which is a skip, where it cannot be made: without the module venv or a package index,
and where the environment does not have VARIABLE=1, for what takes long to install.
"""
import hashlib
import os
import pathlib
import subprocess
import sys
import venv

SKIPPED = 77


def install(folder, requirements):
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet",
               "--disable-pip-version-check", "-r", requirements]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"skip - no packages to test with: {done.stderr.strip()[-300:]}")
    return done.returncode == 0


def make(folder, requirements, stamp, is_new):
    """The stamp says what the environment was made of: it is not made again then."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    if is_new:
        try:
            venv.create(folder, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"skip - no virtual environment: {error}")
            return False
    if install(folder, requirements):
        stamp.write_text(wanted)
    return stamp.exists()


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--asked":
        if os.environ.get(arguments[1]) != "1":
            print(f"skip - not asked for: set {arguments[1]}=1")
            return SKIPPED
        arguments = arguments[2:]
    folder, *lists = map(pathlib.Path, arguments)
    for number, requirements in enumerate(lists):
        stamp = folder / ("made-of" if number == 0 else "more-of")
        if not make(folder, requirements, stamp, number == 0):
            return SKIPPED
    print(f"ok - {folder} is there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
