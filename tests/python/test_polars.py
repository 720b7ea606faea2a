# SPDX-License-Identifier: MIT
"""Expressions of Polars: the same as the library row by row, however Polars calls them."""
import resource

import neardup
import pytest
from texts import CALM, KINDS, STORM, made

pl = pytest.importorskip("polars")
import neardup.polars  # noqa: E402
from reference import SLOTS, Library  # noqa: E402

CALLS = {
    "n_tokens": lambda e: e.neardup.n_tokens(),
    "fingerprint": lambda e: e.neardup.fingerprint(),
    "simhash": lambda e: e.neardup.simhash(),
    "sketch": lambda e: e.neardup.sketch(),
    "clean": lambda e: e.neardup.clean(),
    "similarity": lambda e: e.neardup.similarity(pl.lit(STORM)),
}
TYPES = {
    "n_tokens": pl.UInt32,
    "fingerprint": pl.Binary,
    "simhash": pl.UInt64,
    "sketch": pl.Array(pl.UInt32, SLOTS),
    "clean": pl.String,
    "similarity": pl.Float64,
}
EVERY = [call(pl.col("t")).alias(name) for name, call in CALLS.items()]


def frame(texts):
    return pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)})


def simhash_of(sketch):
    bits = sum((slot & 1) << place for place, slot in enumerate(sketch))
    return None if 0xFFFFFFFF in sketch else bits


def expected(texts):
    library = Library()
    rows = [None if text is None else library.read(text) for text in texts]
    slots = frame(texts).select(pl.col("t").neardup.sketch(sketch="simhash64")).to_series()
    return {
        "n_tokens": [row and row[0] for row in rows],
        "fingerprint": [row and row[1] for row in rows],
        "simhash": [None if slot is None else simhash_of(slot) for slot in slots.to_list()],
        "sketch": [row and row[2] for row in rows],
        "clean": [None if text is None else library.clean(text) for text in texts],
        "similarity": [None if t is None else library.similarity(t, STORM) for t in texts],
    }


@pytest.fixture(scope="module")
def many():
    return frame(KINDS + made(3000)).with_columns(g=pl.int_range(pl.len()) % 7)


@pytest.fixture(scope="module")
def wanted(many):
    return many.select(EVERY)


@pytest.mark.parametrize("name", CALLS)
def test_same_as_the_library_row_by_row(name):
    texts = KINDS + made(300, seed=2)
    found = frame(texts).select(CALLS[name](pl.col("t"))).to_series()
    assert found.to_list() == expected(texts)[name]
    assert found.dtype == TYPES[name]
    assert found.name == "t"


def test_schema_is_known_before(many):
    assert dict(many.lazy().select(EVERY).collect_schema()) == TYPES


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_lazy(many, wanted, engine):
    assert many.lazy().select(EVERY).collect(engine=engine).equals(wanted)
    few = many.lazy().filter(pl.col("t").neardup.n_tokens() > 30).collect(engine=engine)
    assert few.equals(many.filter(wanted["n_tokens"] > 30))


def test_streaming_from_a_file(many, wanted, tmp_path):
    many.write_parquet(tmp_path / "t.parquet", row_group_size=100)
    found = pl.scan_parquet(tmp_path / "t.parquet").select(EVERY).collect(engine="streaming")
    assert found.equals(wanted)


def test_chunks_slices_and_filters(many, wanted):
    parts = [many.slice(begin, 500) for begin in range(0, many.height, 500)]
    chunked = pl.concat(parts, rechunk=False)
    assert chunked.n_chunks() > 1
    assert chunked.select(EVERY).equals(wanted)
    assert many.slice(3, 11).select(EVERY).equals(wanted.slice(3, 11))
    odd = pl.int_range(pl.len()) % 2 == 1
    assert many.filter(odd).select(EVERY).equals(wanted.filter(odd))
    first = pl.concat([many.head(1), many.slice(1)], rechunk=False)
    assert first.select(pl.col("t").neardup.similarity(many["t"])).n_unique() <= 3  # 1, 0, null


def test_group_by_and_over(many, wanted):
    total = many.group_by("g").agg(pl.col("t").neardup.n_tokens().sum()).sort("g")
    with_counts = many.with_columns(n=wanted["n_tokens"])
    sums = with_counts.group_by("g").agg(pl.sum("n")).sort("g")
    assert total["t"].to_list() == sums["n"].to_list()
    over = many.select(pl.col("t").neardup.n_tokens().max().over("g")).to_series()
    assert over.to_list() == with_counts.select(pl.col("n").max().over("g")).to_series().to_list()
    lists = many.group_by("g").agg(pl.col("t").neardup.sketch()).sort("g")
    again = many.with_columns(s=wanted["sketch"]).group_by("g").agg("s").sort("g")
    assert lists["t"].to_list() == again["s"].to_list()
    by = many.group_by(pl.col("t").neardup.fingerprint()).len()
    assert by.height == wanted["fingerprint"].n_unique()


def test_inside_of_other_expressions(many, wanted):
    found = many.select(
        pl.when(pl.col("t").neardup.n_tokens() > 10)
        .then(pl.col("t").neardup.clean())
        .otherwise(pl.lit(None))
    ).to_series()
    long = wanted["n_tokens"] > 10
    assert found.drop_nulls().to_list() == wanted.filter(long)["clean"].to_list()


@pytest.mark.parametrize("dtype", [pl.Categorical, "enum"])
def test_categories(dtype):
    texts = ["b c", "a", None, "b c", "", "a"]
    kind = pl.Enum(["", "a", "b c", "never"]) if dtype == "enum" else dtype
    categories = pl.DataFrame({"t": pl.Series(texts).cast(kind)})
    assert categories.select(EVERY).equals(frame(texts).select(EVERY))
    parts = pl.concat([categories, categories.slice(2)], rechunk=False)
    assert parts.select(EVERY).equals(frame(texts + texts[2:]).select(EVERY))


def test_nothing_and_nulls():
    assert frame([]).select(EVERY).height == 0
    assert dict(frame([]).select(EVERY).schema) == TYPES
    assert frame([None, None]).select(EVERY).null_count().row(0) == (2,) * len(EVERY)
    untyped = pl.DataFrame({"t": [None, None]})
    assert untyped.schema["t"] == pl.Null
    assert untyped.select(EVERY).null_count().row(0) == (2,) * len(EVERY)
    by_empty = frame([]).with_columns(g=1).group_by("g").agg(EVERY)
    assert by_empty.height == 0


@pytest.mark.parametrize(
    "column, named",
    [
        (pl.Series("t", [1, 2]), "int64"),
        (pl.Series("t", [b"a"]), "binary"),
        (pl.Series("t", [["a"]]), "lists"),
        (pl.Series("t", [1.5]), "float64"),
        (pl.Series("t", [True]), "bool"),
    ],
)
def test_other_types_are_refused_by_name(column, named):
    for call in CALLS.values():
        with pytest.raises(pl.exceptions.ComputeError, match=f"'t' is of {named}, must be of str"):
            pl.DataFrame([column]).select(call(pl.col("t")))
        with pytest.raises(pl.exceptions.ComputeError, match="must be of strings"):
            pl.LazyFrame([column]).select(call(pl.col("t"))).collect_schema()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda e: e.neardup.n_tokens(preset="nws"), "no preset named 'nws'; there are news"),
        (lambda e: e.neardup.sketch(slots=0x10000), "slots"),
        (lambda e: e.neardup.sketch(slots=-1), "slots must be a whole number"),
        (lambda e: e.neardup.sketch(sketch="min"), "min"),
        (lambda e: e.neardup.sketch(shingle_size=65), "shingle size 65, must be 1..64"),
        (lambda e: e.neardup.sketch(seed=1 << 64), "strings and numbers"),
        (lambda e: e.neardup.sketch(char_shingles=65), "shingle size 65"),
        (lambda e: e.neardup.sketch(seed="x"), "seed must be a whole number"),
        (lambda e: e.neardup.clean(threshold=0), "threshold 0, must be over 0"),
        (lambda e: e.neardup.clean(threshold=-0.5), "threshold -0.5, must be over 0"),
        (lambda e: e.neardup.clean(threshold="high"), "threshold must be a number"),
    ],
)
def test_wrong_options_are_named(call, message):
    with pytest.raises(pl.exceptions.ComputeError, match=message):
        frame(["a b c"]).select(call(pl.col("t")))


def test_options_count():
    texts = frame(["a, b", "A B"])
    same = texts.select(pl.col("t").neardup.fingerprint().n_unique()).item()
    exact = texts.select(pl.col("t").neardup.fingerprint(exact_tokens=True).n_unique()).item()
    assert (same, exact) == (1, 2)
    seeds = [0, 1, 255, 256, 65535, 65536, (1 << 31) - 1, 1 << 31, 1 << 40, 1 << 63, (1 << 64) - 1]
    keyed = [pl.col("t").neardup.fingerprint(seed=seed).alias(str(seed)) for seed in seeds]
    assert len(set(texts.select(keyed).row(0))) == len(seeds)
    assert texts.select(pl.col("t").neardup.sketch(slots=256)).schema["t"].size == 256
    again = STORM + "\n\n" + CALM + "\n\n" + STORM.replace("night", "day")
    lax, strict = (pl.col("t").neardup.clean(threshold=each).alias(str(each)) for each in (0.5, 1))
    cleaned = frame([again]).select(lax, strict).row(0)
    assert cleaned[0] != again and cleaned[1] == again


def test_two_columns_of_other_lengths_are_refused():
    pair = pl.col("t").neardup.similarity(pl.Series(["a", "b", "c"]))
    with pytest.raises(Exception, match="of 2 and 3|length"):
        frame(["a", "b"]).select(pair)


def test_the_sketches_of_a_frame_estimate():
    words = [f"w{i}" for i in range(400)]
    pair = pl.DataFrame({"a": [" ".join(words)], "b": [" ".join(words[:200] + words[210:])]})
    estimate = pl.col("a").neardup.sketch(slots=1024).arr.explode() == (
        pl.col("b").neardup.sketch(slots=1024).arr.explode()
    )
    similarity = pair.select(pl.col("a").neardup.similarity("b")).item()
    assert abs(pair.select(estimate.mean()).item() - similarity) < 5 * 0.5 / 1024**0.5


def test_dedup_of_frames():
    texts = [f"{STORM} {CALM}", f"{STORM.upper()} {CALM}", CALM * 3, f"{STORM} {CALM}!", None]
    rows = frame(texts).with_row_index("n").with_columns(x=pl.lit(["a", "list"]))
    kept = neardup.polars.dedup(rows, text="t")
    assert kept["n"].to_list() == [0, 2, 4]
    assert kept.schema == rows.schema
    lazy = neardup.polars.dedup(rows.lazy(), text="t")
    assert isinstance(lazy, pl.LazyFrame)
    for engine in ("in-memory", "streaming"):
        assert lazy.collect(engine=engine).equals(kept)
        # neither a filter nor a choice of columns behind it changes what stays
        assert lazy.filter(pl.col("n") > 0).collect(engine=engine)["n"].to_list() == [2, 4]
        assert lazy.select("x").collect(engine=engine).height == 3
        assert lazy.tail(1).collect(engine=engine)["n"].to_list() == [4]
    last = neardup.polars.dedup(rows, text="t", keep="last")
    assert last["n"].to_list() == [2, 3, 4]
    assert neardup.polars.dedup(rows.clear(), text="t").height == 0
    with pytest.raises(neardup.Error, match="t"):
        neardup.polars.dedup(rows, text="body")


def test_dedup_passes_columns_of_any_type():
    rows = frame([STORM, STORM, CALM]).with_columns(
        wide=pl.Series([1, 2, 3], dtype=pl.Int128),
        nested=pl.Series([{"a": [1]}] * 3),
        kind=pl.Series(["x", "y", "z"], dtype=pl.Categorical),
        seen=pl.Series([2, 3, 1]).cast(pl.Datetime("ms")),
        thing=pl.Series([object()] * 3, dtype=pl.Object),
    )
    kept = neardup.polars.dedup(rows, text="t", keep="newest", date="seen")
    assert kept["wide"].to_list() == [2, 3]
    assert kept.schema == rows.schema
    with pytest.raises(neardup.Error, match="wide"):
        neardup.polars.dedup(rows, text="wide")


def test_memory_stays_flat():
    texts = frame([f"{STORM}\n\n{CALM}\n\n{STORM}\n"] * 20 + [None])

    def work(times):
        for _ in range(times):
            texts.select(EVERY)
            with pytest.raises(pl.exceptions.ComputeError):
                texts.select(pl.col("t").neardup.n_tokens(preset="nws"))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = work(300)
    assert work(1500) - before < 6 << 10  # KiB; a leak of one column a call would take 15 MB
