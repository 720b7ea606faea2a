# SPDX-License-Identifier: MIT
"""neardup.spark decides as neardup.dedup does, however the work is cut."""
import neardup
import pyarrow as pa
import pytest
from spark_session import by_id, differences, one_process, start
from spark_texts import generated
from pyspark.sql import functions as F

NONE = [0]
AQE = "spark.sql.adaptive.enabled"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = start("local[2]", tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


@pytest.fixture(scope="module")
def table():
    return generated(2000)


@pytest.fixture(scope="module")
def df(session, table):
    return session.createDataFrame(table).repartition(5, "rank").localCheckpoint()


@pytest.mark.parametrize("aqe", ["true", "false"])
@pytest.mark.parametrize("partitions", [None, 1, 7, 64])
def test_same_decisions(session, df, table, partitions, aqe):
    session.conf.set(AQE, aqe)
    assert differences(df, table, partitions=partitions) == NONE
    session.conf.set(AQE, "true")


@pytest.mark.parametrize(
    "options",
    [
        {"keep": "longest"},
        {"keep": ["newest", "longest"], "date": "date"},
        {"keep": "field:rank:desc"},
        {"keep": "last", "never_drop": ["s3"]},
        {"threshold": 0.9, "recall": 0.9},
        {"preset": "strict", "seed": 7},
        {"char_shingles": True, "drop_all": True},
        {"exact_tokens": True, "spans": False},
        {"sketch": "kmins", "slots": 64},
    ],
)
def test_options(df, table, options):
    assert differences(df, table, **options) == NONE


def test_waves(df, table):
    """Nothing is left to one task."""
    assert differences(df, table, solve_edges=0) == NONE


def test_twenty_thousand(session):
    table = generated(20000, seed=2)
    df = session.createDataFrame(table).repartition(9)
    assert differences(df.localCheckpoint(), table) == NONE


def test_order_is_the_id_where_none_is_given(df, table):
    assert differences(df, table.sort_by("id"), order=None) == NONE


def test_order_by_expressions(df, table):
    table = table.sort_by([("rank", "descending"), ("n", "ascending")])
    assert differences(df, table, order=[F.col("rank").desc(), "n"]) == NONE


def test_ids_of_any_type_and_more_than_once(session):
    texts = ["a b c d e f", "a b c d e f", "x", None, "a b c d e f g", "alone in the world"]
    table = pa.table({"id": [7, 7, 7, 2**40, 5, 1], "text": texts, "n": list(range(6))})
    df = session.createDataFrame(table).repartition(3)
    assert differences(df, table) != NONE  # ids are texts there
    got = neardup.spark.dedup(df, order="n").toArrow().sort_by([("id", "ascending")])
    assert got.schema.field("id").type == got.schema.field("survivor_id").type == pa.int64()
    assert got["id"].to_pylist() == [1, 5, 7, 7, 7, 2**40]
    wanted = neardup.dedup(table)
    assert sorted(got["kept"].to_pylist()) == sorted(wanted.mask)


def test_no_rows_and_one_row(session):
    empty = session.createDataFrame([], "id string, text string")
    assert neardup.spark.dedup(empty).count() == 0
    one = neardup.spark.dedup(session.createDataFrame([("a", "b")], "id string, text string"))
    assert one.first()["kept"] and one.count() == 1


def test_rows_that_are_kept(session, df, table):
    decisions = neardup.spark.dedup(df, order="n")
    rows = neardup.spark.kept(df, decisions)
    assert rows.columns == df.columns or set(rows.columns) == set(df.columns)
    wanted = neardup.dedup(table).filter()["n"].to_pylist()
    assert sorted(row["n"] for row in rows.select("n").collect()) == wanted


def test_nothing_that_grows_comes_to_the_driver(session, table, monkeypatch):
    """Rows that are collected are as many for 1,000 documents as for 2,000."""
    rows = []
    for name in ("collect", "head", "take", "toPandas", "toArrow", "first", "toLocalIterator"):
        owner = next(each for each in type(session.range(1)).__mro__ if name in vars(each))
        original = getattr(owner, name)

        def counted(self, *given, original=original, **named):
            answer = original(self, *given, **named)
            rows.append(len(answer) if isinstance(answer, list) else 1)
            return answer

        monkeypatch.setattr(owner, name, counted)
    counts = []
    for part in (table.slice(0, 1000), table):
        rows.clear()
        neardup.spark.dedup(session.createDataFrame(part).repartition(4))
        counts.append(sum(rows))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    "options, why",
    [
        ({"exact": True}, "exact=True compares all texts"),
        ({"rule": "contained"}, "no key in common"),
        ({"cluster": "components"}, "one process"),
        ({"audit": 5}, "all others"),
        ({"max_loss": 0.1}, "all documents of a source"),
        ({"threshold": 2}, "threshold 2, must be"),
        ({"preset": "nws"}, "no preset named 'nws'"),
        ({"text": "txt"}, "no column txt for text; there are n, id"),
        ({"keep": "field:rnk:asc"}, "no column rnk"),
    ],
)
def test_what_is_refused_is_told_before_it_runs(df, options, why):
    with pytest.raises((neardup.InvalidError, neardup.NotFoundError), match=why):
        neardup.spark.dedup(df, **options)


def test_unknown_options(df):
    with pytest.raises(TypeError, match="nothing"):
        neardup.spark.dedup(df, nothing=1)
