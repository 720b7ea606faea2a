# SPDX-License-Identifier: MIT
"""Passages on three development sets: the same as the program, byte for byte, from files and from
tables."""
import io
import json
import shutil
import subprocess

import neardup
import pytest
from conftest import IS_FULL

# Pages are tested as such, summaries tell seconds.
LEFT_OUT = ("html", "pages", "summary")
SETS = ["reuters21578", "allsides-full", "laws-zh"] if IS_FULL else ["reuters21578"]


@pytest.fixture(scope="module", params=SETS)
def corpus(request, data_folder):
    path = data_folder / request.param / "docs.jsonl.zst"
    if not path.exists():
        pytest.skip(f"{request.param} is not there")
    return path


@pytest.fixture(scope="module")
def found(corpus, program, tmp_path_factory):
    """The program's outputs."""
    folder = tmp_path_factory.mktemp("program")
    names = [name for name, _ in neardup.passage_formats() if name not in LEFT_OUT]
    program("passages", corpus, "-q", *(f"-o{name}:{folder}/{name}" for name in names))
    return folder


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


def is_at(place, line):
    wanted = (line["id"], line["offset"], line["bytes"], line["first_token"], line["tokens"])
    return place[1:2] + place[4:8] == wanted


def agrees(result, found):
    """Whether passages and families are those of the program's outputs."""
    for passage, line in zip(result, lines_of(found / "jsonl"), strict=True):
        assert is_at(passage.a, line["a"]) and is_at(passage.b, line["b"])
        assert (passage.matched, passage.family) == (line["matched"], line["family"])
        assert passage.similarity == pytest.approx(line["similarity"], abs=5e-6)
    for family, line in zip(result.families, lines_of(found / "families"), strict=True):
        assert family.family == line["family"] and family.text == line["text"]
        assert len(family.places) == len(line["places"])
        assert all(map(is_at, family.places, line["places"]))
    return True


def test_files_have_the_passages_of_the_program(corpus, found, tmp_path):
    names = sorted(path.name for path in found.iterdir())
    result = neardup.passages(corpus, outputs=[f"{name}:{tmp_path}/{name}" for name in names])
    for name in names:
        assert (tmp_path / name).read_bytes() == (found / name).read_bytes(), name
    assert agrees(result, found)


def test_tables_have_the_passages_of_the_program(corpus, found):
    pytest.importorskip("pyarrow")
    import pyarrow.json

    if shutil.which("zstd") is None:
        pytest.skip("no zstd")
    lines = subprocess.run(["zstd", "-dcq", corpus], capture_output=True, check=True).stdout
    options = pyarrow.json.ReadOptions(block_size=len(lines))
    table = pyarrow.json.read_json(io.BytesIO(lines), read_options=options)
    assert agrees(neardup.passages(table), found)
