# SPDX-License-Identifier: MIT
"""What dedup takes, and what filter gives back of it."""
import array
import collections
import datetime
import pathlib

import neardup
import pytest
from conftest import FOX, KEPT, TEXTS


def check(data, **options):
    """Decides; gives the result and what is kept."""
    result = neardup.dedup(data, **options)
    assert result.kept == KEPT and result.removed == [1, 4]
    assert [result[number].kind for number in (1, 4)] == ["normalized", "near"]
    kept = result.filter()
    assert type(kept) is type(data)
    return result, kept


def chosen(rows):
    return [rows[number] for number in KEPT]


def test_lists_and_tuples(texts):
    assert check(texts)[1] == chosen(texts)
    assert check(tuple(texts))[1] == tuple(chosen(texts))
    assert neardup.dedup(collections.deque(texts)).filter() == chosen(texts)
    assert neardup.dedup([]).kept == []
    assert neardup.dedup([None, None]).summary.empty == 2


def test_iterators_are_read_once(texts):
    result = neardup.dedup(text for text in texts)
    assert result.kept == KEPT
    assert result.filter(texts) == chosen(texts)
    with pytest.raises(TypeError, match="iterator is gone"):
        result.filter()


def test_records(texts):
    rows = [{"text": text, "n": number} for number, text in enumerate(texts)]
    assert check(rows)[1] == chosen(rows)
    assert neardup.dedup(iter(rows)).kept == KEPT
    nested = [{"page": {"body": text}} for text in texts]
    assert check(nested, text="page.body")[1] == chosen(nested)
    gappy = [{"content": text} if text else {"n": 1} for text in texts]
    assert neardup.dedup(gappy).kept == KEPT


def test_records_say_what_they_are(tmp_path):
    day = datetime.date(2026, 5, 31)
    rows = [
        {"id": "a", "text": FOX, "site": "x.example", "date": day, "title": "Fox"},
        {"id": "b", "text": FOX, "site": "y.example", "date": day.replace(year=2020), "n": [1.5]},
    ]
    result = neardup.dedup(rows, keep="oldest")
    assert result.ids == ["a", "b"] and result.kept == [1]
    assert result[0].source == "x.example" and result[0].title == "Fox"
    result.write(f"jsonl:{tmp_path}/kept.jsonl")
    assert '"n": [1.5]' in (tmp_path / "kept.jsonl").read_text()
    assert neardup.dedup(rows, id="site", never_drop="x*").kept_ids == ["x.example"]


def test_halves_of_surrogate_pairs():
    result = neardup.dedup(["one \ud800 two", "one \ud800 two", {}.get("none")])
    assert result.kept == [0, 2] and result.summary.repaired == 2
    assert neardup.dedup([{"text": "one \ud800 two"}] * 2).kept == [0]


def test_paths(news, tmp_path):
    by_path = neardup.dedup(news)
    assert len(by_path) == 16 and by_path.removed
    assert neardup.dedup(str(news)).kept_ids == by_path.kept_ids
    assert neardup.dedup([news]).kept_ids == by_path.kept_ids
    two = neardup.dedup([news / "wire", news / "valley-post"])
    assert two.removed
    with pytest.raises(TypeError, match="stand in files"):
        by_path.filter()
    odd = tmp_path / "odd \udcff name.txt"
    odd.write_bytes(FOX.encode())
    assert neardup.dedup([odd, news]).ids[0].endswith("\\xFF name.txt")


def test_paragraphs(texts):
    result = neardup.dedup([f"{FOX}\n\n{FOX}", FOX], unit="paragraph")
    assert len(result) == 3 and result.ids[0] == "0#0" and result.kept == [0]
    with pytest.raises(TypeError, match="about paragraphs"):
        result.filter()


def test_numpy(texts):
    np = pytest.importorskip("numpy")
    for given in (np.array(texts, dtype=object), np.array([text or "" for text in texts])):
        assert list(check(given)[1]) == list(given[KEPT])
    assert neardup.dedup(np.array([FOX, float("nan"), FOX], dtype=object)).kept == [0, 1]
    with pytest.raises(neardup.InvalidError, match="2 dimensions"):
        neardup.dedup(np.array([["a"]]))


def test_pandas(texts):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"n": range(5), "text": texts}, index=list("vwxyz"))
    result, kept = check(frame)
    assert list(kept.index) == ["v", "x", "y"]
    result, kept = check(frame["text"])
    assert list(kept.index) == ["v", "x", "y"]
    assert result.filter(frame).equals(frame.iloc[KEPT])


def test_pandas_without_pyarrow(texts, monkeypatch):
    pd = pytest.importorskip("pandas")
    from neardup import _data

    monkeypatch.setattr(_data, "_has_pyarrow", lambda: False)
    frame = pd.DataFrame({"n": range(5), "text": pd.Series(texts, dtype=object)})
    check(frame)
    check(frame["text"])


def test_polars(texts):
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"n": range(5), "text": texts})
    assert check(frame)[1]["n"].to_list() == KEPT
    assert check(frame.lazy())[1].collect()["n"].to_list() == KEPT
    assert check(frame["text"])[1].to_list() == chosen(texts)
    check(frame["text"].cast(pl.Categorical))
    check(pl.concat([frame[:2], frame[2:]], rechunk=False))
    assert neardup.dedup(frame[1:]).kept == [0, 1, 2]
    verdicts = pl.DataFrame(neardup.dedup(frame))
    assert verdicts["kept"].to_list() == [number in KEPT for number in range(5)]


def test_pyarrow_layouts(texts):
    pa = pytest.importorskip("pyarrow")
    dictionary = pa.dictionary(pa.int8(), pa.string())
    for kind in (pa.string(), pa.large_string(), pa.string_view(), dictionary):
        given = pa.array(texts, pa.string()).cast(kind)
        assert check(given)[1].to_pylist() == chosen(texts)
        check(pa.chunked_array([given[:2], given[2:2], given[2:]]))
        sliced = neardup.dedup(pa.chunked_array([["one"], texts])[1:])
        assert sliced.kept == KEPT
    views = pa.array(texts, pa.string_view())
    assert check(pa.table({"text": views}))[1]["text"].to_pylist() == chosen(texts)
    check(pa.record_batch({"text": views}))
    assert neardup.dedup(pa.array([], pa.string())).kept == []


def test_pyarrow_tables(texts):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.dataset

    table = pa.table({"n": range(5), "body": texts, "id": list("abcde")})
    result, kept = check(table)
    assert kept["n"].to_pylist() == KEPT and result.kept_ids == ["a", "c", "d"]
    check(table.to_batches()[0])
    assert check(pa.dataset.dataset(table))[1].to_table()["n"].to_pylist() == KEPT
    result = neardup.dedup(table.to_reader())
    assert result.kept == KEPT
    with pytest.raises(TypeError, match="reader is gone"):
        result.filter()
    with pytest.raises(neardup.NotFoundError, match="body"):
        neardup.dedup(table, text="contents")


def test_duckdb(texts):
    duckdb = pytest.importorskip("duckdb")
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"n": range(5), "text": texts})
    relation = duckdb.from_arrow(table)
    assert [row[0] for row in check(relation)[1].fetchall()] == KEPT


def test_hugging_face(texts):
    datasets = pytest.importorskip("datasets")
    given = datasets.Dataset.from_dict({"n": list(range(5)), "text": texts})
    assert check(given)[1]["n"] == KEPT
    assert neardup.dedup(given.select([1, 0])).kept == [0]


class Bare:
    """Something with nothing but the interface."""

    def __init__(self, data):
        self._data = data

    def __arrow_c_stream__(self, requested_schema=None):
        return self._data.__arrow_c_stream__(requested_schema)


def test_whatever_is_an_arrow_stream(texts):
    pa = pytest.importorskip("pyarrow")
    result = neardup.dedup(Bare(pa.table({"text": texts})))
    assert result.kept == KEPT and result.filter()["text"].to_pylist() == chosen(texts)
    again = neardup.dedup(Bare(neardup.dedup(texts)), text="kind")
    assert len(again) == 5


def test_a_stream_of_python_that_fails(texts):
    pa = pytest.importorskip("pyarrow")

    def batches():
        yield pa.record_batch({"text": texts})
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.string()}), batches())
    with pytest.raises(neardup.Error, match="the disk is gone"):
        neardup.dedup(reader)


@pytest.mark.parametrize(
    "data, error, message",
    [
        (b"bytes", TypeError, "no documents can be got from a bytes"),
        (3, TypeError, "got from a int"),
        ({"train": []}, TypeError, "give one"),
        ([1], TypeError, "rows must be str, dicts or paths, not int"),
        (["a", 2], TypeError, "text 1 must be a str or None, not int"),
        ([{"text": "a"}, "b"], TypeError, "row 1 must be a dict, not str"),
        ([{"text": {}}], TypeError, "row 0: text must be a str or None, not dict"),
        ([{"body_text": "a"}], neardup.NotFoundError, "there are body_text"),
        ("one text", neardup.NotFoundError, "a list of str"),
        (array.array("i", [1]), TypeError, "rows must be"),
        (pathlib.Path("no/such/file"), neardup.NotFoundError, "no/such/file"),
    ],
)
def test_what_is_no_data_is_said(data, error, message):
    with pytest.raises(error, match=message):
        neardup.dedup(data)


def test_filter_wants_as_many_rows(texts):
    result = neardup.dedup(texts)
    with pytest.raises(neardup.InvalidError, match="2 rows, but the result is about 5"):
        result.filter([1, 2])
    assert result.filter(list("abcde")) == ["a", "c", "d"]
