#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Python costs: the same texts as a column of pyarrow, as a list of str, and by the program.

usage: bench_python.py NEARDUP CORPUS.jsonl [--runs N] [--threads N]

Wants the packages neardup and pyarrow. Every run is a process of its own, in turns; each line has
the least of N (5). The program reads JSON lines of the texts alone, which it must decode, so that
the column may well be faster. Memory is what the peak of a run is above what was there when the
data was loaded, by documents; the program's is its peak.
"""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

WAYS = ("arrow", "list", "flag arrow")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def status(name):
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name))


def load(way, path):
    import pyarrow as pa

    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return texts if way == "list" else pa.array(texts, pa.large_string())


def measure(way, path, threads):
    """In a process of its own: prints what one run took."""
    import neardup

    neardup.dedup(["one text", "another"])
    data = load(way, path)
    before = status("VmRSS")
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    begin, processor = time.perf_counter(), time.process_time()
    if way.startswith("flag"):
        result = neardup.flag(data, threads=threads)
    else:
        result = neardup.dedup(data, threads=threads)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    counts = result.summary
    print(json.dumps({"seconds": seconds, "processor": processor, "bytes": counts.text_bytes,
                      "memory": (status("VmHWM") - before) / counts.documents}))


def run_way(way, path, threads):
    done = subprocess.run([sys.executable, __file__, "--measure", way, path, str(threads)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def run_program(program, verb, path, threads):
    begin = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, verb, path, "-q", "--list", "none", "-j", str(threads)], check=True,
                   stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": time.perf_counter() - begin, "processor": processor}


def texts_alone(path, folder):
    out = pathlib.Path(folder) / "texts.jsonl"
    with open(path, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as file:
        for line in lines:
            print(json.dumps({"text": json.loads(line)["text"]}, ensure_ascii=False), file=file)
    return str(out)


def least(runs, name):
    return min(run[name] for run in runs)


def compare(program, path, runs, threads):
    found = {}
    for _ in range(runs):
        for verb in ("dedup", "flag"):
            run = run_program(program, verb, path, threads)
            found.setdefault(f"neardup {verb}", []).append(run)
        for way in WAYS:
            found.setdefault(way, []).append(run_way(way, path, threads))
    text_bytes = found["arrow"][0]["bytes"]
    print(f"{text_bytes / 1e6:.0f} MB of text, {threads} threads, least of {runs}")
    for name, each in found.items():
        seconds, processor = least(each, "seconds"), least(each, "processor")
        memory = f", {least(each, 'memory'):.0f} B a document" if "memory" in each[0] else ""
        speed = text_bytes / 1e6 / seconds
        print(f"{name:14} {speed:6.0f} MB/s, {processor:.2f} s of processor{memory}")


def main():
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(given.program, texts_alone(given.corpus, folder), given.runs, given.threads)


if __name__ == "__main__":
    main()
