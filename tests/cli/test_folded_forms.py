#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing is lost by --templates fold: what was folded is put together again from its marks.

usage: test_folded_forms.py NEARDUP
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

MARK = re.compile(rb"\[\xe2\x80\xa6 (\d+) bytes as in ([^\n]+?), from (\d+) \xe2\x80\xa6\]")
HEAD = ("Brackwater Joinery has built stairs, windows and doors since 1974 and employs forty "
        "people. We send our work to listed houses along the whole coast — and beyond it.")
TAIL = ("We pay above the agreement, close on Fridays at noon, give twenty eight days of leave. "
        "Everybody gets the tools they ask for and a key to the workshop.\n\nLetters of one page "
        "go to “Marta Quill” at the office by the weir, who answers within two weeks.")
WORDS = ("glue oak frame stair crane ledger wage coffee handle draw measure customer college "
         "winter copper engine market garden silver bridge harbour lamp paper river").split()


def own_text(number):
    drawn = random.Random(number)
    return " ".join(" ".join(drawn.sample(WORDS, 8)).capitalize() + f" {number}." for _ in "ab")


def vacancy(number):
    return f"{HEAD} {own_text(number)}\n\n{TAIL}"


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def run(self, *arguments, status=0):
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == status, done.stderr.decode()
        return done.stderr.decode()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def records(self, name):
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]

    def fold(self, corpus, *options):
        self.run("dedup", corpus, "-q", "-f", "--templates", "keep", "-o", "jsonl:keep", *options)
        return self.run("dedup", corpus, "-f", "--templates", "fold", "-o", "jsonl:fold",
                        "-o", "plan:plan", *options)


def unfold(record, texts):
    """The record without its marks, by what its member says of them."""
    folded = record.pop("neardup", {"folded": None})["folded"]
    if folded is None:
        return record
    text, first = record["text"].encode(), texts[folded["form"]].encode()
    for cut in reversed(folded["passages"]):
        passage = first[cut["from"]:cut["from"] + cut["bytes"]]
        assert MARK.fullmatch(text[cut["offset"]:cut["offset"] + cut["mark_bytes"]])
        assert cut["mark_bytes"] * 2 <= cut["bytes"]
        text = text[:cut["offset"]] + passage + text[cut["offset"] + cut["mark_bytes"]:]
    record["text"] = text.decode()
    return record


def folded_count(records):
    return sum("neardup" in record for record in records)


def check_unfolds(bench, least):
    kept, folded = bench.records("keep"), bench.records("fold")
    assert folded_count(folded) >= least, folded_count(folded)
    texts = {record["id"]: record["text"] for record in kept}
    assert [unfold(record, texts) for record in folded] == kept


def records_of(count):
    """Texts in all ways of writing JSON, and members around them."""
    for i in range(count):
        record = {"meta": [i, "text"], "id": f"job{i}", "text": vacancy(i), "after": {"n": 1.50}}
        yield json.dumps(record, ensure_ascii=i % 2 == 0) + "\n"


def test_records(bench):
    bench.write("docs.jsonl", "".join(records_of(8)))
    stderr = bench.fold("docs.jsonl")
    check_unfolds(bench, 7)
    assert "7 documents are written" in stderr, stderr
    for line in (bench.folder / "fold").read_text("utf-8").splitlines()[1:]:
        assert '"after": {"n": 1.5}' in line and line.startswith('{"meta": [')
    bench.run("apply", "plan", "-q", "-f", "-o", "jsonl:applied")
    assert (bench.folder / "applied").read_bytes() == (bench.folder / "fold").read_bytes()


def test_shards_of_a_tree(bench):
    bench.write("in/docs.jsonl", "".join(records_of(8)))
    bench.fold("in")
    bench.run("dedup", "in", "-q", "--templates", "fold", "-o", "tree:out")
    assert (bench.folder / "out/docs.jsonl").read_bytes() == (bench.folder / "fold").read_bytes()
    check_unfolds(bench, 7)


def test_files(bench):
    for i in range(8):
        bench.write(f"in/{i % 2}/job {i}.txt", vacancy(i))
    bench.run("dedup", "in", "-q", "--templates", "fold", "-o", "tree:out")
    bench.fold("in")
    check_unfolds(bench, 7)
    whole = {path.relative_to(bench.folder / "in"): path.read_bytes()
             for path in bench.folder.glob("in/*/*")}
    marks = 0
    for name, text in whole.items():
        written = (bench.folder / "out" / name).read_bytes()
        marks += len(MARK.findall(written))
        assert text == MARK.sub(lambda mark: bench_passage(bench, mark), written)
    assert marks >= 14, marks


def bench_passage(bench, mark):
    size, name, start = mark.groups()
    first = (bench.folder / "in" / name.decode()).read_bytes()
    return first[int(start):int(start) + int(size)]


def test_threads_and_firsts(bench):
    bench.write("docs.jsonl", "".join(records_of(40)))
    bench.fold("docs.jsonl", "--threads", "1", "--keep", "last")
    one = (bench.folder / "fold").read_bytes()
    check_unfolds(bench, 39)
    assert bench.records("fold")[0]["neardup"]["folded"]["form"] == "job39"
    bench.fold("docs.jsonl", "--threads", "4", "--keep", "last")
    assert (bench.folder / "fold").read_bytes() == one


def test_what_stays_whole(bench):
    marked = vacancy(3).replace("Letters", "[… 5 bytes as in job0, from 0 …] Letters")
    lines = list(records_of(8))
    lines[3] = json.dumps({"id": "job3", "text": marked}) + "\n"
    lines[4] = lines[4].replace(" — ", " \\ud800 ").replace("\\u2014", "\\ud800")
    lines[5] = json.dumps({"id": "job5", "text": [vacancy(5)]}) + "\n"
    bench.write("docs.jsonl", "".join(lines))
    bench.fold("docs.jsonl")
    kept, folded = bench.records("keep"), bench.records("fold")
    assert folded[3:6] == kept[3:6]
    assert folded_count(folded) == 4, folded_count(folded)


def test_rows_and_pages_are_told(bench):
    rows = "".join(f'{i},"{vacancy(i)}"\n' for i in range(8))
    bench.write("docs.csv", "id,text\n" + rows)
    stderr = bench.fold("docs.csv")
    assert (bench.folder / "fold").read_bytes() == (bench.folder / "keep").read_bytes()
    assert "7 documents of a form stay whole" in stderr, stderr


def test_a_dropped_first_folds_nothing(bench):
    bench.write("docs.jsonl", "".join(records_of(8)))
    bench.fold("docs.jsonl", "-o", "html:page")
    page = (bench.folder / "page").read_text("utf-8")
    corpus = re.search(r'"corpus":"([0-9a-f]*)"', page).group(1)
    first = next(row for row in bench.records("plan") if row.get("id") == "job0")
    decision = {"corpus": corpus, "number": 0, "id": "job0", "text_hash": first["text_hash"],
                "decision": "drop"}
    bench.write("decisions", '{"type":"neardup-decisions","schema_version":1}\n'
                + json.dumps(decision) + "\n")
    bench.run("apply", "plan", "--decisions", "decisions", "-q", "-o", "jsonl:applied")
    assert bench.records("applied") == bench.records("keep")[1:]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(Bench(program, folder))
                print(f"ok - folded_forms: {name[5:]}")
            except (AssertionError, OSError, LookupError) as problem:
                failed += 1
                print(f"not ok - folded_forms: {name[5:]}: {problem!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
