# SPDX-License-Identifier: MIT
"""What the adapters of indexes share: how they are called, and what they measure.

An adapter is a script beside this file. It is run twice by the Python of its environment:
    ADAPTER.py fill|ask SETTINGS INPUT FOLDER PROGRAM
fill makes an index of the JSON lines of INPUT and leaves it in FOLDER; ask, a process of its own,
opens it there and asks about each line. Each writes what it measured to FOLDER/report.json. As
plain literals an adapter states:
    REQUIREMENTS  what to install, with versions
    SETTINGS      {name: what is run}
    ANSWERS       what an answer tells
"""
import collections
import gc
import json
import os
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "peers.d"))
import peer  # noqa: E402

BATCH = 2000
Task = collections.namedtuple("Task", "phase settings input folder program")


def memory():
    """Bytes of memory that this process has."""
    gc.collect()
    lines = pathlib.Path("/proc/self/status").read_text("ascii")
    return int(lines.split("VmRSS:")[1].split()[0]) * 1024


def size_of(path):
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(one.stat().st_size for one in files if one.is_file())


def shingle_sets(texts):
    """The shingles of each text, as bytes."""
    return [[item.encode() for item in set(peer.shingles(text))] for text in texts]


class Watch:
    """Seconds of a clock and of processors since it was made, those of children included, which
    count once they have ended."""

    def __init__(self):
        self.start = time.monotonic(), self.processor()

    @staticmethod
    def processor():
        used = os.times()
        return used.user + used.system + used.children_user + used.children_system

    def read(self, what):
        return {f"{what}_seconds": time.monotonic() - self.start[0],
                f"{what}_processor_seconds": self.processor() - self.start[1]}


def fill(task, texts, add, save):
    """Measures add(first number, texts), called with some texts at a time, and save()."""
    before, watch = memory(), Watch()
    for at in range(0, len(texts), BATCH):
        add(at, texts[at:at + BATCH])
    return {**watch.read("add"), "memory_bytes": memory() - before, "disk_bytes": save()}


def ask(task, texts, load):
    """Measures load(), which gives a function: texts to the numbers that each is like."""
    start = time.monotonic()
    query = load()
    query(texts[:1])
    opened = time.monotonic() - start
    watch = Watch()
    answers = [found for at in range(0, len(texts), BATCH) for found in query(texts[at:at + BATCH])]
    return {"open_seconds": opened, **watch.read("ask"), "answers": answers}


def main(run):
    """run(Task, ids, texts) gives what was measured."""
    if len(sys.argv) != 6:
        sys.exit(f"usage: {sys.argv[0]} fill|ask SETTINGS INPUT FOLDER PROGRAM")
    phase, settings, source, folder, program = sys.argv[1:]
    task = Task(phase, settings, source, pathlib.Path(folder), program)
    report = run(task, *peer.documents(source))
    (task.folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
