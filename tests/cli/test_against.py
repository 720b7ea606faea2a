#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dedup --against keeps what a run over both would keep, with the old documents first.

usage: test_against.py NEARDUP

Made corpora have to give the same, for another corpus and for an index. Real ones may differ where
templates are told from copies: what stands in how many texts is counted in both corpora together by
the one, and among look-alikes by the other. With NEARDUP_DATA, reuters21578 is split in two.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

WORDS = [f"word{i}" for i in range(4000)]
CORPORA = 6
# Of the new half of reuters21578, 10,789 documents: one is the same form with other figures to the
# one, and too short to be found by the other.
REUTERS_DIFFERENT_MOST = 3


def run(program, folder, *arguments):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return done


def ids(program, folder, *arguments):
    return set(run(program, folder, "dedup", *arguments, "-q", "-o", "ids:-").stdout.split())


def write(path, records):
    with open(path, "w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record) + "\n")


def changed(chooser, text, edits):
    words = text.split()
    for _ in range(edits):
        words[chooser.randrange(len(words))] = chooser.choice(WORDS)
    return " ".join(words)


def made(seed, count=1200):
    """Originals with up to two versions each, in any order: not enough of them to make a form."""
    chooser = random.Random(seed)
    texts = []
    while len(texts) < count:
        text = " ".join(chooser.choices(WORDS, k=chooser.randrange(20, 300)))
        edits = [0, 0, 1, 3, len(text.split()) // 8]
        texts += [changed(chooser, text, chooser.choice(edits))
                  for _ in range(chooser.randrange(1, 4))]
    chooser.shuffle(texts)
    return [{"id": f"d{number}", "text": text} for number, text in enumerate(texts)]


def compare(program, folder, records, policy=()):
    """(kept by a run over both, kept against the corpus, kept against the index)"""
    half = len(records) // 2
    fresh = {record["id"] for record in records[half:]}
    write(folder / "old.jsonl", records[:half])
    write(folder / "new.jsonl", records[half:])
    both = ids(program, folder, "old.jsonl", "new.jsonl") & fresh
    corpus = ids(program, folder, "new.jsonl", "--against", "old.jsonl", *policy)
    subprocess.run(["rm", "-rf", folder / "ix"], check=True)
    run(program, folder, "index", "build", "ix", "old.jsonl", "-q")
    index = ids(program, folder, "new.jsonl", "--against", "ix", *policy)
    return both, corpus, index


def made_problems(program, folder):
    for seed in range(CORPORA):
        both, corpus, index = compare(program, folder, made(seed))
        if both != corpus or both != index:
            yield (f"corpus {seed}: {len(both)} kept by a run over both, {len(corpus)} against the "
                   f"corpus, {len(index)} against the index")


def add_problems(program, folder):
    """Days that are added one after the other are as one run over all."""
    records = made(77)
    days = [records[begin:begin + 300] for begin in range(0, len(records), 300)]
    run(program, folder, "index", "create", "days")
    kept = set()
    for number, day in enumerate(days):
        write(folder / "day.jsonl", day)
        kept |= ids(program, folder, "day.jsonl", "--against", "days", "--add")
    write(folder / "all.jsonl", records)
    once = ids(program, folder, "all.jsonl")
    if kept != once:
        yield f"{len(kept)} kept day by day, {len(once)} by one run"
    documents = json.loads(run(program, folder, "index", "stat", "days", "--json").stdout)
    if documents["documents"] != len(kept):
        yield f"{documents['documents']} documents in the index, {len(kept)} were kept"


def policy_problems(program, folder):
    """Whatever is kept of the new ones, none of it is known."""
    both, corpus, index = compare(program, folder, made(5), ("--keep", "longest"))
    known = set(run(program, folder, "dedup", "new.jsonl", "--against", "ix", "-q", "--keep",
                    "longest", "-o", "ids:-", "--known", "known.jsonl", "--force").stdout.split())
    with open(folder / "known.jsonl", encoding="utf-8") as lines:
        told = {json.loads(line)["id"] for line in lines}
    if corpus != index or known != index or told & index or len(corpus) > len(both) + len(told):
        yield "what is known was kept"


def reuters_problems(program, folder):
    data = pathlib.Path(os.environ.get("NEARDUP_DATA", "")) / "reuters21578" / "docs.jsonl.zst"
    if "NEARDUP_DATA" not in os.environ or not data.exists():
        print("ok - reuters skipped: no NEARDUP_DATA")
        return
    run(program, folder, "dedup", str(data), "-q", "-o", "annotated:all.jsonl")
    with open(folder / "all.jsonl", encoding="utf-8") as lines:
        records = [{name: json.loads(line).get(name) for name in ("id", "text", "date", "source")}
                   for line in lines]
    both, corpus, index = compare(program, folder, records)
    for name, kept in (("corpus", corpus), ("index", index)):
        different = both ^ kept
        print(f"# reuters: {len(both)} kept by a run over both, {len(different)} other decisions "
              f"against the {name}")
        if len(different) > REUTERS_DIFFERENT_MOST:
            yield f"{len(different)} differ: {sorted(different)[:10]}"


def main():
    program = os.path.abspath(sys.argv[1])
    probe = subprocess.run([program, "index", "create", "/dev/null/x"], capture_output=True,
                           text=True, check=False)
    if "without SQLite" in probe.stderr:
        print("ok - skipped: this build has no indexes")
        return 0
    failed = 0
    for test in (made_problems, add_problems, policy_problems, reuters_problems):
        with tempfile.TemporaryDirectory(prefix="neardup-against-") as folder:
            problems = list(test(program, pathlib.Path(folder)))
        failed += bool(problems)
        print("\n    ".join([f"{'not ok' if problems else 'ok'} - {test.__name__}", *problems]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
