# SPDX-License-Identifier: MIT
"""What every adapter of a rival shares: how it is called, and reading and cutting texts.

An adapter is a script beside this file, named after the rival. It is run by the rival's own Python:
    ADAPTER.py SETTINGS WORKERS INPUT KEPT SCRATCH
reads the JSON lines of INPUT and writes the ids of the documents that the rival keeps to KEPT. It
states, as plain literals that tests/bench/peers reads without running it:
    REQUIREMENTS  what to install, with versions
    SETTINGS      {name: what is run}; "comparable" is 5-word shingles, 128 slots, threshold 0.8
    DIFFERS       what cannot be made comparable
"""
import collections
import json
import multiprocessing
import re
import sys

WORD = re.compile(r"\w+")
PARTS = 8  # of the texts for each worker
Task = collections.namedtuple("Task", "settings workers input scratch")
_shared = None


def documents(path):
    """([id], [text])"""
    ids, texts = [], []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            ids.append(record["id"])
            texts.append(record["text"])
    return ids, texts


def shingles(text, size=5):
    """The n-grams of lower-case words as strings, in text order; a shorter text is one of them."""
    words = WORD.findall(text.lower())
    if len(words) <= size:
        return [" ".join(words)]
    return [" ".join(words[i:i + size]) for i in range(len(words) - size + 1)]


def first_of_each(count, duplicates_of):
    """Greedy: a document stays unless one that stays already is among its duplicates."""
    kept = [False] * count
    for i in range(count):
        kept[i] = not any(kept[other] for other in duplicates_of(i) if other < i)
    return kept


def _call(bounds):
    function, texts = _shared
    return function(texts[bounds[0]:bounds[1]])


def in_processes(function, texts, workers):
    """function(part of the texts), a list, joined; in forked processes, which share the texts."""
    global _shared
    _shared = function, texts
    step = max(1, -(-len(texts) // (workers * PARTS)))
    bounds = [(at, min(at + step, len(texts))) for at in range(0, len(texts), step)]
    if workers == 1:
        parts = map(_call, bounds)
        return [item for part in parts for item in part]
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        return [item for part in pool.imap(_call, bounds) for item in part]


def main(run):
    """run(Task) gives the kept ids."""
    if len(sys.argv) != 6:
        sys.exit(f"usage: {sys.argv[0]} SETTINGS WORKERS INPUT KEPT SCRATCH")
    _, settings, workers, source, kept, scratch = sys.argv
    with open(kept, "w", encoding="utf-8") as out:
        for name in run(Task(settings, int(workers), source, scratch)):
            out.write(f"{name}\n")
