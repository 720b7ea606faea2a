# SPDX-License-Identifier: MIT
"""Single texts: explain, similarity, flag, sketches."""
import neardup
import pytest
from conftest import FOX

COPY = FOX.replace("goose", "duck")


@pytest.mark.parametrize("b", [COPY, FOX, FOX.upper(), "短い文章です。 ?", "", "no \x1b[31m words"])
def test_explain_prints_what_the_program_prints(b, program, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path, text in zip(paths, (FOX, b)):
        path.write_text(text, encoding="utf-8")
    printed = program("explain", *paths).stdout.decode()
    ours = str(neardup.explain(FOX, b))
    for path, name in zip(paths, ("the first text", "the second text")):
        printed = printed.replace(str(path), name)
    assert ours == printed


def test_explanations():
    found = neardup.explain(FOX, COPY)
    assert found.similar and found.kind == "near" and found.tokens_a == 51
    assert found.similarity == found.shared_shingles / (
        found.shingles_a + found.shingles_b - found.shared_shingles
    )
    for span in found.spans:
        assert FOX[span.a_start : span.a_end] == COPY[span.b_start : span.b_end]
    assert "similarity 0.8077" in repr(found)
    with_letters = neardup.explain("é" * 5 + " " + FOX, "日本 " + COPY, spans=1)
    span = with_letters.spans[0]
    assert with_letters.a[span.a_start : span.a_end] == with_letters.b[span.b_start : span.b_end]
    assert len(neardup.explain(FOX, COPY, spans=0).spans) == 0
    with pytest.raises(ValueError):
        neardup.explain(FOX, COPY, spans=-1)
    with pytest.raises(TypeError, match="a text must be a str, not bytes"):
        neardup.explain(FOX, b"")


def test_similarity():
    assert neardup.similarity(FOX, FOX) == 1
    assert neardup.similarity(FOX, "Bread is dearer in town.") == 0
    assert neardup.similarity(FOX, COPY, shingle_size=1) > neardup.similarity(FOX, COPY)
    with pytest.raises(TypeError):
        neardup.similarity(FOX, None)


def test_flag_one_text():
    text = f"{FOX}\n\nÉté — Bread is dearer in all shops of the town.\n\n{FOX}\n"
    found = neardup.flag(text)
    assert len(found) == 1 and found[0].kind == "exact" and found[0].role == "paragraph"
    assert text[found[0].start : found[0].end] == FOX
    assert text[found[0].first_start : found[0].first_end] == FOX
    assert found.cleaned.count(FOX) == 1 and found.cleaned.startswith(FOX)
    assert 0.3 < found.share < 0.5
    assert len(neardup.flag(FOX)) == 0 and neardup.flag(FOX).cleaned == FOX
    assert len(neardup.flag("")) == 0


def test_flag_many(tmp_path, program):
    rows = [
        {"id": "a", "text": f"{FOX}\n\n{COPY}\n\nSomething else is written here, too."},
        {"id": "b", "text": FOX},
    ]
    found = neardup.flag(rows)
    assert len(found) == 1 and found[0].id == "a" and found[0].document == 0
    assert found[0][0].kind == "near" and found.summary.documents == 2
    assert "1 of 2 documents" in repr(found)
    assert len(neardup.flag(rows, threshold=0.99)) == 0
    found.write(f"cleaned:{tmp_path}/ours.jsonl", f"jsonl:{tmp_path}/repeats.jsonl")
    with pytest.raises(neardup.ExistsError):
        found.write(f"cleaned:{tmp_path}/ours.jsonl")
    given = tmp_path / "given.jsonl"
    neardup.dedup(rows, threshold=1).write(f"jsonl:{given}")
    program("flag", given, "-o", f"cleaned:{tmp_path}/theirs.jsonl")
    assert (tmp_path / "ours.jsonl").read_bytes() == (tmp_path / "theirs.jsonl").read_bytes()
    with pytest.raises(TypeError, match="cleaned"):
        found[0].cleaned
    assert set(neardup.flag_formats()) >= {"cleaned", "jsonl", "html"}


def test_flag_files(news):
    assert neardup.flag(news).summary.documents == 16


def test_sketches():
    sketcher = neardup.Sketcher(slots=1024, seed=3)
    a, b = sketcher.sketch_text(FOX), sketcher.sketch_text(COPY)
    assert len(a) == sketcher.bytes == 4096
    assert abs(sketcher.estimate(a, b) - neardup.similarity(FOX, COPY)) < 0.06
    assert sketcher.estimate(sketcher.merge(a, b), a) > sketcher.estimate(a, b)
    assert neardup.Sketcher(slots=1024).sketch_text(FOX) != a
    assert neardup.Sketcher("minhash", 1024, seed=3).sketch_text(FOX) == a
    with pytest.raises(ValueError, match="must be of 4096"):
        sketcher.estimate(a, a[1:])
    with pytest.raises(neardup.UnsupportedError):
        neardup.Sketcher("simhash64").merge(bytes(256), bytes(256))
    with pytest.raises(neardup.InvalidError):
        neardup.Sketcher(slots=3)


def test_sketches_of_columns():
    pa = pytest.importorskip("pyarrow")
    sketcher = neardup.Sketcher()
    wanted = [sketcher.sketch_text(FOX), None, sketcher.sketch_text(COPY)]
    for texts in ([FOX, None, COPY], pa.array([FOX, None, COPY])):
        column = pa.array(sketcher.sketch(texts))
        assert column.type == pa.binary(512) and column.to_pylist() == wanted
        column.validate(full=True)
