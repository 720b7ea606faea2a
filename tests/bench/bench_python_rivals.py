#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""From the same column of pyarrow to the numbers of the texts to keep: neardup, rensa, datasketch.

usage: bench_python_rivals.py CORPUS.jsonl [--runs N] [--documents N]

Wants the packages neardup, pyarrow, rensa and datasketch. Every run is a process of its own, in
turns; what is timed begins with the column and ends with the list. Each rival runs once by the
example of its documentation (single words) and once so that its answer can be compared (5-word
shingles, 0.8, 128 slots); neardup with the same shingles and threshold, and as an exact join, which
tells what is right. One thread each, but for rensa, which sketches with all.
"""
import argparse
import json
import re
import statistics
import subprocess
import sys
import time

ALIKE = {"threshold": 0.8, "shingle_size": 5, "number_agreement": 0.0, "templates": "drop"}
BATCH = 2000


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return list({" ".join(words[i:i + 5]) for i in range(max(1, len(words) - 4))})


def words(text):
    return list(set(text.split()))


def with_neardup(column, **options):
    import neardup

    return neardup.dedup(column, threads=1, **options).kept


def with_rensa(column, cut):
    import rensa

    seen = rensa.RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    new = []
    for at in range(0, len(column), BATCH):
        texts = column[at:at + BATCH].to_pylist()
        sketches = rensa.RMinHash.from_token_sets([cut(text) for text in texts], num_perm=128,
                                                  seed=42)
        new += seen.add_pairs((str(at + i), sketch) for i, sketch in enumerate(sketches))
    return [i for i, is_new in enumerate(new) if is_new]


def with_datasketch(column, cut, threshold):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    sets = ([item.encode() for item in cut(text)] for text in column.to_pylist())
    kept = []
    for i, sketch in enumerate(MinHash.generator(sets, num_perm=128)):
        if not index.query(sketch):
            index.insert(i, sketch, check_duplication=False)
            kept.append(i)
    return kept


WAYS = {
    "neardup": lambda column: with_neardup(column, **ALIKE),
    "neardup, as it is": with_neardup,
    "rensa": lambda column: with_rensa(column, shingles),
    "rensa, its example": lambda column: with_rensa(column, str.split),
    "datasketch": lambda column: with_datasketch(column, shingles, 0.8),
    "datasketch, its example": lambda column: with_datasketch(column, words, 0.9),
    "exact": lambda column: with_neardup(column, exact=True, **ALIKE),
}


def measure(way, path, documents):
    import pyarrow as pa

    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line, _ in zip(file, range(documents))]
    column = pa.array(texts, pa.large_string())
    WAYS[way](column[:10])  # what is loaded at the first call
    begin = time.perf_counter()
    kept = WAYS[way](column)
    seconds = time.perf_counter() - begin
    removed = sorted(set(range(len(texts))) - set(kept))
    print(json.dumps({"seconds": seconds, "removed": removed, "documents": len(texts),
                      "bytes": sum(len(text.encode()) for text in texts)}))


def run_way(way, path, documents):
    done = subprocess.run([sys.executable, __file__, "--measure", way, path, str(documents)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def print_way(way, runs, right, base):
    seconds = [run["seconds"] for run in runs]
    removed = set(runs[0]["removed"])
    speed = runs[0]["bytes"] / 1e6 / min(seconds)
    found = len(removed & right) / max(1, len(right))
    rightly = len(removed & right) / max(1, len(removed))
    print(f"{way:24} {min(seconds):7.2f} s, median {statistics.median(seconds):.2f}, "
          f"{speed:6.1f} MB/s, {min(seconds) / base:6.1f} x neardup; {len(removed)} removed, "
          f"{found:.3f} of what an exact run removes, {rightly:.3f} of its own are such")


def main():
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--documents", type=int, default=10000)
    given = parser.parse_args()
    found = {way: [] for way in WAYS}
    for _ in range(given.runs):
        for way in WAYS:
            found[way].append(run_way(way, given.corpus, given.documents))
    right = set(found["exact"][0]["removed"])
    base = min(run["seconds"] for run in found["neardup"])
    first = found["neardup"][0]
    print(f"{first['documents']} texts, {first['bytes'] / 1e6:.0f} MB, least of {given.runs} runs")
    for way, runs in found.items():
        print_way(way, runs, right, base)


if __name__ == "__main__":
    main()
