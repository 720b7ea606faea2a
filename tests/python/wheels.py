# SPDX-License-Identifier: MIT
"""Wheels for tests.

NEARDUP_WHEEL names one; without it one is built of an sdist, as pip would.
"""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*command, **options):
    """What a command prints; the test fails with all of it when the command does."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def sdist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, ROOT)
    (file,) = folder.glob("*.tar.gz")
    return file


@pytest.fixture(scope="session")
def wheel(request, tmp_path_factory):
    if "NEARDUP_WHEEL" in os.environ:
        return pathlib.Path(os.environ["NEARDUP_WHEEL"]).resolve()
    folder = tmp_path_factory.mktemp("wheel")
    launcher = {"CMAKE_C_COMPILER_LAUNCHER": "ccache"} if shutil.which("ccache") else {}
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder,
        request.getfixturevalue("sdist"), env={**os.environ, **launcher})
    (file,) = folder.glob("*.whl")
    return file


def install(python, wheel, folder):
    """An environment with the wheel; how to run things in it with nothing else on PATH."""
    run(python, "-m", "venv", folder)
    environment = {"PATH": str(folder / "bin"), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    run(folder / "bin" / "python", "-m", "pip", "install", "--no-index", "--no-deps", wheel,
        env=environment)
    return environment
