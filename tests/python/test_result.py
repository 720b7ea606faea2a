# SPDX-License-Identifier: MIT
"""What a result tells: verdicts, groups, pairs, streams, outputs, what notebooks show."""
import json

import neardup
import pytest
from conftest import FOX, KEPT, TEXTS


def test_verdicts(texts):
    result = neardup.dedup(texts)
    assert len(result) == 5 and result.mask == [True, False, True, True, False]
    assert result.ids == list("01234")
    assert result.kept_ids == ["0", "2", "3"] and result.removed_ids == ["1", "4"]
    near = result[-1]
    assert near == result[4] == list(result)[4]
    assert (near.document, near.kept, near.survivor, near.group) == (4, False, 0, 0)
    assert near.similarity == neardup.similarity(texts[0], texts[4])
    span = texts[4].encode()[near.span.offset :][: near.span.bytes].decode()
    assert span in texts[0] and span.endswith("when it stole a")
    assert result[2].group is None and result[2].span is None and result[2].kind == "none"
    assert result[3].reading == "no words"
    for number in (5, -6):
        with pytest.raises(IndexError):
            result[number]
    assert "3 of 5 documents kept, 2 removed: 1 normalized, 1 near" in repr(result)


def test_groups(texts):
    result = neardup.dedup([*texts, "four words stand here", "Four words stand here!"])
    assert [group.documents for group in result.groups] == [[0, 1, 4], [5, 6]]
    group = result.groups[0]
    assert group.survivor == 0 and [each.kind for each in group] == ["none", "normalized", "near"]
    assert group[1:][0].document == 1 and "of 3" in repr(group)


def test_pairs(texts):
    pairs = neardup.dedup(texts, pairs=True).pairs
    assert len(pairs) == 1 and pairs[-1] == pairs[0] == pairs[:][0]
    assert (pairs[0].a, pairs[0].b, pairs[0].kind) == (0, 4, "near")
    with pytest.raises(IndexError):
        pairs[1]
    with pytest.raises(neardup.InvalidError, match="pairs=True"):
        neardup.dedup(texts).pairs
    assert len(neardup.dedup(texts, cluster="components").pairs) == 1


def test_streams(texts):
    pa = pytest.importorskip("pyarrow")
    result = neardup.dedup(texts, pairs=True)
    table = pa.table(result)
    assert table["kept"].to_pylist() == result.mask
    assert table["kind"].to_pylist() == [each.kind for each in result]
    assert table["survivor_id"].to_pylist() == [each.survivor_id for each in result]
    assert table["similarity"].to_pylist() == [each.similarity for each in result]
    assert table["group"].to_pylist() == [each.group for each in result]
    assert pa.table(result.pairs).to_pylist() == [each._asdict() for each in result.pairs]
    stream = pa.RecordBatchReader.from_stream(result)
    del result
    assert stream.read_all() == table
    table.validate(full=True)


def test_streams_that_nobody_takes(texts):
    result = neardup.dedup(texts, pairs=True)
    result.__arrow_c_stream__()
    result.pairs.__arrow_c_stream__()


def test_texts(texts, news):
    result = neardup.dedup(texts)
    assert result.texts([0, 2, 3]) == [texts[0], texts[2], ""]
    files = neardup.dedup(news)
    wanted = files.ids.index("evening-chronicle/correction.txt")
    assert files.texts([wanted]) == [(news / files.ids[wanted]).read_text()]
    with pytest.raises(IndexError):
        result.texts([5])
    with pytest.raises(ValueError):
        result.texts([1, 1])


def test_explain_rows(texts):
    result = neardup.dedup(texts)
    explanation = result.explain(4)
    assert explanation.kind == "near" and explanation.a == texts[0] and explanation.b == texts[4]
    assert result.explain(0, 2).kind == "none"


def test_every_output(texts, tmp_path):
    rows = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
    result = neardup.dedup(rows, pairs=True)
    of_files = {"tree", "csv", "rejected", "uncompared", "pages", "parquet"}
    names = [name for name in neardup.output_formats() if name not in of_files]
    result.write(*(f"{name}:{tmp_path}/{name}" for name in names), f"pages:{tmp_path}/pages")
    assert all((tmp_path / name).exists() for name in names)
    kept = [json.loads(line) for line in open(tmp_path / "jsonl", encoding="utf-8")]
    assert kept == [rows[number] for number in KEPT]
    with pytest.raises(neardup.ExistsError) as caught:
        result.write(f"ids:{tmp_path}/ids")
    assert caught.value.path == f"{tmp_path}/ids" and caught.value.code == "EXISTS"
    result.write(f"ids:{tmp_path}/ids", force=True)
    with pytest.raises(neardup.InvalidError, match="known format"):
        result.write("nothing:of/the/kind")
    with pytest.raises(TypeError):
        result.write(tmp_path)


def test_outputs_of_tables(texts, tmp_path):
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"n": range(5), "text": texts, "deep": [{"a": [1.5, None]}] * 5})
    result = neardup.dedup(table)
    result.write(f"jsonl:{tmp_path}/kept.jsonl")
    kept = [json.loads(line) for line in open(tmp_path / "kept.jsonl", encoding="utf-8")]
    assert kept == result.filter().to_pylist()



HOSTILE = "<script>alert(1)</script> & \"'`"


def test_notebooks_show_no_markup_of_texts():
    text = f"{FOX} {HOSTILE} {FOX.replace('fox', 'wolf')}"
    rows = [{"id": f"{number}{HOSTILE}", "text": text + str(number)} for number in range(9)]
    result = neardup.dedup(rows)
    shown = result._repr_html_()
    assert "<mark>" in shown and "and 4 more" in shown
    found = neardup.flag(f"{text}\n\n{FOX}\n\n{text}")
    pages = [
        shown,
        result.explain(1)._repr_html_(),
        found._repr_html_(),
        neardup.flag(rows + [{"id": HOSTILE, "text": f"{text}\n\n{text}"}])._repr_html_(),
    ]
    for page in pages:
        assert "<script" not in page
        assert HOSTILE not in page
    assert "<div>" in neardup.dedup([])._repr_html_()


def test_notebooks_show_counts_when_files_are_gone(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(FOX + str(number))
    result = neardup.dedup(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    assert "similarity" in result._repr_html_()
    with pytest.raises(neardup.Error):
        result.texts([0])


def test_results_outlive_their_data(texts):
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"text": texts})
    result = neardup.dedup(table)
    del table
    assert result.texts([4]) == [TEXTS[4]]
