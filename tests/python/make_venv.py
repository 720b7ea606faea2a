#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the virtual environment in which the Python tests run, once.

usage: make_venv.py FOLDER REQUIREMENTS

Exits with 77, which is a skip, where it cannot be made: without the module venv or a package index.
"""
import hashlib
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


def main():
    folder, requirements = map(pathlib.Path, sys.argv[1:])
    stamp = folder / "made-of"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        print(f"ok - {folder} is there")
        return 0
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"skip - no virtual environment: {error}")
        return SKIPPED
    if not install(folder, requirements):
        return SKIPPED
    stamp.write_text(wanted)
    print(f"ok - {folder} is made")
    return 0


if __name__ == "__main__":
    sys.exit(main())
