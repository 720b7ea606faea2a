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
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

DATA = pathlib.Path(__file__).resolve().parent / "data"
SECONDS_MAX = 60
SLOW = ("--slots", "2048")  # takes a second more for the corpus of write_corpus
ARTICLE = str(DATA / "flag" / "article.txt")
PROGRESS = re.compile(r"(read|bucket|verify|write) +[\[\d]")
NEWS = str(DATA / "news.jsonl")


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


def screen(seen):
    """The lines that stand on the terminal after these bytes: what was erased is gone."""
    lines, at = [[]], 0
    for part in re.split(r"(\x1b\[[0-9;]*[A-Za-z]|\r|\n)", seen):
        if part == "\r":
            at = 0
        elif part == "\n":
            lines.append([])
        elif part == "\x1b[K":
            del lines[-1][at:]
        elif not part.startswith("\x1b"):
            lines[-1][at:at + len(part)] = part
            at += len(part)
    return ["".join(line) for line in lines]


def columns_of(line):
    """Columns that a line takes."""
    return sum(0 if unicodedata.combining(character) or unicodedata.category(character) == "Mn"
               else 2 if unicodedata.east_asian_width(character) in "WF" else 1
               for character in line)


def run_on_terminal(words, **arguments):
    """(exit status, lines on the screen)"""
    run = Terminal(words, stdout_too=True, **arguments)
    status = run.status()
    return status, screen(run.seen)


def write_corpus(path, count):
    """Texts that differ, enough of them for a run to take a moment."""
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            words = " ".join(f"w{(number * 31 + i * i) % 9973}" for i in range(60))
            out.write(json.dumps({"id": str(number), "text": words}) + "\n")


def show_progress(program, folder):
    corpus = pathlib.Path(folder) / "corpus.jsonl"
    write_corpus(corpus, 60000)
    run = Terminal([program, "dedup", str(corpus), "-j", "1", *SLOW])
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
    """But for the examples, which are lines of shell."""
    for columns in (80, 120):
        for command in ("dedup", "flag", "apply", "report", "explain", "eval", "advise", "presets"):
            run = Terminal([program, command, "--help"], columns=columns, stdout_too=True)
            assert run.status() == 0
            plain = re.sub("\x1b\\[[0-9]m", "", run.seen).replace("\r", "")
            head, rest = plain.split("\n\nExamples:\n")
            lines = head.splitlines() + rest.split("\n\n", 1)[1].splitlines()
            assert max(map(len, lines)) <= columns, [line for line in lines if len(line) > columns]


def escapes_are_visible(program, folder):
    run = Terminal([program, "explain", "e\x1b[31m1", "e2", "--in", str(DATA / "escape.jsonl"),
                    "--color=never"], stdout_too=True)
    assert run.status() == 0, run.seen
    assert "\x1b[2J" not in run.seen and "\x1b[31m" not in run.seen and "\x9b" not in run.seen
    assert "\\x1b[2J" in run.seen and "\\u009b31m" in run.seen, run.seen


def nothing_before_output(program, folder):
    status, lines = run_on_terminal([program, "flag", ARTICLE])
    assert status == 0 and lines[0].startswith("article.txt: 2 repeats"), lines


def no_progress_in_short_runs(program, folder):
    for words in ([program, "flag", ARTICLE], [program, "dedup", NEWS]):
        run = Terminal([*words, "--progress=always"], stdout_too=True)
        assert run.status() == 0 and "read " not in run.seen, repr(run.seen)


def feed_slowly(words, texts):
    """The screen of a run whose standard input takes its time."""
    reading, writing = os.pipe()
    run = Terminal(words, stdin=reading, stdout_too=True)
    os.close(reading)
    for text in texts:
        os.write(writing, text)
        time.sleep(0.4)
    os.close(writing)
    assert run.status() in (0, 3), run.seen
    return run.seen, screen(run.seen)


def no_progress_between_lines(program, folder):
    """Long runs draw a line, and it is gone where output or messages stand."""
    text = "\n\n".join(["A paragraph that is long enough to be told from all others here."] * 2)
    record = (json.dumps({"id": "a", "text": text}) + "\n").encode()
    texts = [record * 2000] * 3
    seen, lines = feed_slowly([program, "flag", "-", "--no-pager"], texts)
    assert "\rread " in seen, "no progress was shown"
    assert lines[0].startswith("a: 1 repeat"), lines[:3]
    assert not any(PROGRESS.search(line) for line in lines), lines
    seen, lines = feed_slowly([program, "dedup", "-", "-o", "jsonl:-"],
                              [b"{bad\n" + record, record])
    assert any(line.startswith("neardup: -:1: ") for line in lines), lines
    assert not any(PROGRESS.search(line) for line in lines), lines
    seen, lines = feed_slowly([program, "flag", "-", "-o", "jsonl:-"], texts)
    assert all(line.startswith("{") for line in lines[:6000]), lines[:2]


def no_progress_beside_a_pipe(program, folder):
    """What the other program prints may come at any time; --progress=always is the user's wish."""
    shell = ["/bin/sh", "-c", '"$0" flag - "$@" | sort', program]
    text = "\n\n".join(["A paragraph that is long enough to be told from all others here."] * 2)
    texts = [(json.dumps({"id": "a", "text": text}) + "\n").encode() * 1000] * 3
    seen, _ = feed_slowly(shell, texts)
    assert not PROGRESS.search(seen), seen[:200]
    seen, _ = feed_slowly([*shell, "--progress=always"], texts)
    assert PROGRESS.search(seen), seen[:200]


def groups_are_listed(program, folder):
    widths = {}
    for columns in (60, 80, 200):
        status, lines = run_on_terminal([program, "dedup", NEWS], columns=columns)
        assert status == 0 and lines[0] == "4 documents", lines
        assert lines[1].startswith("  kept              a1"), lines
        assert any(line.startswith("  near        0.85  a") for line in lines), lines
        listed = lines[:[line.startswith("  documents ") for line in lines].index(True)]
        widths[columns] = max(columns_of(line) for line in listed)
        assert widths[columns] <= columns, listed
    assert widths[200] > 100, widths
    run = Terminal([program, "dedup", NEWS], stdout_too=True)
    assert run.status() == 0 and "\x1b[32m  kept" in run.seen, run.seen
    run = Terminal([program, "dedup", NEWS], stdout_too=True, NO_COLOR="1")
    assert run.status() == 0 and "\x1b[3" not in run.seen, run.seen
    run = Terminal([program, "dedup", NEWS, "-q"], stdout_too=True)
    assert run.status() == 0 and run.seen == "", run.seen
    run = Terminal([program, "dedup", NEWS, "-q", "--list", "none"], stdout_too=True)
    assert run.status() == 0 and run.seen == "", run.seen


def wide_names_are_aligned(program, folder):
    """Ideographs take two columns, marks none; controls are shown as escapes."""
    corpus = pathlib.Path(folder) / "wide.jsonl"
    text = " ".join(f"word{i}" for i in range(40))
    ids = ["\u6587\u5b57" * 30, "\u0e19\u0e49\u0e33" * 40, "e\u0301" * 90, "x\x1b[2J" * 20]
    corpus.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name in ids))
    for columns in (60, 80, 100):
        status, lines = run_on_terminal([program, "dedup", str(corpus)], columns=columns)
        named = [line for line in lines if line.startswith(("  kept", "  identical"))][:4]
        assert status == 0 and len(named) == 4, lines
        for line in named:
            assert columns - 5 <= columns_of(line) <= columns, (columns, columns_of(line), line)
        assert any("\\x1b[2J" in line for line in named), named


def long_listings_are_paged(program, folder):
    long = [program, "flag", str(pathlib.Path(folder) / "long.jsonl")]
    text = "\n\n".join(["A paragraph that is long enough to be told from all others here."] * 2)
    pathlib.Path(long[-1]).write_text((json.dumps({"text": text}) + "\n") * 20)
    pager = {"NEARDUP_PAGER": "sed 's/^/| /'"}
    status, lines = run_on_terminal(long, **pager)
    assert status == 0 and lines[0].startswith("| ") and "  documents" in "\n".join(lines), lines
    status, lines = run_on_terminal(long, PAGER="sed 's/^/| /'")
    assert status == 0 and lines[0].startswith("| "), lines
    for more, variables in ((["--no-pager"], pager), ([], {**pager, "CI": "true"}),
                            ([], {**pager, "TERM": "dumb"}), ([], {"NEARDUP_PAGER": ""}),
                            ([], {"NEARDUP_PAGER": "cat", "PAGER": "false"}),
                            (["--list", "1"], pager)):
        status, lines = run_on_terminal([*long, *more], **variables)
        assert status == 0 and not any(line.startswith("| ") for line in lines), (more, lines)
        assert "long.jsonl:1: 1 repeat" in lines[0], lines
    status, lines = run_on_terminal(long, NEARDUP_PAGER="sleep 2; cat")
    cost = [line for line in lines if line.startswith("  cost")][0]
    assert float(cost.split()[1]) < 1.5, "who reads costs the run no time: " + cost
    status, lines = run_on_terminal([program, "flag", ARTICLE], **pager)
    assert not lines[0].startswith("| "), "what is short needs no pager"


def pagers_that_end_early(program, folder):
    corpus = str(pathlib.Path(folder) / "many.jsonl")
    text = "\n\n".join(["A paragraph that is long enough to be told from all others here."] * 2)
    pathlib.Path(corpus).write_text((json.dumps({"text": text}) + "\n") * 3000)
    status, lines = run_on_terminal([program, "flag", corpus], NEARDUP_PAGER="head -n 1")
    assert status == 0 and lines[1].startswith("  documents"), lines[:3]
    status, lines = run_on_terminal([program, "flag", corpus], NEARDUP_PAGER="no-such-pager-here")
    assert status == 0 and len(lines) > 9000, lines[:3]


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
                    "--progress=always", *SLOW], folder=folder)
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
         nothing_before_output, no_progress_in_short_runs, no_progress_between_lines,
         no_progress_beside_a_pipe, groups_are_listed, wide_names_are_aligned,
         long_listings_are_paged, pagers_that_end_early, interrupt_while_waiting,
         interrupt_while_working, interrupt_exact, interrupt_ends_a_loop, second_interrupt,
         ignored_interrupt]


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
            except (AssertionError, IndexError, OSError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"not ok - {case.__name__}: {problem}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
