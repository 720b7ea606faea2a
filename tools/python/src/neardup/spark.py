# SPDX-License-Identifier: MIT
"""Near-duplicates in DataFrames of Spark, decided as `neardup.dedup` decides in one process.

Spark reads, shuffles, checkpoints and retries; what is done with texts is the library's:

1. every text is read once, and its keys are made (one a band): `mapInArrow`;
2. keys are shuffled, by ranges, and documents with a key in common are joined;
3. connected components: in waves, each checkpointed, or by one task where few edges are left;
4. documents of a component of two or more are read again and shuffled to one place, once to count
   what forms share, over the whole corpus, and once to be judged by the same code, in the same
   order, as in a run over all.

Why that gives the same decisions is told in src/README.md of the project, "The same beyond memory".
Nothing that grows with the corpus comes to the driver: only numbers do, and counters of at most
128 MiB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy
import pyarrow
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from . import _meetings, _spark_forms
from . import dedup as _dedup
from ._errors import InvalidError, NotFoundError
from ._options import resolve
from ._spark_rows import Part

# The names that `neardup.dedup` looks for, too.
_NAMES = {
    "text": ("text", "content", "body"),
    "id": ("id", "_id", "doc_id"),
    "source": ("source", "site", "domain"),
    "url": ("url", "link"),
    "date": ("date", "published", "timestamp"),
    "title": ("title", "headline"),
}

_REFUSED = {
    "exact": "compares all texts with all",
    "audit": "compares texts with all others",
    "rule": "finds containers among texts that have no key in common",
    "containment": "finds containers among texts that have no key in common",
    "lossless": "finds containers among texts that have no key in common",
    "cluster": "makes groups of all pairs, also of those that a run of leaders never looks at",
    "max_loss": "counts all documents of a source",
    "pairs": "has a result of its own; join the decisions with themselves by `group`",
    "html": "reads pages; have `neardup.columns` or another library make texts of them before",
    "unit": "takes documents apart; do so before",
}

_KEYS = "kind int, cut int, keys binary, owners binary"
_EDGES = "a bigint, b bigint, is_local boolean"
_MEMBERS = "vertex bigint, component bigint"

# Of which options keys are made.
_KEY_OPTIONS = (
    "preset", "threshold", "shingle_size", "tokens", "sketch", "slots", "recall", "seed",
)

# Edges that one task joins: 16 bytes each, and some times that in work space.
SOLVE_EDGES = 10_000_000


class _Plan(NamedTuple):
    """A call, understood.

    Attributes:
        columns: by role, the column that has it.
        order: expressions that rows are ordered by within a component.
        options: of `neardup.dedup`, within a component.
        partitions: of shuffles; None leaves them to Spark.
    """

    columns: dict[str, str]
    order: list[Column]
    options: dict[str, Any]
    key_options: dict[str, Any]
    partitions: Optional[int]
    solve_edges: int


def dedup(
    df: DataFrame,
    text: Optional[str] = None,
    *,
    id: Optional[str] = None,
    order: Union[str, Column, Sequence[Union[str, Column]], None] = None,
    source: Optional[str] = None,
    url: Optional[str] = None,
    date: Optional[str] = None,
    title: Optional[str] = None,
    partitions: Optional[int] = None,
    solve_edges: int = SOLVE_EDGES,
    **options: Any,
) -> DataFrame:
    """Decides which rows of a DataFrame to keep, and why the others go.

    Args:
        df: is read some times; its ids and texts must be the same each time. Where a query makes
            them anew, as with `rand` or `limit`, write or checkpoint it before.
        text, id, source, url, date, title: columns, as of `neardup.dedup`. Ids are of any type, and
            each row should have its own.
        order: what "first" and "last" of `keep` mean: columns, or expressions such as
            `F.col("seen").desc()`. The id, if not given.
        partitions: of shuffles; as spark.sql.shuffle.partitions and adaptive execution say, if not
            given.
        solve_edges: so many edges between documents or fewer are joined by one task.
        options: of `neardup.dedup`: preset, threshold, shingle_size, char_shingles, exact_tokens,
            number_agreement, keep, never_drop, templates, drop_all, recall, sketch, slots, seed,
            spans. Guards of never_drop that match nothing are not told.

    Returns:
        A row for each of df, in no order: id, kept, decision ("keep", "drop"), survivor_id,
        similarity, containment, kind, group (the id of the group's first, null outside of groups),
        group_size, span_offset, span_bytes: as in the stream of a `neardup.Result`.

    Raises:
        InvalidError: an option, or one that looks beyond what components hold.
        NotFoundError: there is no such column or preset.
    """
    plan = _understand(df, locals(), options)
    members = _find_members(df, plan)
    return _decide(df, members, plan)


def kept(df: DataFrame, decisions: DataFrame, id: Optional[str] = None) -> DataFrame:
    """The rows of df that stay, with all their columns."""
    name = _column(df, "id", id)
    stays = decisions.where("kept").select(F.col("id").alias(name))
    return df.join(stays, name, "left_semi")


# What was asked for


def _column(df: DataFrame, role: str, given: Optional[str], is_needed: bool = True) -> str:
    wanted = (given,) if given is not None else _NAMES[role]
    for name in wanted:
        if name in df.columns:
            return name
    if given is None and not is_needed:
        return ""
    names = ", ".join(map(str, wanted))
    raise NotFoundError(f"no column {names} for {role}; there are {', '.join(df.columns)}")


def _columns(df: DataFrame, given: dict[str, Any]) -> dict[str, str]:
    found = {role: _column(df, role, given[role], role in ("text", "id")) for role in _NAMES}
    return {role: name for role, name in found.items() if name}


def _refuse(options: dict[str, Any]) -> None:
    for name, why in _REFUSED.items():
        plain = {"rule": "jaccard", "cluster": "leader", "unit": "document"}.get(name)
        if options.get(name) not in (None, False, plain):
            raise InvalidError(
                f"{name}={options[name]!r} {why}: neardup.dedup does that, in one process"
            )


def _order(order: Any, id_column: str) -> list[Column]:
    if order is None:
        return [F.col(id_column)]
    several = list(order) if isinstance(order, (list, tuple)) else [order]
    return [F.col(each) if isinstance(each, str) else each for each in several]


def _understand(df: DataFrame, given: dict[str, Any], options: dict[str, Any]) -> _Plan:
    _refuse(options)
    columns = _columns(df, given)
    taken = {name: value for name, value in options.items() if name not in _REFUSED}
    resolved = resolve(taken)
    for name in _kept_fields(resolved.get("keep", "")):
        columns[name] = _column(df, name, name)
    key_options = {name: resolved[name] for name in _KEY_OPTIONS if name in resolved}
    if isinstance(options.get("seed"), str):
        taken["seed"] = resolved["seed"]  # one for all tasks
    _try_options(taken, key_options)
    order = _order(given["order"], columns["id"])
    return _Plan(
        columns, order, taken, key_options, given["partitions"], given["solve_edges"]
    )


def _kept_fields(keep: str) -> list[str]:
    """Columns that a policy such as field:rank:desc reads."""
    return [each.split(":")[1] for each in keep.split(",") if each.startswith("field:")]


def _try_options(options: dict[str, Any], key_options: dict[str, Any]) -> None:
    """What is wrong with options is told before anything is read."""
    nothing = pyarrow.table({"id": ["a"], "text": ["b"]})
    _dedup(nothing, **{**options, "keep": None, "allow_empty_guard": True})
    _meetings.text_keys(pyarrow.array(["a"]), key_options)


# 1 and 2: keys, and who has one in common


def _vertex(plan: _Plan) -> Column:
    return F.xxhash64(F.col(plan.columns["id"]))


def _make_keys(options: dict[str, Any]) -> Any:
    def make(batches: Iterator[Any]) -> Iterator[Any]:
        for number, table in enumerate(_meetings.chunks_of(batches, _meetings.CHUNK_ROWS)):
            keys = _meetings.text_keys(table.column("_text"), options)
            vertices = table.column("_vertex").to_numpy()
            joined, roots, distinct, owners = _meetings.join_chunk(vertices, keys)
            yield _key_rows(1, *_meetings.range_blobs(distinct, owners))
            cut = [int(vertices[0]) % _meetings.RANGES]
            yield _key_rows(0, cut, _meetings.blob(joined), _meetings.blob(roots))

    return make


def _key_rows(kind: int, cuts: Any, keys: Any, owners: Any) -> Any:
    columns = {
        "kind": pyarrow.array(numpy.full(len(keys), kind, numpy.int32)),
        "cut": pyarrow.array(numpy.asarray(cuts, numpy.int32)),
        "keys": keys,
        "owners": owners,
    }
    return pyarrow.RecordBatch.from_pydict(columns)


def _edge_rows(a: Any, b: Any, is_local: bool) -> Any:
    marks = numpy.full(len(a), is_local)
    return pyarrow.RecordBatch.from_pydict({"a": a, "b": b, "is_local": marks})


def _join_ranges(batches: Iterator[Any]) -> Iterator[Any]:
    """Rows come ordered by range, so that whole ranges are joined, some at a time."""
    held: list[Any] = []
    last, count = -1, 0
    for batch in batches:
        for row in range(batch.num_rows):
            kind, cut, keys, owners = (batch.column(i)[row] for i in range(4))
            if kind.as_py() == 0:
                yield _edge_rows(
                    _meetings.unpack([keys], numpy.int64),
                    _meetings.unpack([owners], numpy.int64),
                    True,
                )
                continue
            if cut.as_py() != last and count >= _meetings.CHUNK_KEYS:
                yield _join_held(held)
                held, count = [], 0
            last = cut.as_py()
            held.append((keys, owners))
            count += len(keys.as_buffer()) // 8
    if held:
        yield _join_held(held)


def _join_held(held: list[Any]) -> Any:
    keys = _meetings.unpack((each[0] for each in held), numpy.uint64)
    owners = _meetings.unpack((each[1] for each in held), numpy.int64)
    return _edge_rows(*_meetings.join_keys(keys, owners), False)


def _repartition(df: DataFrame, partitions: Optional[int], name: str) -> DataFrame:
    return df.repartition(name) if partitions is None else df.repartition(partitions, name)


def _checkpoint(df: DataFrame) -> DataFrame:
    """Made once: to the checkpoint directory if there is one, else with the executors."""
    has_folder = df.sparkSession.sparkContext.getCheckpointDir() is not None
    return df.checkpoint() if has_folder else df.localCheckpoint()


def _find_edges(df: DataFrame, plan: _Plan) -> DataFrame:
    texts = df.select(_vertex(plan).alias("_vertex"), _text(plan).alias("_text"))
    keys = texts.mapInArrow(_make_keys(plan.key_options), _KEYS)
    ranges = _repartition(keys, plan.partitions, "cut").sortWithinPartitions("cut")
    return _checkpoint(ranges.mapInArrow(_join_ranges, _EDGES))


def _text(plan: _Plan) -> Column:
    return F.coalesce(F.col(plan.columns["text"]), F.lit(""))


# 3: components


def _solve(batches: Iterator[Any]) -> Iterator[Any]:
    held = list(batches)
    if held:
        edges = pyarrow.Table.from_batches(held)
        ends = (edges.column(name).to_numpy() for name in ("a", "b"))
        vertices, roots = _meetings.joined(*ends)
        for begin in range(0, len(vertices), _meetings.CHUNK_ROWS):
            part = slice(begin, begin + _meetings.CHUNK_ROWS)
            columns = {"vertex": vertices[part], "component": roots[part]}
            yield pyarrow.RecordBatch.from_pydict(columns)


def _least(edges: DataFrame) -> DataFrame:
    return edges.groupBy("a").agg(F.least(F.min("b"), F.col("a")).alias("least"))


def _wave(edges: DataFrame) -> DataFrame:
    """A large-star and a small-star, which keep what is connected (Kiveris et al. 2014)."""
    both = edges.union(edges.select(F.col("b").alias("a"), F.col("a").alias("b")))
    large = both.where("b > a").join(_least(both), "a")
    large = large.select(F.col("b").alias("a"), F.col("least").alias("b")).distinct()
    down = large.select(F.greatest("a", "b").alias("a"), F.least("a", "b").alias("b"))
    least = _least(down.where("a != b"))
    small = down.join(least, "a").select(F.col("b").alias("a"), F.col("least").alias("b"))
    return small.union(least.select("a", F.col("least").alias("b"))).where("a != b").distinct()


def _shape(edges: DataFrame) -> tuple[int, Any]:
    """How many edges there are, and a sum that tells whether they are the same as before."""
    total = F.sum(F.xxhash64("a", "b").cast("decimal(38,0)"))
    row = edges.agg(F.count("*"), total).collect()[0]
    return row[0], row[1]


def _label(edges: DataFrame, solve_edges: int) -> DataFrame:
    """The vertices of edges, each with its component: the least vertex of it."""
    shape, before = _shape(edges), None
    while shape[0] > solve_edges and shape != before:
        edges = _checkpoint(_wave(edges))
        shape, before = _shape(edges), shape
    if shape[0] <= solve_edges:
        return edges.coalesce(1).mapInArrow(_solve, _MEMBERS)
    roots = edges.select(F.col("b").alias("vertex"), F.col("b").alias("component"))
    leaves = edges.select(F.col("a").alias("vertex"), F.col("b").alias("component"))
    return leaves.union(roots.distinct())


def _find_members(df: DataFrame, plan: _Plan) -> DataFrame:
    """The vertices of components of two or more.

    Only roots of chunks take part in the waves, so that no vertex has more edges than there are
    chunks with one of its keys, however many documents share one.
    """
    edges = _find_edges(df, plan)
    labels = _label(edges.where("not is_local").select("a", "b"), plan.solve_edges)
    labels = _checkpoint(labels)
    local = edges.where("is_local").select("a", F.col("b").alias("vertex"))
    local = local.join(labels, "vertex", "left").select(
        F.col("a").alias("vertex"), F.coalesce("component", "vertex").alias("component")
    )
    return _checkpoint(local.union(labels).distinct())


# 4: decisions


def _result_type(df: DataFrame, plan: _Plan) -> T.StructType:
    id_type = df.schema[plan.columns["id"]].dataType
    fields = [
        ("id", id_type, True),
        ("kept", T.BooleanType(), False),
        ("decision", T.StringType(), False),
        ("survivor_id", id_type, True),
        ("similarity", T.DoubleType(), False),
        ("containment", T.DoubleType(), False),
        ("kind", T.StringType(), False),
        ("group", id_type, True),
        ("group_size", T.LongType(), False),
        ("span_offset", T.LongType(), True),
        ("span_bytes", T.LongType(), True),
    ]
    return T.StructType([T.StructField(*each) for each in fields])


def _alone(df: DataFrame, plan: _Plan, schema: T.StructType) -> DataFrame:
    """Decisions about documents that meet nobody."""
    name = F.col(plan.columns["id"])
    values = {
        "id": name,
        "kept": F.lit(True),
        "decision": F.lit("keep"),
        "survivor_id": name,
        "similarity": F.lit(1.0),
        "containment": F.lit(1.0),
        "kind": F.lit("none"),
        "group_size": F.lit(1),
    }
    return df.select(
        *(
            values.get(field.name, F.lit(None)).cast(field.dataType).alias(field.name)
            for field in schema
        )
    )


def _judge(plan: _Plan, frequencies: Any) -> Any:
    columns, options = _named(plan), plan.options

    def judge(batches: Iterator[Any]) -> Iterator[Any]:
        part = Part(batches, columns, options)
        if part.batches:
            counts = frequencies.value if frequencies is not None else None
            yield from _rows_of(part.dedup(counts), part.column(columns["id"]))

    return judge


def _named(plan: _Plan) -> dict[str, str]:
    """Columns that have a role, without those that a policy names."""
    return {role: name for role, name in plan.columns.items() if role in _NAMES}


def _rows_of(verdicts: Any, ids: Any) -> Iterator[Any]:
    """A result with the ids of the caller in place of numbers."""
    columns = {
        "id": ids,
        "kept": verdicts["kept"],
        "decision": verdicts["decision"],
        "survivor_id": ids.take(verdicts["survivor"]),
        "similarity": verdicts["similarity"],
        "containment": verdicts["containment"],
        "kind": verdicts["kind"],
        "group": ids.take(verdicts["group"]),
        "group_size": verdicts["group_size"].cast(pyarrow.int64()),
        "span_offset": verdicts["span_offset"].cast(pyarrow.int64()),
        "span_bytes": verdicts["span_bytes"].cast(pyarrow.int64()),
    }
    yield from pyarrow.table(columns).to_batches()


def _form_counts_of(
    together: DataFrame, alone: DataFrame, members: DataFrame, plan: _Plan
) -> Any:
    """Counts of the whole corpus, on all executors; None where no component may hold a form."""
    large = members.groupBy("component").count().where(f"count >= {_spark_forms.FORM_LEAST}")
    if not large.limit(1).count():
        return None
    share = _spark_forms.share_of_part(_named(plan), plan.options, plan.key_options)
    shares = _checkpoint(together.mapInArrow(share, _spark_forms.SHARES))

    def of_others(sources: DataFrame) -> DataFrame:
        source, url = (
            F.coalesce(F.col(plan.columns[role]).cast("string"), F.lit(""))
            if role in plan.columns
            else F.lit("")
            for role in ("source", "url")
        )
        rows = alone.select(
            _text(plan).alias("_text"), source.alias("_source"), url.alias("_url")
        )
        if "url" not in plan.columns:  # names are cut, so that their beginnings are compared
            begin = F.substring("source", 1, 50).alias("_begin")
            begins = sources.select(begin).distinct()
            met = F.substring("_source", 1, 50) == F.col("_begin")
            rows = rows.join(begins, met, "left_semi")
        return rows.mapInArrow(
            _spark_forms.share_of_others(plan.key_options), _spark_forms.SHARES
        )

    counters = _spark_forms.count(shares, of_others, _checkpoint)
    context = members.sparkSession.sparkContext
    return context.broadcast(counters) if counters is not None else None


def _decide(df: DataFrame, members: DataFrame, plan: _Plan) -> DataFrame:
    schema = _result_type(df, plan)
    names = list(dict.fromkeys(plan.columns.values()))
    vertices = members.withColumnRenamed("vertex", "_vertex")
    rows = df.withColumn("_vertex", _vertex(plan))
    alone = rows.join(vertices, "_vertex", "left_anti")
    together = _repartition(rows.join(vertices, "_vertex"), plan.partitions, "component")
    ordered = together.sortWithinPartitions(*plan.order, plan.columns["id"])
    ordered = ordered.select(*names)  # all else is pruned before
    counts = _form_counts_of(ordered, alone, members, plan)
    judged = ordered.mapInArrow(_judge(plan, counts), schema)
    return _alone(alone, plan, schema).union(judged)
