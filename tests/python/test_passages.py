# SPDX-License-Identifier: MIT
"""Passages: the same as the program, from files and from tables, and what is told of them."""
import io
import json
import shutil
import subprocess

import neardup
import pytest

# Pages are tested as such, summaries tell seconds.
LEFT_OUT = ("html", "pages", "summary")
SETS = ["reuters21578", "allsides-full", "laws-zh"]
QUOTED = "we shall fight on the beaches we shall fight on the landing grounds and in the fields"
ROWS = [
    {"id": "a", "date": "2026-03-02", "source": "x.org", "text": f"He said that {QUOTED}, twice."},
    {"id": "b", "date": "2026-03-03", "source": "y.org", "text": f"Quoted: {QUOTED}."},
    {"id": "c", "date": "2026-03-04", "source": "z.org", "text": "Bread is dearer in all shops."},
]


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
    result.write(f"csv:{tmp_path}/again")
    assert (tmp_path / "again").read_bytes() == (found / "csv").read_bytes()


def test_tables_have_the_passages_of_the_program(corpus, found):
    pytest.importorskip("pyarrow")
    import pyarrow.json

    if shutil.which("zstd") is None:
        pytest.skip("no zstd")
    lines = subprocess.run(["zstd", "-dcq", corpus], capture_output=True, check=True).stdout
    options = pyarrow.json.ReadOptions(block_size=len(lines))
    table = pyarrow.json.read_json(io.BytesIO(lines), read_options=options)
    assert agrees(neardup.passages(table), found)


def test_what_is_told():
    result = neardup.passages(ROWS)
    (passage,) = result
    assert (passage.a.id, passage.b.id, passage.matched, passage.direction) == ("a", "b", 17, "a")
    text = ROWS[0]["text"].encode()
    assert text[passage.a.offset :][: passage.a.bytes].decode() == QUOTED
    (family,) = result.families
    assert family.text == QUOTED and [place.id for place in family.places] == ["a", "b"]
    assert result.summary.documents_with == 2 and result[-1] == passage
    assert repr(result) == "<neardup.PassageResult: 1 passages of 1 families in 2 of 3 documents>"
    with pytest.raises(IndexError):
        result[1]


def test_against_other_data():
    result = neardup.passages(ROWS[:1], against=ROWS[1:])
    assert [(each.a.id, each.b.id, each.b.document) for each in result] == [("a", "b", 1)]
    assert result.summary.against_documents == 2
    assert len(neardup.passages(ROWS[:2], against=ROWS[2:])) == 0


def test_as_arrow():
    pa = pytest.importorskip("pyarrow")
    result = neardup.passages(ROWS)
    table, places = pa.table(result), pa.table(result.places)
    table.validate(full=True)
    assert table["a_id"].to_pylist() == ["a"] and table["matched"].to_pylist() == [17]
    assert places["id"].to_pylist() == ["a", "b"] and len(result.places) == 2


def test_refused(tmp_path):
    with pytest.raises(neardup.InvalidError, match="2 words"):
        neardup.passages(ROWS, min_tokens=2)
    with pytest.raises(neardup.InvalidError, match="format"):
        neardup.passages(ROWS, outputs="clusters:x")
    with pytest.raises(TypeError, match="min_tokens"):
        neardup.passages(ROWS, min_tokens="many")
