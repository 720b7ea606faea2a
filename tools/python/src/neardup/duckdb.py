# SPDX-License-Identifier: MIT
"""Functions over texts for DuckDB's SQL."""

from __future__ import annotations

from typing import Any, Callable, Optional

import duckdb
import pyarrow

from ._columns import call

_TEXT = "VARCHAR"


def _function(name: str, options: dict[str, Any]) -> Callable[..., Any]:
    def one(texts: Any) -> Any:
        return pyarrow.array(call(name, (texts,), options))

    def two(texts: Any, others: Any) -> Any:
        return pyarrow.array(call(name, (texts, others), options))

    return two if name == "similarity" else one


def register(
    con: Optional[duckdb.DuckDBPyConnection] = None,
    *,
    preset: Optional[str] = None,
    tokens: Optional[str] = None,
    shingle_size: Optional[int] = None,
    sketch: Optional[str] = None,
    slots: int = 128,
    seed: Optional[int] = None,
    threshold: Optional[float] = None,
) -> None:
    """Makes functions known to a connection (None: DuckDB's default one).

    - `neardup_n_tokens(text)`: UINTEGER
    - `neardup_fingerprint(text)`: BLOB of 16 bytes, the same for texts that differ at most in case,
      accents, punctuation and spaces
    - `neardup_simhash(text)`: UBIGINT; of similar texts `bit_count(xor(a, b))` is small
    - `neardup_sketch(text)`: UINTEGER[slots]; the share of slots that agree is the similarity
    - `neardup_clean(text)`: VARCHAR, without what stands in the text twice
    - `neardup_similarity(a, b)`: DOUBLE, the Jaccard similarity of the shingles, exact

    NULL gives NULL. The options are those of `neardup.dedup` and, `threshold`, of `neardup.flag`.
    Registering again replaces the functions by those under the new options.
    """
    con = duckdb.default_connection() if con is None else con
    counted = {"preset": preset, "tokens": tokens}
    shingled = {**counted, "shingle_size": shingle_size}
    hashed = {**shingled, "seed": seed}
    functions: dict[str, tuple[list[str], str, dict[str, Any]]] = {
        "n_tokens": ([_TEXT], "UINTEGER", counted),
        "fingerprint": ([_TEXT], "BLOB", {**counted, "seed": seed}),
        "simhash": ([_TEXT], "UBIGINT", hashed),
        "sketch": ([_TEXT], f"UINTEGER[{slots}]", {**hashed, "sketch": sketch, "slots": slots}),
        "clean": ([_TEXT], _TEXT, {"threshold": threshold}),
        "similarity": ([_TEXT, _TEXT], "DOUBLE", shingled),
    }
    for name, (parameters, returned, options) in functions.items():
        _replace(con, f"neardup_{name}", _function(name, options), parameters, returned)


def _replace(
    con: duckdb.DuckDBPyConnection,
    name: str,
    function: Callable[..., Any],
    parameters: list[str],
    returned: str,
) -> None:
    try:
        con.remove_function(name)
    except duckdb.InvalidInputException:
        pass  # there was none
    con.create_function(
        name, function, parameters, returned, type="arrow", null_handling="special"
    )
