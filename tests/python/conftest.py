# SPDX-License-Identifier: MIT
"""What the Python tests share: texts, data folders, the program."""
import os
import pathlib
import subprocess

import pytest

FOX = (
    "The quick brown fox jumps over the lazy dog and then runs away into the deep dark forest "
    "where it lives with many friends, and nobody has seen it since the last summer, when it "
    "stole a goose from the yard of the inn at the end of the old road."
)
# Kept: 0, 2, 3. 1 has the same words as 0, 4 nearly the same.
TEXTS = [
    FOX,
    FOX.upper(),
    "Bread is dearer in all shops of the town, café “Zum Bären” included. 短い文章です。",
    None,
    FOX.replace("goose", "duck"),
]
KEPT = [0, 2, 3]

# Everything in full, for minutes: tools/check --full.
IS_FULL = os.environ.get("NEARDUP_TEST_FULL") == "1"


@pytest.fixture
def texts():
    return list(TEXTS)


@pytest.fixture(scope="session")
def program():
    """The command line program, as a function of its arguments."""
    path = os.environ.get("NEARDUP_PROGRAM")
    if not path:
        pytest.skip("no program; set NEARDUP_PROGRAM")

    def run(*arguments):
        return subprocess.run([path, *map(str, arguments)], capture_output=True, check=True)

    return run


@pytest.fixture(scope="session")
def data_folder():
    folder = os.environ.get("NEARDUP_DATA")
    if not folder:
        pytest.skip("no data; set NEARDUP_DATA")
    return pathlib.Path(folder)


@pytest.fixture(scope="session")
def news():
    return pathlib.Path(__file__).parents[1] / "samples" / "news"
