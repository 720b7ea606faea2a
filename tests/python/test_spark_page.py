# SPDX-License-Identifier: MIT
"""The examples of tools/python/SPARK.md."""
import doctest
import pathlib

from spark_session import start

PAGE = pathlib.Path(__file__).parents[2] / "tools" / "python" / "SPARK.md"


def test_the_examples(tmp_path):
    session = start("local[2]", tmp_path)
    given = {"spark": session}
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, extraglobs=given)
    session.stop()
    assert failed == 0
    assert tried > 5
