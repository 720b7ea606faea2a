# SPDX-License-Identifier: MIT
"""Copies and stories on three development sets: the same as the program, byte for byte, from files
and from tables."""
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
def grouped(corpus, program, tmp_path_factory):
    """The program's outputs."""
    folder = tmp_path_factory.mktemp("program")
    names = [name for name, _ in neardup.group_formats() if name not in LEFT_OUT]
    program("group", corpus, "-q", *(f"-o{name}:{folder}/{name}" for name in names))
    return folder


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def agrees(result, grouped):
    """Whether documents and stories are those of the program's outputs."""
    lines = rows_of(grouped / "jsonl")
    for each, line in zip(result, lines, strict=True):
        wanted = line["neardup"]
        assert (each.story, each.copy_group, each.role) == (
            wanted["story"], wanted["copy_group"], wanted["role"])  # fmt: skip
        assert each.of_id == wanted["of"]
        assert each.share == pytest.approx(wanted["share"], abs=5e-6)
    stories = [line for line in rows_of(grouped / "stories") if line["documents"] > 1]
    assert [story.story for story in result.stories] == [line["story"] for line in stories]
    ids = [each.id for each in result]
    for story, line in zip(result.stories, stories, strict=True):
        assert [ids[number] for number in story.documents] == [
            each["id"] for each in line["members"]]  # fmt: skip
        assert story.headline == line["headline"]
    return True


def test_files_are_grouped_as_by_the_program(corpus, grouped, tmp_path):
    names = sorted(path.name for path in grouped.iterdir())
    result = neardup.group(corpus, outputs=[f"{name}:{tmp_path}/{name}" for name in names])
    for name in names:
        assert (tmp_path / name).read_bytes() == (grouped / name).read_bytes(), name
    assert agrees(result, grouped)


def test_tables_are_grouped_as_by_the_program(corpus, grouped):
    pytest.importorskip("pyarrow")
    import pyarrow.json

    if shutil.which("zstd") is None:
        pytest.skip("no zstd")
    lines = subprocess.run(["zstd", "-dcq", corpus], capture_output=True, check=True).stdout
    options = pyarrow.json.ReadOptions(block_size=len(lines))
    table = pyarrow.json.read_json(io.BytesIO(lines), read_options=options)
    assert agrees(neardup.group(table), grouped)
