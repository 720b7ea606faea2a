# SPDX-License-Identifier: MIT
"""Passages: what is told of them."""
import neardup
import pytest

QUOTED = "we shall fight on the beaches we shall fight on the landing grounds and in the fields"
ROWS = [
    {"id": "a", "date": "2026-03-02", "source": "x.org", "text": f"He said that {QUOTED}, twice."},
    {"id": "b", "date": "2026-03-03", "source": "y.org", "text": f"Quoted: {QUOTED}."},
    {"id": "c", "date": "2026-03-04", "source": "z.org", "text": "Bread is dearer in all shops."},
]


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


def test_outputs_are_those_of_the_program(news, program, tmp_path):
    """Written by the run itself, and by another one afterwards."""
    names = sorted(name for name, _ in neardup.passage_formats() if name != "pages")
    program("passages", news, "-q", *(f"-o{name}:{tmp_path}/theirs.{name}" for name in names))
    result = neardup.passages(news, outputs=[f"{name}:{tmp_path}/ours.{name}" for name in names])
    result.write(*(f"{name}:{tmp_path}/later.{name}" for name in names))
    for name in set(names) - {"summary"}:
        theirs = (tmp_path / f"theirs.{name}").read_bytes()
        assert (tmp_path / f"ours.{name}").read_bytes() == theirs, name
        assert (tmp_path / f"later.{name}").read_bytes() == theirs, name
