# SPDX-License-Identifier: MIT
"""Many threads at one index, and 10,000 calls at flat memory."""
import functools
import gc
import random
import threading
import time

import neardup
import pytest
from conftest import IS_FULL

THREADS = 8
ROUNDS = 120
WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("arn", "eld", "ost", "uri", "ilm", "apo")]
TIMES = 10_000 if IS_FULL else 4000
WARM = 1000


@functools.cache
def text(seed):
    return " ".join(random.Random(seed).choices(WORDS, k=60))


def hammer(index, thread, failures):
    rng = random.Random(thread)
    try:
        for i in range(ROUNDS):
            own = f"{thread}/{i}"
            answers = index.check_and_add([(own, text(own)), (f"common/{i}", text(i))])
            assert answers[0].added and not answers[0].known
            assert index.check(text(own)).match.id == own
            assert index.check(text(i)).match.id == f"common/{i}"
            if rng.random() < 0.3:
                assert index.remove(own) == 1 and index.get(own) is None
            assert index.stat().documents > 0
            if i % 40 == 0:
                assert all(document.id for document in index)
    except BaseException as error:
        failures.append(error)


def test_eight_threads(tmp_path):
    failures = []
    with neardup.Index(tmp_path / "seen", sync="batch") as index:
        threads = [threading.Thread(target=hammer, args=(index, n, failures))
                   for n in range(THREADS)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        ids = [document.id for document in index]
        assert len(ids) == len(set(ids)) == len(index)
        assert sum(each.startswith("common") for each in ids) == ROUNDS
        index.verify()


def test_closed_under_way(tmp_path):
    """Who comes too late is told so; what is under way ends well."""
    for _ in range(20):
        index = neardup.Index(tmp_path / "seen", sync="never")
        ends = []

        def ask(index=index, ends=ends):
            try:
                while True:
                    index.check([text(i) for i in range(20)])
            except neardup.InvalidError as error:
                ends.append(str(error))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.01)
        index.close()
        for thread in threads:
            thread.join()
        assert ends == ["the index is closed"] * 4


def resident():
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def fails(call, *arguments, **options):
    with pytest.raises(Exception):
        call(*arguments, **options)


def calls_of(index, tmp_path):
    rows = [("a", text(1)), ("b", text(1)), ("c", text(2)), ("d", text(1) + " and more")]
    return {
        "ask": lambda: index.check(text(1)),
        "ask many": lambda: (list(index.check(rows, matches=3)), index.check(rows).known),
        # What is there already: keys of what is removed again stay in memory for a while.
        "change": lambda: (
            index.check_and_add(("a", text(1))),
            index.add(rows[:2]),
            index.remove("x"),
        ),
        "look": lambda: (index.get("a"), list(index), index.groups(), index.stat(), index.options),
        "refused": lambda: (
            fails(index.check, 5),
            fails(index.add, text(1)),
            fails(index.expire, "x"),
            fails(index.remove, [1]),
            fails(neardup.Index, tmp_path / "none", create=False),
            fails(neardup.Index, index.path, threshold=0.1),
        ),
        "open": lambda: neardup.Index(index.path, read_only=True).close(),
        "group": lambda: (
            neardup.group(GROUPED, threads=1).stories,
            fails(neardup.group, [], bar=2),
        ),
        "passages": lambda: (
            neardup.passages(GROUPED, threads=1).families,
            fails(neardup.passages, [], min_tokens=1),
        ),
    }


GROUPED = [{"id": str(i), "text": text(1) if i < 2 else text(i)} for i in range(4)]
SLOW = {"change": TIMES // 3, "open": TIMES // 3, "group": TIMES // 10, "passages": TIMES // 10}


CALLS = ["ask", "ask many", "change", "look", "refused", "open", "group", "passages", "arrow"]


@pytest.mark.parametrize("name", CALLS)
def test_memory_is_flat(name, tmp_path):
    with neardup.Index(tmp_path / "seen", sync="never") as index:
        index.add([("a", text(1)), ("b", text(1)), ("c", text(2))])
        call = arrow_call(index) if name == "arrow" else calls_of(index, tmp_path)[name]
        times = SLOW.get(name, TIMES)
        for _ in range(min(WARM, times // 2)):
            call()
        before = resident()
        for _ in range(times):
            call()
        # 100 bytes a call at most, and what the allocator keeps.
        assert resident() - before < 100 * times + (1 << 20)


def arrow_call(index):
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"id": ["a", "b"], "text": [text(1), text(2)]})
    result = neardup.group(GROUPED, threads=1)
    found = neardup.passages(GROUPED, threads=1)
    return lambda: (
        pa.table(index.check(table)),
        pa.table(index)["id"].to_pylist(),
        pa.table(result)["role"],
        pa.table(found).num_rows,
        index.check([]).__arrow_c_stream__(),
    )
