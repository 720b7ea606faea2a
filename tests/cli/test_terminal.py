#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the command line does on a terminal, and when it is interrupted.

usage: test_terminal.py NEARDUP
"""
import fcntl
import json
import os
import pathlib
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

DATA = pathlib.Path(__file__).resolve().parent / "data"
SECONDS_MAX = 60


class Terminal:
    """A program whose standard error, and output if asked, is a terminal of some width."""

    def __init__(self, words, columns=80, stdin=None, stdout_too=False, folder=None,
                 own_group=False, **variables):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.program = subprocess.Popen(
            words, stdin=stdin or subprocess.DEVNULL, cwd=folder, stderr=slave,
            start_new_session=own_group,
            stdout=slave if stdout_too else subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables})
        os.close(slave)
        self.seen = ""

    def read(self, until=None):
        """Reads to the end, or until some text has been seen."""
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end and (until is None or until not in self.seen):
            if not select.select([self.master], [], [], 0.1)[0]:
                continue
            try:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:  # the other side is closed
                break
        return self.seen

    def status(self):
        self.read()
        os.close(self.master)
        return self.program.wait(SECONDS_MAX)


def write_corpus(path, count):
    """Texts that differ, enough of them for a run to take a moment."""
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            words = " ".join(f"w{(number * 31 + i * i) % 9973}" for i in range(60))
            out.write(json.dumps({"id": str(number), "text": words}) + "\n")


def show_progress(program, folder):
    corpus = pathlib.Path(folder) / "corpus.jsonl"
    write_corpus(corpus, 60000)
    run = Terminal([program, "dedup", str(corpus), "-j", "1"])
    assert run.status() == 0, run.seen
    assert "\rread " in run.seen and "documents" in run.seen, run.seen
    last = run.seen.rfind("\r\x1b[K")
    assert last > run.seen.rfind("\rread "), "the progress line is not taken away"
    assert "\x1b[32m  kept" in run.seen, "the summary has colours"
    parts = run.seen.replace("\x1b[K", "").replace("\n", "\r").split("\r")
    widest = max(len(part) for part in parts)
    assert widest < 90, f"{widest} columns"


def no_progress(program, folder):
    run = Terminal([program, "dedup", str(DATA / "news.jsonl"), "--quiet"])
    assert run.status() == 0 and run.seen == "", repr(run.seen)


def no_colour(program, folder):
    run = Terminal([program, "dedup", str(DATA / "news.jsonl"), "--progress=never"], NO_COLOR="1")
    assert run.status() == 0 and "\x1b" not in run.seen, repr(run.seen)


def dumb_terminal(program, folder):
    run = Terminal([program, "dedup", str(DATA / "news.jsonl"), "--progress=never"], TERM="dumb")
    assert run.status() == 0 and "\x1b" not in run.seen, repr(run.seen)


def help_width(program, folder):
    for columns in (60, 80, 120):
        run = Terminal([program, "dedup", "--help"], columns=columns, stdout_too=True)
        assert run.status() == 0
        plain = run.seen.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
        options = plain.split("What counts")[1].splitlines()
        assert max(map(len, options)) <= columns, [line for line in options if len(line) > columns]


def escapes_are_visible(program, folder):
    run = Terminal([program, "explain", "e\x1b[31m1", "e2", "--in", str(DATA / "escape.jsonl"),
                    "--color=never"], stdout_too=True)
    assert run.status() == 0, run.seen
    assert "\x1b[2J" not in run.seen and "\x1b[31m" not in run.seen and "\x9b" not in run.seen
    assert "\\x1b[2J" in run.seen and "\\u009b31m" in run.seen, run.seen


def interrupt_while_waiting(program, folder):
    """What feeds the standard input ends by the same signal, as in a pipeline at a terminal."""
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        reading, writing = os.pipe()
        run = Terminal([program, "dedup", "-", "-o", "jsonl:kept.jsonl", "-o", "tree:kept", "-o",
                        "plan:plan.jsonl"], stdin=reading, folder=folder)
        os.close(reading)
        os.write(writing, (DATA / "news.jsonl").read_bytes())
        time.sleep(0.5)
        run.program.send_signal(wanted)
        time.sleep(0.1)
        os.close(writing)
        status = run.status()
        assert status == -wanted, (run.seen, status)
        assert "cancelled; nothing was written" in run.seen, run.seen
        assert os.listdir(folder) == [], os.listdir(folder)


def interrupt_while_working(program, folder):
    corpus = pathlib.Path(folder) / "corpus.jsonl"
    write_corpus(corpus, 60000)
    run = Terminal([program, "dedup", str(corpus), "-j", "1", "-o", "jsonl:kept.jsonl",
                    "--progress=always"], folder=folder)
    run.read(until="read ")
    run.program.send_signal(signal.SIGINT)
    assert run.status() == -signal.SIGINT, (run.seen, run.program.returncode)
    assert run.seen.rstrip().endswith("cancelled; nothing was written"), run.seen
    assert os.listdir(folder) == ["corpus.jsonl"], os.listdir(folder)


def interrupt_exact(program, folder):
    """The join of all documents takes seconds; it hears the first signal within a fraction of one.
    Words of few kinds make long lists of candidates."""
    corpus = pathlib.Path(folder) / "corpus.jsonl"
    words = [f"w{i}" for i in range(40)]
    chooser = random.Random(5)
    with open(corpus, "w", encoding="utf-8") as out:
        for i in range(12000):
            text = " ".join(chooser.choices(words, k=60))
            out.write(json.dumps({"id": str(i), "text": text}) + "\n")
    for threads in ("1", "2"):
        run = Terminal([program, "dedup", str(corpus), "--exact", "--shingle-size", "1", "-t",
                        "0.5", "-j", threads, "--progress=always"], folder=folder)
        run.read(until="verify")
        time.sleep(0.7)
        assert run.program.poll() is None, run.seen
        begin = time.monotonic()
        run.program.send_signal(signal.SIGINT)
        assert run.status() == -signal.SIGINT, (run.seen, run.program.returncode)
        assert time.monotonic() - begin < 1, time.monotonic() - begin


def interrupt_ends_a_loop(program, folder):
    """A shell goes on after a command that ends by itself, not after one that a signal ends."""
    reading, writing = os.pipe()
    script = 'for i in 1 2; do "$0" dedup - ; echo "went on"; done'
    run = Terminal(["bash", "-c", script, program], stdin=reading, folder=folder, stdout_too=True,
                   own_group=True)
    os.close(reading)
    os.write(writing, (DATA / "news.jsonl").read_bytes())
    time.sleep(0.5)
    os.killpg(run.program.pid, signal.SIGINT)
    time.sleep(0.1)
    os.close(writing)
    assert run.status() == -signal.SIGINT, (run.seen, run.program.returncode)
    assert "went on" not in run.seen, run.seen


def second_interrupt(program, folder):
    reading, writing = os.pipe()
    run = Terminal([program, "dedup", "-"], stdin=reading, folder=folder)
    time.sleep(0.5)
    run.program.send_signal(signal.SIGINT)
    run.program.send_signal(signal.SIGTERM)
    status = run.status()
    os.close(reading)
    os.close(writing)
    assert status in (-signal.SIGINT, -signal.SIGTERM), status


def ignored_interrupt(program, folder):
    """As under nohup, where an ignored signal stays ignored."""
    reading, writing = os.pipe()
    run = Terminal(["/bin/sh", "-c", 'trap "" INT; exec "$0" dedup -', program], stdin=reading)
    os.close(reading)
    os.write(writing, (DATA / "news.jsonl").read_bytes())
    time.sleep(0.5)
    run.program.send_signal(signal.SIGINT)
    os.close(writing)
    assert run.status() == 0, run.seen


CASES = [show_progress, no_progress, no_colour, dumb_terminal, help_width, escapes_are_visible,
         interrupt_while_waiting, interrupt_while_working, interrupt_exact, interrupt_ends_a_loop,
         second_interrupt, ignored_interrupt]


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(arguments[0]).resolve())
    failed = 0
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="neardup-terminal-") as folder:
            try:
                case(program, folder)
                print(f"ok - {case.__name__}")
            except (AssertionError, OSError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"not ok - {case.__name__}: {problem}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
