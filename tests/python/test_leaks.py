# SPDX-License-Identifier: MIT
"""10,000 calls of everything at flat memory, or 4,000."""
import gc
import sys
import weakref

import neardup
import pytest
from conftest import FOX, IS_FULL, TEXTS

TIMES = 10_000 if IS_FULL else 4000
WARM = 500


def resident():
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def fails(call, *arguments, **options):
    with pytest.raises(Exception):
        call(*arguments, **options)


def use(result):
    result.kept, result.mask, result.ids, result.groups, result.summary
    result[4], result.texts([0, 4]), list(result.pairs), result.filter()
    result.__arrow_c_stream__(), result.pairs.__arrow_c_stream__()
    repr(result)


CALLS = {
    "texts": lambda: use(neardup.dedup(TEXTS, pairs=True, threads=1)),
    "records": lambda: neardup.dedup([{"text": text} for text in TEXTS], threads=1),
    "bad options": lambda: (
        fails(neardup.dedup, TEXTS, threshold=3),
        fails(neardup.dedup, TEXTS, never_drop=["a", "b"], threads="x"),
        fails(neardup.dedup, TEXTS, preset="none"),
    ),
    "bad rows": lambda: (
        fails(neardup.dedup, ["a", 1]),
        fails(neardup.dedup, [{"text": "a"}, 1]),
        fails(neardup.dedup, [{"text": "a"}], text="b"),
        fails(neardup.dedup, (1 // (each - 3) for each in range(9))),
    ),
    "bad talk": lambda: (
        fails(neardup.dedup, TEXTS, threads=1, progress=lambda now: 1 / 0),
        fails(neardup.dedup, TEXTS, threads=1, progress=lambda now: False),
    ),
    "explain": lambda: neardup.explain(FOX, TEXTS[4])._repr_html_(),
    "similarity": lambda: neardup.similarity(FOX, TEXTS[4]),
    "flag": lambda: (neardup.flag(f"{FOX}\n\n{FOX}", threads=1).cleaned, neardup.flag(TEXTS)),
    "sketch": lambda: (
        neardup.Sketcher().sketch_text(FOX),
        neardup.Sketcher().sketch(TEXTS),
        fails(neardup.Sketcher, "none"),
        fails(neardup.Sketcher().estimate, b"", b""),
    ),
    "lists": lambda: (neardup.presets(), neardup.sketches(), neardup.output_formats()),
    "html": lambda: neardup.dedup(TEXTS, threads=1)._repr_html_(),
}


def arrow_calls():
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"text": TEXTS, "n": range(5)})
    return lambda: (
        pa.table(neardup.dedup(table, threads=1)),
        neardup.dedup(table["text"].chunk(0), threads=1).filter(),
        fails(neardup.dedup, table, text="none"),
    )


@pytest.mark.parametrize("name", [*CALLS, "arrow"])
def test_memory_is_flat(name):
    call = CALLS[name] if name in CALLS else arrow_calls()
    for _ in range(WARM):
        call()
    before = resident()
    for _ in range(TIMES):
        call()
    # 100 bytes a call at most, below any object that would be lost in each, and what the
    # allocator keeps.
    assert resident() - before < 100 * TIMES + (1 << 18)


def test_files(news, tmp_path):
    def call():
        result = neardup.dedup(news, threads=1)
        result.write(f"plan:{tmp_path}/plan", force=True)
        fails(result.write, f"plan:{tmp_path}/plan")
        fails(neardup.dedup, tmp_path / "none")

    for _ in range(50):
        call()
    before = resident()
    for _ in range(1000):
        call()
    assert resident() - before < 400 * 1000


def test_results_go_without_the_collector(texts):
    gc.collect()
    gc.disable()
    try:
        result = neardup.dedup(texts, pairs=True)
        use(result)
        result._repr_html_()
        gone = weakref.ref(result)
        del result
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.skipif(not hasattr(sys, "gettotalrefcount"), reason="no debug build of Python")
@pytest.mark.parametrize("name", CALLS)
def test_references_are_counted(name):
    """For a module that was built for one, too: cmake -D Python_EXECUTABLE=..., its headers."""
    for _ in range(30):
        CALLS[name]()
    gc.collect()
    before = sys.gettotalrefcount()
    for _ in range(200):
        CALLS[name]()
    gc.collect()
    assert sys.gettotalrefcount() - before < 100
