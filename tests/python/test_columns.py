# SPDX-License-Identifier: MIT
"""Functions over columns of Arrow: every layout of strings, and what comes back to whom."""
import gc
import resource
import threading

import neardup
import pytest
from neardup import columns
from texts import CALM, KINDS, STORM, made

pa = pytest.importorskip("pyarrow")
from reference import SLOTS, Library  # noqa: E402

TEXTS = KINDS + made(200)
FUNCTIONS = [
    columns.n_tokens,
    columns.fingerprint,
    columns.simhash,
    columns.sketch,
    columns.clean,
    lambda texts: columns.similarity(texts, pa.array([STORM])),
]


def results(texts):
    return [pa.array(function(texts)) for function in FUNCTIONS]


@pytest.fixture(scope="module")
def wanted():
    return results(pa.array(TEXTS))


def test_same_as_the_library_row_by_row(wanted):
    library = Library()
    read = [None if text is None else library.read(text) for text in TEXTS]
    assert wanted[0].to_pylist() == [row and row[0] for row in read]
    assert wanted[1].to_pylist() == [row and row[1] for row in read]
    assert wanted[3].to_pylist() == [row and row[2] for row in read]
    assert wanted[4].to_pylist() == [t if t is None else library.clean(t) for t in TEXTS]
    similar = [t if t is None else library.similarity(t, STORM) for t in TEXTS]
    assert wanted[5].to_pylist() == similar


def test_types(wanted):
    types = [pa.uint32(), pa.large_binary(), pa.uint64(), pa.list_(pa.uint32(), SLOTS)]
    assert [each.type for each in wanted] == [*types, pa.large_string(), pa.float64()]
    for each in wanted:
        each.validate(full=True)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_layouts(wanted, kind):
    given = pa.array(TEXTS, kind)
    assert results(given) == wanted
    assert results(pa.chunked_array([given[:7], given[7:7], given[7:]])) == wanted
    assert results(given[5:50]) == [each[5:50] for each in wanted]
    assert results(pa.chunked_array([], kind))[0] == pa.array([], pa.uint32())


@pytest.mark.parametrize("index", [pa.int8(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64()])
def test_dictionaries(index):
    texts = ["b c", "a", None, "b c", "", "a"]
    given = pa.array(texts).dictionary_encode().cast(pa.dictionary(index, pa.string()))
    assert results(given) == results(pa.array(texts))
    other = pa.array(["z", "b c"]).dictionary_encode().cast(given.type)
    both = pa.chunked_array([given, other, given[2:4]])
    assert results(both) == results(pa.array(texts + ["z", "b c", None, "b c"]))
    null_in_it = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["x", None]))
    assert pa.array(columns.n_tokens(null_in_it)).to_pylist() == [1, None, None]


def test_nulls_without_a_type():
    assert pa.array(columns.clean(pa.nulls(3))).null_count == 3


def test_polars_and_pandas(wanted):
    pl = pytest.importorskip("polars")
    pd = pytest.importorskip("pandas", minversion="3")
    series = pl.Series(TEXTS)
    assert pl.Series(columns.fingerprint(series)).to_list() == wanted[1].to_pylist()
    frame = pd.DataFrame({"t": pd.Series(TEXTS, dtype="str")})
    assert pa.array(columns.fingerprint(frame["t"])) == wanted[1]


def test_a_column_is_handed_over_once():
    made_column = columns.n_tokens(pa.array(["a"]))
    assert pa.array(made_column).to_pylist() == [1]
    with pytest.raises(ValueError, match="handed over already"):
        pa.array(made_column)
    del made_column
    columns.n_tokens(pa.array(["never taken"]))


def test_what_is_wrong_is_said():
    with pytest.raises(neardup.InvalidError, match="column is of int64, must be of strings"):
        columns.n_tokens(pa.array([1]))
    with pytest.raises(neardup.InvalidError, match="of structs"):
        columns.n_tokens(pa.table({"a": ["b"]}))
    with pytest.raises(TypeError, match="hands out Arrow data, not <class 'list'>"):
        columns.n_tokens(["a"])
    with pytest.raises(neardup.InvalidError, match="columns of 2 and 3 rows"):
        columns.similarity(pa.array(["a", "b"]), pa.array(["a", "b", "c"]))
    with pytest.raises(neardup.NotFoundError, match="no preset named 'nws'"):
        columns.sketch(pa.array(["a"]), preset="nws")

    def fails():
        yield pa.record_batch({"a": ["b"]})
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"a": pa.string()}), fails())
    with pytest.raises(neardup.Error, match="the disk is gone"):
        columns.n_tokens(reader)


def test_threads():
    given = pa.array(made(2000))
    expected = results(given)
    wrong = []

    def work():
        for _ in range(5):
            if results(given) != expected:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_memory_stays_flat():
    given = pa.chunked_array([[f"{STORM}\n\n{CALM}\n\n{STORM}"] * 9, [None]])

    def work(times):
        for _ in range(times):
            for function in FUNCTIONS:
                function(given)
            results(given[3:].chunk(0))
            with pytest.raises(neardup.InvalidError):
                columns.clean(pa.array([1]))
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = work(100)
    assert work(800) - before < 4 << 10  # KiB
