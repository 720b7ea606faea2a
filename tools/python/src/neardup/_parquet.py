# SPDX-License-Identifier: MIT
"""Parquet files through pyarrow, where that is installed; else the library looks for DuckDB."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Optional

from . import _neardup


def _read(path: str, columns: Optional[list[str]]) -> Any:
    """The rows as a stream, batch by batch."""
    import pyarrow
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    schema = file.schema_arrow
    if columns is not None:
        columns = [name for name in columns if name in schema.names]
        schema = pyarrow.schema([schema.field(name) for name in columns])
    batches = file.iter_batches(columns=columns)
    return pyarrow.RecordBatchReader.from_batches(
        schema, (batch.select(schema.names) for batch in batches)
    )


def _codecs(metadata: Any) -> dict[str, str]:
    """The compression of each column, as the first group of rows has it."""
    if metadata.num_row_groups == 0:
        return {}
    group = metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    return {column.path_in_schema: column.compression for column in columns}


def _filter(to: str, path: str, kept: bytes, rows: int) -> None:
    """Writes the rows of `path` whose bits are set, one group of rows after another.

    Rows behind the last bit are not kept.
    """
    import pyarrow
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    missing = max(0, file.metadata.num_rows - rows)
    bits = pyarrow.Array.from_buffers(pyarrow.bool_(), rows, [None, pyarrow.py_buffer(kept)])
    mask = pyarrow.concat_arrays([bits, pyarrow.nulls(missing, pyarrow.bool_())])
    codecs: Any = _codecs(file.metadata) or "none"
    begin = 0
    with pyarrow.parquet.ParquetWriter(
        to,
        file.schema_arrow,
        compression=codecs,
        version=file.metadata.format_version,
    ) as writer:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            chosen = table.filter(mask.slice(begin, table.num_rows))
            begin += table.num_rows
            if chosen.num_rows:
                writer.write_table(chosen)


def use_pyarrow() -> None:
    """From now on the library reads and writes such files so, if it can."""
    if find_spec("pyarrow") is not None:
        _neardup.use_table_files("pyarrow", _read, _filter)
