# SPDX-License-Identifier: MIT
"""Functions over texts for DuckDB's SQL."""

from __future__ import annotations

from typing import Any, Callable, Optional

import duckdb
import pyarrow

from .columns import CharShingles, Seed, call, plain

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
    char_shingles: Optional[CharShingles] = None,
    exact_tokens: Optional[bool] = None,
    shingle_size: Optional[int] = None,
    sketch: Optional[str] = None,
    slots: int = 128,
    seed: Optional[Seed] = None,
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
    given = plain(
        {
            "preset": preset,
            "char_shingles": char_shingles,
            "exact_tokens": exact_tokens,
            "shingle_size": shingle_size,
            "seed": seed,
        }
    )
    kind = plain({"sketch": sketch, "slots": slots})
    functions: dict[str, tuple[list[str], str, dict[str, Any]]] = {
        "n_tokens": ([_TEXT], "UINTEGER", given),
        "fingerprint": ([_TEXT], "BLOB", given),
        "simhash": ([_TEXT], "UBIGINT", given),
        "sketch": ([_TEXT], f"UINTEGER[{slots}]", {**given, **kind}),
        "clean": ([_TEXT], _TEXT, plain({"threshold": threshold})),
        "similarity": ([_TEXT, _TEXT], "DOUBLE", given),
    }
    for name, (parameters, returned, options) in functions.items():
        _replace(con, f"neardup_{name}", _function(name, options), parameters, returned)


def _replace(
    con: Any,
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
