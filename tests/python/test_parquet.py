# SPDX-License-Identifier: MIT
"""Parquet files through pyarrow: read with the other inputs, and written with all columns."""
import neardup
import pytest
from conftest import KEPT, TEXTS

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402


@pytest.fixture
def table():
    rows = range(5)
    columns = {
        "id": list("abcde"),
        "text": TEXTS,
        "n": pa.array(rows, pa.int16()),
        "deep": [{"a": [number, None]} for number in rows],
        "bytes": [b"\xff"] * 5,
        "when": pa.array([0, 1, 2, 3, None], pa.timestamp("us", tz="UTC")),
    }
    return pa.table(columns).replace_schema_metadata({"about": "the test"})


@pytest.fixture
def path(table, tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path, row_group_size=2, compression="zstd")
    return path


def test_read(path):
    result = neardup.dedup(path)
    assert result.kept == KEPT and result.kept_ids == ["a", "c", "d"]
    assert neardup.dedup(path.parent).kept == KEPT
    assert result.texts([2]) == [TEXTS[2]]


def test_write(path, table, tmp_path):
    neardup.dedup(path).write(f"parquet:{tmp_path}/kept")
    kept = pq.ParquetFile(tmp_path / "kept" / "rows.parquet")
    before = pq.ParquetFile(path)
    assert kept.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert kept.schema_arrow.metadata[b"about"] == b"the test"
    assert kept.read().equals(before.read().take(KEPT))
    assert kept.metadata.row_group(0).column(0).compression == "ZSTD"


def test_many_batches(tmp_path):
    texts = [f"text number {number} of many, and {number * 7919} more" for number in range(200_000)]
    pq.write_table(pa.table({"body": texts}), tmp_path / "many.parquet", row_group_size=30_000)
    result = neardup.dedup(tmp_path / "many.parquet", spans=False)
    assert len(result) == 200_000 and result.texts([199_999]) == texts[-1:]


def test_what_is_wrong_is_said(path, tmp_path, table):
    with pytest.raises(neardup.NotFoundError, match="deep"):
        neardup.dedup(path, text="contents")
    (tmp_path / "bad.parquet").write_bytes(path.read_bytes()[:100])
    with pytest.raises(neardup.Error, match="magic bytes"):
        neardup.dedup(tmp_path / "bad.parquet")
    with pytest.raises(neardup.ExistsError):
        neardup.dedup(path).write(f"parquet:{path.parent}")
