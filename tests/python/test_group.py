# SPDX-License-Identifier: MIT
"""Copies and stories: what is told of them."""
import neardup
import pytest

FERRY = (
    "The ferry to the island ran aground in thick fog on Monday, said the coast guard of Rostock."
)
ROWS = [
    {"id": "a", "date": "2026-03-02", "source": "x.org", "title": "Aground", "text": FERRY},
    {"id": "b", "date": "2026-03-03", "source": "y.org", "text": FERRY + " Nobody was hurt."},
    {"id": "c", "date": "2026-03-04", "source": "z.org", "text": "Bread is dearer in all shops."},
]


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
    told = "<neardup.GroupResult: 3 documents, 1 copies in 1 groups, 1 stories of 2>"
    assert repr(result) == told
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


def test_outputs_are_those_of_the_program(news, program, tmp_path):
    """Written by the run itself, and by another one afterwards."""
    names = sorted(name for name, _ in neardup.group_formats() if name != "pages")
    program("group", news, "-q", *(f"-o{name}:{tmp_path}/theirs.{name}" for name in names))
    result = neardup.group(news, outputs=[f"{name}:{tmp_path}/ours.{name}" for name in names])
    result.write(*(f"{name}:{tmp_path}/later.{name}" for name in names))
    for name in set(names) - {"summary"}:
        theirs = (tmp_path / f"theirs.{name}").read_bytes()
        assert (tmp_path / f"ours.{name}").read_bytes() == theirs, name
        assert (tmp_path / f"later.{name}").read_bytes() == theirs, name
