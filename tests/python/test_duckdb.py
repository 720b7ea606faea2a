# SPDX-License-Identifier: MIT
"""Functions in DuckDB's SQL: the same as the library row by row, whatever the chunks."""
import pytest
from texts import CALM, KINDS, STORM, made

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
import neardup.duckdb  # noqa: E402
from reference import SLOTS, Library  # noqa: E402

NAMES = ["n_tokens", "fingerprint", "simhash", "sketch", "clean"]


@pytest.fixture
def con():
    con = duckdb.connect()
    neardup.duckdb.register(con)
    return con


def rows(con, sql):
    return con.sql(sql).fetchall()


def test_same_as_the_library_row_by_row(con):
    library = Library()
    texts = [text for text in KINDS if text is None or "\0" not in text] + made(5000)
    given = pa.table({"n": range(len(texts)), "t": texts})  # noqa: F841 - SQL finds it by its name
    calls = ", ".join(f"neardup_{name}(t)" for name in NAMES)
    sql = f"select t, {calls}, neardup_similarity(t, '{STORM}') from given order by n"
    found = con.sql(sql).fetchall()
    assert len(found) == len(texts)
    for text, (same, count, fingerprint, simhash, sketch, clean, similarity) in zip(texts, found):
        assert same == text
        if text is None:
            assert (count, fingerprint, simhash, sketch, clean, similarity) == (None,) * 6
            continue
        assert (count, fingerprint, list(sketch)) == library.read(text)
        assert clean == library.clean(text)
        assert similarity == library.similarity(text, STORM)
        assert (simhash is None) == (count == 0)


def test_types(con):
    calls = ", ".join(f"typeof(neardup_{name}('a'))" for name in [*NAMES])
    types = rows(con, f"select {calls}, typeof(neardup_similarity('a', 'a'))")[0]
    assert types == ("UINTEGER", "BLOB", "UBIGINT", f"UINTEGER[{SLOTS}]", "VARCHAR", "DOUBLE")
    with pytest.raises(duckdb.Error, match="neardup_n_tokens"):
        con.sql("select neardup_n_tokens(42)")


def test_nothing_and_nulls(con):
    assert rows(con, "select neardup_clean(t) from (select 'a' as t) where t = 'b'") == []
    assert rows(con, "select neardup_n_tokens(null::varchar)") == [(None,)]


def test_in_clauses(con):
    sql = "select count(distinct neardup_fingerprint('Text, ' || (i % 700))) from range(50000) t(i)"
    assert rows(con, sql) == [(700,)]
    sql = "select i from range(10) t(i) where neardup_similarity('a ' || i, 'a 3') = 1"
    assert rows(con, sql) == [(3,)]
    sql = "select sum(neardup_n_tokens('a ' || i)) from range(10) t(i) group by i % 2"
    assert rows(con, sql) == [(10,), (10,)]


def test_options_and_registering_again(con):
    assert rows(con, "select neardup_n_tokens('a, b')") == [(2,)]
    neardup.duckdb.register(con, exact_tokens=True, slots=16, seed=7)
    assert rows(con, "select neardup_n_tokens('a, b')") == [(3,)]
    assert len(rows(con, "select neardup_sketch('a')")[0][0]) == 16
    neardup.duckdb.register(con, threshold=1)
    again = STORM + "\n\n" + CALM + "\n\n" + STORM.replace("night", "day")
    assert rows(con, f"select neardup_clean('{again}')") == [(again,)]
    neardup.duckdb.register(con, preset="nws")
    with pytest.raises(duckdb.Error, match="no preset named 'nws'; there are news"):
        rows(con, "select neardup_n_tokens('a')")


def test_the_default_connection():
    neardup.duckdb.register()
    assert duckdb.sql("select neardup_n_tokens('a b')").fetchall() == [(2,)]
