# SPDX-License-Identifier: MIT
"""The examples of tools/python/TABLES.md."""
import doctest
import pathlib

import pytest

for package in ("polars", "duckdb", "pyarrow", "datasets", "datatrove", "trafilatura"):
    pytest.importorskip(package)

PAGE = pathlib.Path(__file__).parents[2] / "tools" / "python" / "TABLES.md"


def test_the_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, report=True)
    assert failed == 0
    assert tried > 30
