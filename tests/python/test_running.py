# SPDX-License-Identifier: MIT
"""A run as it goes: interrupts, progress, what it says, threads."""
import logging
import os
import signal
import threading
import time

import neardup
import pytest
from conftest import FOX, KEPT


def many(count):
    words = FOX.split()
    return [" ".join(words[each % 7 :] + [str(each * 7919 % 10007)] * 3) for each in range(count)]


# Takes seconds, as texts that are alike are compared with each other.
LONG = dict(threshold=0.2, exact=True, pairs=True)


@pytest.fixture(scope="module")
def long_texts():
    return many(40_000)


def seconds_to_end(long_texts, delay):
    sent = []

    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(delay, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        neardup.dedup(long_texts, **LONG)
    seconds = time.monotonic() - sent[0]
    timer.join()
    return seconds


@pytest.mark.parametrize("delay", [0.1, 0.5, 1.0])
def test_interrupts_end_a_run_at_once(long_texts, delay):
    # A machine that has much else to do may be slow to wake any thread: the best of some.
    assert any(seconds_to_end(long_texts, delay) < 0.3 for _ in range(5))
    assert neardup.dedup(long_texts[:10]).kept


def test_interrupts_leave_no_output(tmp_path):
    result = neardup.dedup(many(60_000), spans=False)
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        for number in range(1000):
            result.write(f"jsonl:{tmp_path}/kept.jsonl.xz", f"html:{tmp_path}/r.html", force=True)
    timer.join()
    assert {path.name for path in tmp_path.iterdir()} <= {"kept.jsonl.xz", "r.html"}


def test_interrupts_while_rows_come():
    def rows():
        yield FOX
        os.kill(os.getpid(), signal.SIGINT)
        yield FOX

    with pytest.raises(KeyboardInterrupt):
        neardup.dedup(rows())
    with pytest.raises(KeyboardInterrupt):
        neardup.dedup({"text": row} for row in rows())


def test_other_signals_are_handled_meanwhile(long_texts):
    def stop(number, frame):
        raise TimeoutError("enough")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(TimeoutError, match="enough"):
            neardup.dedup(long_texts, **LONG)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_progress(long_texts):
    seen = []
    neardup.dedup(many(3000), progress=seen.append)
    assert seen and isinstance(seen[0], neardup.Progress)
    assert seen[-1].stage in ("read", "bucket", "verify")
    with pytest.raises(neardup.CancelledError):
        neardup.dedup(long_texts, progress=lambda now: False, **LONG)

    def fails(now):
        raise LookupError("of the caller's")

    with pytest.raises(LookupError, match="of the caller's"):
        neardup.dedup(long_texts, progress=fails, **LONG)


def test_progress_is_shown(capsys, monkeypatch):
    pytest.importorskip("tqdm")
    neardup.dedup(many(3000), progress=True)
    assert "verify" in capsys.readouterr().err
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    neardup.dedup(many(3000), progress=True)
    assert "documents" in capsys.readouterr().err


def test_problems_go_to_logging(tmp_path, caplog):
    (tmp_path / "a.jsonl").write_text('{"text": "one two"}\n' * 9 + '{"text": \n{"no": 1}\n')
    with caplog.at_level(logging.INFO, logger="neardup"):
        result = neardup.dedup(tmp_path / "a.jsonl")
    assert result.summary.skipped == 2
    assert any(f"{tmp_path}/a.jsonl:10" in each.getMessage() for each in caplog.records)
    assert "text= names the one" in caplog.text
    caplog.clear()
    caplog.handler.addFilter(lambda record: 1 / 0)
    try:
        with pytest.raises(ZeroDivisionError):
            neardup.dedup(tmp_path / "a.jsonl")
    finally:
        caplog.handler.filters.clear()


def test_many_problems(tmp_path, caplog):
    lines = ['{"text": "one two"}'] * 6000 + ['{"no": 1}'] * 5000
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert neardup.dedup(tmp_path / "a.jsonl").summary.skipped == 5000
    assert sum("skipped" in each.getMessage() for each in caplog.records) == 5000


def test_threads(texts):
    wrong = []
    shared = neardup.dedup(texts, pairs=True)

    def work():
        for _ in range(20):
            result = neardup.dedup(texts, threads=2)
            alike = shared.explain(4).kind == "near" and shared.texts([2]) == [texts[2]]
            if result.kept != KEPT or not alike or len(shared.pairs) != 1:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_interpreter_is_free_meanwhile(long_texts):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    begin = time.monotonic()
    neardup.dedup(many(20_000), threads=1)
    seconds = time.monotonic() - begin
    done.set()
    ticker.join()
    assert len(ticks) > 50 * seconds
