# SPDX-License-Identifier: MIT
"""The program reads and writes Parquet by libduckdb: files of pyarrow and of DuckDB, kept rows,
schemas and metadata, and what is said of files that cannot be read."""
import datetime
import decimal
import json
import os
import random
import subprocess

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

WORDS = ("storm harbour ferry quay monday mill fire brigade night town bread baker market price "
         "council vote bridge river flood rain school teacher garden apple summer train").split()


@pytest.fixture(scope="module")
def neardup():
    """Runs the program; gives its exit status and what it says."""
    path = os.environ.get("NEARDUP_PROGRAM")
    if not path or not os.environ.get("NEARDUP_DUCKDB"):
        pytest.skip("no program or no libduckdb; set NEARDUP_PROGRAM and NEARDUP_DUCKDB")

    def run(*arguments, check=True):
        done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stderr
        return done

    return run


def text_of(number):
    """A text of 60 words that no other number has."""
    return " ".join(random.Random(number).choices(WORDS, k=60))


def numbers():
    """Of 600 texts every third is the one before it again."""
    return [n - 1 if n % 3 == 2 else n for n in range(600)]


KEPT = [n % 3 != 2 for n in range(600)]


def wide_table():
    rows = range(600)
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5)
    columns = {
        "id": pa.array([f"d{n}" for n in rows]),
        "text": pa.array([text_of(n) for n in numbers()], pa.large_string()),
        "small": pa.array([n % 100 if n % 7 else None for n in rows], pa.int8()),
        "unsigned": pa.array([2**64 - 1 - n for n in rows], pa.uint64()),
        "single": pa.array([n / 3 for n in rows], pa.float32()),
        "day": pa.array([datetime.date(2026, 1, 1)] * 600),
        "moment": pa.array([moment] * 600, pa.timestamp("us", "UTC")),
        "price": pa.array([decimal.Decimal(n) / 100 for n in rows], pa.decimal128(12, 2)),
        "bytes": pa.array([bytes([255, n % 256]) for n in rows]),
        "tags": pa.array([["a", None, str(n)] if n % 5 else None for n in rows]),
        "meta": pa.array([{"x": n, "y": {"z": str(n)}} for n in rows]),
        "code": pa.array([str(n % 4) for n in rows]).dictionary_encode(),
        "counts": pa.array([[(str(n), n)] for n in rows], pa.map_(pa.string(), pa.int64())),
    }
    return pa.table(columns).replace_schema_metadata({"who": "it's us", "raw": b"\x00\xff"})


def kept_file(neardup, folder, name, *options):
    neardup("dedup", folder / name, "-q", *options, "-o", f"parquet:{folder}/kept")
    return folder / "kept" / name


def test_kept_rows_and_schema_are_those_of_pyarrow(neardup, tmp_path):
    table = wide_table()
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=200, compression="zstd")
    table = pq.read_table(tmp_path / "in.parquet")
    written = pq.read_table(kept_file(neardup, tmp_path, "in.parquet"))
    assert written.schema.equals(table.schema, check_metadata=True)
    assert written.to_pylist() == table.filter(pa.array(KEPT)).to_pylist()
    before = pq.ParquetFile(tmp_path / "in.parquet").metadata
    after = pq.ParquetFile(tmp_path / "kept/in.parquet").metadata
    assert after.row_group(0).column(0).compression == before.row_group(0).column(0).compression
    assert after.num_row_groups == before.num_row_groups


def test_kept_rows_and_schema_are_those_of_duckdb(neardup, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    texts = pa.table({"text": [text_of(n) for n in numbers()]})
    connection = duckdb.connect()
    connection.register("texts", texts)
    connection.execute(
        "COPY (SELECT text, row_number() OVER () AS n, [1, 2] AS list, {'a': 1, 'b': 'x'} AS s, "
        f"INTERVAL 3 DAY AS span, uuid() AS u FROM texts) TO '{tmp_path}/in.parquet' "
        "(FORMAT parquet, COMPRESSION gzip, KV_METADATA {source: 'here'})")
    path = kept_file(neardup, tmp_path, "in.parquet")
    query = "SELECT * FROM read_parquet('{}')"
    before = connection.sql(query.format(tmp_path / "in.parquet"))
    after = connection.sql(query.format(path))
    assert after.types == before.types and after.columns == before.columns
    assert after.fetchall() == [row for row, kept in zip(before.fetchall(), KEPT) if kept]
    metadata = "SELECT DISTINCT key, value FROM parquet_kv_metadata('{}') ORDER BY key"
    values = connection.sql(metadata.format(path)).fetchall()
    assert (b"source", b"here") in values
    assert values == connection.sql(metadata.format(tmp_path / "in.parquet")).fetchall()


def test_decides_as_for_json_lines(neardup, tmp_path):
    table = wide_table()
    pq.write_table(table, tmp_path / "in.parquet")
    with open(tmp_path / "in.jsonl", "w", encoding="utf-8") as lines:
        for row in table.select(["id", "text"]).to_pylist():
            lines.write(json.dumps(row) + "\n")
    for name in ("in.parquet", "in.jsonl"):
        neardup("dedup", tmp_path / name, "-q", "-o", f"ids:{tmp_path}/{name}.ids")
    assert (tmp_path / "in.parquet.ids").read_text() == (tmp_path / "in.jsonl.ids").read_text()


def test_records_have_the_columns_that_were_asked_for(neardup, tmp_path):
    table = pa.table({"meta": [{"body": "some words here", "at": datetime.date(2026, 5, 1)}, None],
                      "nr": [7, 8], "other": ["x", "y"]})
    pq.write_table(table, tmp_path / "in.parquet")
    done = neardup("dedup", tmp_path / "in.parquet", "-q", "--text-field", "meta.body",
                   "--id-field", "nr", "-o", "jsonl:-")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[0] == {"meta": {"body": "some words here", "at": "2026-05-01"}, "nr": 7}


def test_folders_keep_their_shape(neardup, tmp_path):
    for name in ("a.parquet", "deep/b*[1].parquet", "deep/x=1/c.parquet"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"text": [text_of(1), text_of(2)]}), path)
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "in/empty.parquet")
    neardup("dedup", tmp_path / "in", "-q", "-o", f"parquet:{tmp_path}/out")
    rows = {str(path.relative_to(tmp_path / "out")): pq.ParquetFile(path).read().num_rows
            for path in (tmp_path / "out").rglob("*.parquet")}
    assert rows == {"a.parquet": 2, "deep/b*[1].parquet": 0, "deep/x=1/c.parquet": 0}


def test_bytes_and_nulls_are_texts(neardup, tmp_path):
    texts = [b"plain words", None, b"caf\xc3\xa9 and \xff"]
    pq.write_table(pa.table({"text": pa.array(texts)}), tmp_path / "in.parquet")
    done = neardup("dedup", tmp_path / "in.parquet", "-q", "-o", "jsonl:-", check=False)
    records = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert records == ["plain words", None, "café and \N{REPLACEMENT CHARACTER}"]


def test_a_missing_column_is_named_with_those_there_are(neardup, tmp_path):
    pq.write_table(pa.table({"story": ["a"], "lead": ["b"]}), tmp_path / "in.parquet")
    done = neardup("dedup", tmp_path / "in.parquet", "-o", "ids:-", check=False)
    assert done.returncode != 0
    assert "no column 'text', 'content' or 'body'; there are story, lead" in done.stderr


def test_a_damaged_file_is_refused(neardup, tmp_path):
    (tmp_path / "in.parquet").write_bytes(b"PAR1\x15\x00 and no more")
    done = neardup("dedup", tmp_path / "in.parquet", "-o", "ids:-", check=False)
    assert done.returncode != 0
    assert "DuckDB: " in done.stderr and "in.parquet" in done.stderr


def test_other_documents_have_no_place_in_parquet(neardup, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": "some words"}\n')
    done = neardup("dedup", tmp_path / "in.jsonl", "-o", f"parquet:{tmp_path}/out", check=False)
    assert done.returncode != 0 and "is no Parquet file" in done.stderr
    assert not (tmp_path / "out").exists()


def test_without_the_library_it_is_said_what_helps(neardup, tmp_path):
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "in.parquet")
    program = os.environ["NEARDUP_PROGRAM"]
    there_is_none = dict(os.environ, NEARDUP_DUCKDB="/nowhere/libduckdb.so")
    done = subprocess.run([program, "dedup", tmp_path / "in.parquet"], capture_output=True,
                          text=True, env=there_is_none)
    assert done.returncode != 0
    assert "NEARDUP_DUCKDB cannot be loaded: /nowhere/libduckdb.so" in done.stderr
