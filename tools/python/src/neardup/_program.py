# SPDX-License-Identifier: MIT
"""`python -m neardup`: the program that came with the package.

The program stands among the scripts of the environment, where shells, uvx and pipx find it without
starting Python. This is the way in for those who have the interpreter only, and the place for what
the program cannot read by itself: a command over such files would be answered here.
"""

from __future__ import annotations

import os
import pathlib
import sys
import sysconfig
from collections.abc import Iterator

NAME = "neardup"


def _candidates() -> Iterator[pathlib.Path]:
    """Where installers put scripts: of the environment, of the user, of `pip --target`; a build."""
    package = pathlib.Path(__file__).resolve().parent
    yield pathlib.Path(sysconfig.get_path("scripts")) / NAME
    yield pathlib.Path(sysconfig.get_path("scripts", f"{os.name}_user")) / NAME
    yield package.parent / "bin" / NAME
    yield package.parent.parent / NAME


def find_program() -> str:
    """The path of the program. Errors: FileNotFoundError."""
    for path in _candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    raise FileNotFoundError(f"the program {NAME} is not where this package was installed")


def main() -> None:
    """Becomes the program: signals, exit code and terminal are its own."""
    try:
        program = find_program()
    except FileNotFoundError as missing:
        raise SystemExit(f"{NAME}: {missing}") from None
    sys.stdout.flush()
    os.execv(program, [NAME, *sys.argv[1:]])
