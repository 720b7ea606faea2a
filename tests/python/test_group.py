# SPDX-License-Identifier: MIT
"""Copies and stories: the same as the program, from files and from tables, and what is told of
them."""
import io
import json
import shutil
import subprocess

import neardup
import pytest

# Pages are tested as such, summaries tell seconds.
LEFT_OUT = ("html", "pages", "summary")
SETS = ["reuters21578", "allsides-full", "laws-zh"]
FERRY = "The ferry to the island ran aground in thick fog on Monday, said the coast guard of Rostock."
ROWS = [
    {"id": "a", "date": "2026-03-02", "source": "x.org", "title": "Aground", "text": FERRY},
    {"id": "b", "date": "2026-03-03", "source": "y.org", "text": FERRY + " Nobody was hurt."},
    {"id": "c", "date": "2026-03-04", "source": "z.org", "text": "Bread is dearer in all shops."},
]


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
    result.write(f"csv:{tmp_path}/again")
    assert (tmp_path / "again").read_bytes() == (grouped / "csv").read_bytes()


def test_tables_are_grouped_as_by_the_program(corpus, grouped):
    pytest.importorskip("pyarrow")
    import pyarrow.json

    if shutil.which("zstd") is None:
        pytest.skip("no zstd")
    lines = subprocess.run(["zstd", "-dcq", corpus], capture_output=True, check=True).stdout
    options = pyarrow.json.ReadOptions(block_size=len(lines))
    table = pyarrow.json.read_json(io.BytesIO(lines), read_options=options)
    assert agrees(neardup.group(table), grouped)


def test_what_is_told():
    result = neardup.group(ROWS)
    assert [(each.id, each.role, each.of_id) for each in result] == [
        ("a", "first", "a"), ("b", "copy", "a"), ("c", "first", "c")]  # fmt: skip
    assert result[-1] == result[2] and result[1:] == [result[1], result[2]]
    assert result[0].title == "Aground" and result[0].tokens == 18
    assert result.copies == [[0, 1]] and result.summary.copies == 1
    (story,) = result.stories
    assert story.documents == [0, 1] and story.sources == 2
    assert (story.first_date, story.last_date) == ("2026-03-02", "2026-03-03")
    assert result.filter() == [ROWS[0], ROWS[2]]
    assert result.filter(ROWS, roles="copy") == [ROWS[1]]
    assert repr(result) == "<neardup.GroupResult: 3 documents, 1 copies in 1 groups, 1 stories of 2>"
    with pytest.raises(IndexError):
        result[3]


def test_as_arrow():
    pa = pytest.importorskip("pyarrow")
    result = neardup.group(ROWS)
    table = pa.table(result)
    table.validate(full=True)
    assert table.to_pylist() == [each._asdict() for each in result]
    assert pa.table(neardup.group([])).num_rows == 0


def test_refused(tmp_path):
    with pytest.raises(neardup.InvalidError, match="share"):
        neardup.group(ROWS, share=2)
    with pytest.raises(neardup.InvalidError, match="clusters"):
        neardup.group(ROWS, outputs="clusters:x")
    result = neardup.group(ROWS, outputs=f"csv:{tmp_path}/a.csv")
    with pytest.raises(neardup.ExistsError):
        result.write(f"csv:{tmp_path}/a.csv")
    result.write(f"csv:{tmp_path}/a.csv", force=True)
    with pytest.raises(ZeroDivisionError):
        neardup.group(ROWS * 100, progress=lambda now: 1 / 0)
