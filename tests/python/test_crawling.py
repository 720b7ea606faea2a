# SPDX-License-Identifier: MIT
"""CRAWLING.md runs as it stands."""
import doctest
import re

import pytest
from test_documents import FLAGS, ROOT, examples

GUIDE = ROOT / "tools" / "python" / "CRAWLING.md"


def test_guide(tmp_path, monkeypatch):
    for module in ("pyarrow", "httpx", "fastapi"):
        pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(examples(GUIDE), {}, GUIDE.name, str(GUIDE), 0)
    assert len(test.examples) > 20
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test)
    assert runner.failures == 0


def test_settings_are_all_there():
    """The table has the settings that the pipeline reads, and no others."""
    source = (GUIDE.parent / "src" / "neardup" / "scrapy.py").read_text()
    read = set(re.findall(r'"(NEARDUP_\w+)"', source))
    lines = GUIDE.read_text().splitlines()
    table = "".join(line for line in lines if line.startswith("| `NEARDUP"))
    assert set(re.findall(r"`(NEARDUP_\w+)`", table)) == read
    assert read <= set(re.findall(r"NEARDUP_\w+", source.partition('"""\n\n')[0]))
