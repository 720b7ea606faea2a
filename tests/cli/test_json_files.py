#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""JSON files of all layouts and texts of all shapes as input, against Python's json module.

usage: test_json_files.py NEARDUP
"""
import csv
import gzip
import json
import pathlib
import random
import subprocess
import sys
import tempfile

WORDS = ["harbour", "ferry", "pier", "fog", "divers", "hull", "morning", "islands", "company",
         "inquiry", "crane", "oak", "winter", "orchard", "valley", "bees", "mayor", "bridge"]


def run(program, *arguments, stdin=None, statuses=(0, 3)):
    done = subprocess.run([program, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False)
    if done.returncode not in statuses:
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def same(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: {found!r}, not {expected!r}")


def make_text(generator):
    return " ".join(generator.choices(WORDS, k=60))


def make_records(count, seed=1):
    """Records of which every fourth is nearly the one before it."""
    generator = random.Random(seed)
    records = []
    for number in range(count):
        text = records[-1]["text"] + " nearly" if number % 4 == 3 else make_text(generator)
        records.append({"id": f"r{number}", "text": text, "more": {"a\n}": ['"', {}, [1, None]]}})
    return records


def one_a_line(records):
    return "".join(json.dumps(record) + "\n" for record in records)


LAYOUTS = {
    "pretty array": lambda records: json.dumps(records, indent=2),
    "array on one line": json.dumps,
    "array of lines": lambda records: "[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n",
    "two arrays": lambda records: json.dumps(records[:5], indent=1) + json.dumps(records[5:]),
    "two arrays on lines": lambda records: "[\n" + ",\n".join(map(json.dumps, records[:5])) +
                                           "\n][\n" + ",\n".join(map(json.dumps, records[5:])) +
                                           "\n]",
    "lines with commas": lambda records: one_a_line(records).replace("}\n", "},\n"),
    "pretty objects": lambda records: "\n".join(json.dumps(record, indent=4) for record in records),
    "objects behind each other": lambda records: "".join(map(json.dumps, records)),
    "record separators": lambda records: "".join(f"\x1e{json.dumps(record)}\n"
                                                 for record in records),
    "carriage returns": lambda records: one_a_line(records).replace("\n", "\r"),
    "lines, then an array": lambda records: one_a_line(records[:5]) + json.dumps(records[5:]),
    "byte order mark": lambda records: "\ufeff" + json.dumps(records, indent=2),
}


def check_read_alike(program, folder, name, data, records, kept):
    """The file gives the records, and the same are kept as of JSON lines."""
    path = folder / name
    path.write_bytes(data)
    annotated, _ = run(program, "dedup", "-q", path, "-o", "annotated:-")
    found = [json.loads(line) for line in annotated.splitlines()]
    for record in found:
        del record["neardup"]
    same(found, records, f"records of {name}")
    same(run(program, "dedup", "-q", "-j2", path, "-o", "ids:-")[0], kept, f"kept of {name}")
    written, _ = run(program, "dedup", "-q", path, "-o", "jsonl:-")
    same([json.loads(line)["id"] for line in written.splitlines()], kept.split(),
         f"written of {name}")
    same(run(program, "dedup", "-q", "-", "-o", "ids:-", stdin=data)[0], kept, f"piped {name}")


def test_layouts_do_not_matter(program, folder):
    records = make_records(24)
    lines = folder / "lines.jsonl"
    lines.write_text(one_a_line(records), encoding="utf-8")
    kept, _ = run(program, "dedup", "-q", lines, "-o", "ids:-")
    assert len(kept.split()) == 18, kept
    for name, layout in LAYOUTS.items():
        data = layout(records).encode()
        for suffix in (".json", ".jsonl", ".jl", ".ndjson"):
            check_read_alike(program, folder, f"{name}{suffix}".replace(" ", "_"), data, records,
                             kept)


def test_long_files_are_cut_between_records(program, folder):
    records = make_records(6000, seed=2)
    lines = folder / "lines.jsonl"
    lines.write_text(one_a_line(records), encoding="utf-8")
    kept, _ = run(program, "dedup", "-q", lines, "-o", "ids:-")
    for name, layout in LAYOUTS.items():
        check_read_alike(program, folder, f"{name}.json".replace(" ", "_"),
                         layout(records).encode(), records, kept)


def test_compressed_arrays(program, folder):
    records = make_records(8)
    path = folder / "in.json.gz"
    path.write_bytes(gzip.compress(json.dumps(records, indent=2).encode()))
    found, said = run(program, "dedup", "-q", path, "-o", "ids:-", statuses=(0, 4))
    if "this build cannot read .gz" not in said:
        same((found.split(), said), (["r0", "r1", "r2", "r4", "r5", "r6"], ""), "ids")


def test_layouts_are_read_in_every_encoding(program, folder):
    records = make_records(8)
    for number, record in enumerate(records):
        record["text"] += " Bürger Köln Straße größere"
        record["id"] = f"r{number}ß"
    encodings = {"utf-16": [], "utf-32": [], "latin-1": ["--encoding", "latin1"]}
    for encoding, options in encodings.items():
        for name, layout in LAYOUTS.items():
            if encoding == "latin-1" and "mark" in name:
                continue
            text = layout(records).replace("\\u00df", "ß").replace("\\u00fc", "ü")
            path = folder / "in.json"
            path.write_bytes(text.replace("\ufeff", "").encode(encoding))
            written, _ = run(program, "dedup", "-q", path, *options, "-o", "jsonl:-",
                             statuses=(0,))
            same([json.loads(line) for line in written.splitlines()],
                 [records[number] for number in (0, 1, 2, 4, 5, 6)], f"{name} in {encoding}")


def test_records_without_ids_are_told_by_their_places(program, folder):
    records = [{"text": make_text(random.Random(seed))} for seed in range(3)]
    path = folder / "in.json"
    path.write_text(json.dumps(records, indent=2), encoding="utf-8")
    found, _ = run(program, "dedup", "-q", path, "-o", "ids:-")
    same(found.split(), [f"{path}:{line}" for line in (2, 5, 8)], "ids on lines")
    text = json.dumps(records)
    path.write_text(text, encoding="utf-8")
    found, _ = run(program, "dedup", "-q", path, "-o", "ids:-")
    places = [place for place in range(len(text)) if text[place] == "{"]
    same(found.split(), [f"{path}@{place}" for place in places], "ids on one line")


def test_plans_apply_to_arrays(program, folder):
    records = make_records(12)
    path = folder / "in.json"
    plan = folder / "plan.jsonl"
    path.write_text(json.dumps(records, indent=2), encoding="utf-8")
    kept, _ = run(program, "dedup", "-q", path, "-o", "ids:-", "-o", f"plan:{plan}")
    applied, _ = run(program, "apply", "-q", plan, "-o", "ids:-")
    same(applied, kept, "ids")
    run(program, "dedup", "-q", path, "-o", f"tree:{folder / 'tree'}")
    tree = (folder / "tree" / "in.json.jsonl").read_text(encoding="utf-8")
    same([json.loads(line)["id"] for line in tree.splitlines()], kept.split(), "tree")


def test_a_record_that_is_too_long_costs_no_other(program, folder):
    records = make_records(8)
    records[4]["text"] = "long {[\\\" " * 200000
    for name, layout in LAYOUTS.items():
        path = folder / f"{name}.json".replace(" ", "_")
        path.write_bytes(layout(records).encode())
        found, messages = run(program, "dedup", "-q", "--max-record", "4096", path, "-o", "ids:-",
                              statuses=(3,))
        same(found.split(), ["r0", "r1", "r2", "r5", "r6"], name)
        same(messages.count("a record of more than 4096 bytes"), 1, name)


# A record's text as JSON, and the text that it stands for (None: it is refused).
SHAPES = [('"plain words"', "plain words"), ("null", ""), ('""', ""), ("[]", ""),
          ('["one","two"]', "one\n\ntwo"), ('["one", null, "", "two"]', "one\n\ntwo"),
          ("17", "17"), ("-2.5e3", "-2.5e3"), ("true", "true"), ("false", "false"),
          ('"\\u0000"', "\0"), ('"\\ud800"', "\ufffd"), ("NaN", None), ("Infinity", None),
          ("-Infinity", None), ('{"a":"b"}', None), ('[["a"]]', None), ('["a",1]', None),
          ('[{"a":"b"}]', None), ("'text'", None), ("None", None), ('"open', None)]


def test_every_shape_is_read_or_refused(program, folder):
    path = folder / "in.jsonl"
    for shape, expected in SHAPES:
        path.write_text(f'{{"id":"x","n":NaN,"text":{shape}}}\n', encoding="utf-8")
        plan, _ = run(program, "dedup", "-q", path, "-o", "plan:-", statuses=(0, 3, 4))
        found = [line for line in plan.splitlines() if '"id":"x"' in line]
        same(len(found), expected is not None, shape)
    good = [(shape, text) for shape, text in SHAPES if text is not None]
    shapes = folder / "shapes.jsonl"
    texts = folder / "texts.jsonl"
    shapes.write_text("".join(f'{{"id":{number},"text":{shape}}}\n'
                              for number, (shape, _) in enumerate(good)), encoding="utf-8")
    texts.write_text(one_a_line([{"id": number, "text": text}
                                 for number, (_, text) in enumerate(good)]), encoding="utf-8")
    hashes = [[json.loads(line).get("text_hash") for line in
               run(program, "dedup", "-q", source, "-o", "plan:-")[0].splitlines()]
              for source in (shapes, texts)]
    same(hashes[0], hashes[1], "text hashes")


def random_record(generator, number):
    shape = generator.choice(SHAPES)[0] if generator.random() < 0.5 else json.dumps(
        make_text(generator))
    key = "text" if generator.random() < 0.9 else "other"
    return f'{{"id":"r{number}","score":NaN,"{key}":{shape}}}'


def count_lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def check_sum(program, folder, path, count):
    names = {name: folder / f"{name}.out" for name in ("jsonl", "annotated", "plan", "ids",
                                                       "removed", "rejected")}
    reasons = folder / "reasons.csv"
    outputs = [f"{name}:{out}" for name, out in names.items()] + [f"rejected:{reasons}"]
    _, messages = run(program, "dedup", "-f", "-q", path,
                      *(part for output in outputs for part in ("-o", output)))
    _, again = run(program, "dedup", "-f", "-q", "-j4", path, "-o", f"ids:{names['ids']}")
    same(again, messages, "messages with four threads")
    documents = count_lines(names["annotated"])
    kept = count_lines(names["jsonl"])
    with reasons.open(encoding="utf-8", newline="") as rows:
        rejected = len(list(csv.reader(rows))) - 1
    same(documents + rejected, count, "documents and rejected records")
    same(count_lines(names["ids"]), kept, "ids")
    same(kept + count_lines(names["removed"]), documents, "kept and removed")
    same(count_lines(names["rejected"]), rejected, "rejected records and reasons")
    decisions = [json.loads(line).get("decision")
                 for line in names["plan"].read_text(encoding="utf-8").splitlines()]
    same((decisions.count("keep"), decisions.count("drop")), (kept, documents - kept), "plan")


def test_every_record_is_in_an_output(program, folder):
    generator = random.Random(5)
    for turn in range(12):
        count = generator.randrange(1, 120)
        records = [random_record(generator, number) for number in range(count)]
        records.append(json.dumps({"id": "last", "text": make_text(generator)}))
        path = folder / f"{turn}.jsonl"
        path.write_text("\n".join(records) + "\n", encoding="utf-8")
        check_sum(program, folder, path, count + 1)
        path = folder / f"{turn}.json"
        path.write_text("[\n" + ",\n".join(records) + "\n]\n", encoding="utf-8")
        check_sum(program, folder, path, count + 1)


def test_one_cause_is_one_message(program, folder):
    path = folder / "in.jsonl"
    path.write_text(one_a_line([{"id": number, "title": "x", "words": "y"}
                                for number in range(1000)] + make_records(1)), encoding="utf-8")
    _, messages = run(program, "dedup", "-q", path, "-o", "ids:-", statuses=(3, 4))
    same(messages.splitlines()[:1],
         [f"neardup: {path}: lines 1, 2, 3 and 997 others: no field 'text', 'content' or 'body'; "
          "there are 'id', 'title', 'words'; --text-field names the one with the text"], "message")
    damaged = folder / "damaged.jsonl"
    damaged.write_bytes(b'{"text":"a \xff b"}\n{"text":"good"}\n{"text":"c \xfe d"}\n')
    _, messages = run(program, "dedup", damaged, "-o", "ids:-")
    about = [line for line in messages.splitlines() if line.startswith(f"neardup: {damaged}: ")]
    same(len(about), 1, "messages about damage")
    assert about[0].startswith(f"neardup: {damaged}: lines 1 and 3: "), about


def test_odd_records_are_read_as_python_reads_them(program, folder):
    text = make_text(random.Random(3))
    deep = "[" * 100 + "]" * 100
    records = [f'{{"id":"twice","text":"not this","text":"{text} 1"}}',
               f'{{"id":"deep","text":"{text} 2 new","x":{deep}}}',
               '{"id":"zero","text":"a\\u0000b c d e f"}',
               '{"id":"pair","text":"\\ud83d\\ude00 smiles"}',
               f'{{"\\u0069d":"escaped","te\\u0078t":"{text[::-1]}"}}',
               f'{{"id":"long","text":"{"word " * (1 << 21)}"}}']
    expected = [json.loads(record) for record in records]
    same([record["id"] for record in expected],
         ["twice", "deep", "zero", "pair", "escaped", "long"], "ids")
    for name, data in (("lines.jsonl", "\n".join(records)), ("array.json", json.dumps(expected)),
                       ("pretty.json", "[\n" + ",\n".join(records).replace(",", ",\n") + "]")):
        path = folder / name
        path.write_text(data, encoding="utf-8")
        plan, _ = run(program, "dedup", "-q", path, "-o", "plan:-", "-o",
                      f"annotated:{folder / 'annotated'}", "-f")
        documents = [json.loads(line) for line in plan.splitlines() if '"text_hash"' in line]
        same([document["id"] for document in documents], [record["id"] for record in expected],
             f"ids of {name}")
        lines = (folder / "annotated").read_text(encoding="utf-8").splitlines()
        same([json.loads(line)["text"] for line in lines],
             [record["text"] for record in expected], f"texts of {name}")


def test_too_deep_records_are_refused_alone(program, folder):
    path = folder / "in.json"
    deep = "[" * 600 + "]" * 600
    path.write_text(f'[{{"id":"a","text":"one"}},{{"id":"b","text":"x","d":{deep}}},'
                    '{"id":"c","text":"two"}]', encoding="utf-8")
    found, messages = run(program, "dedup", "-q", path, "-o", "ids:-", statuses=(3,))
    same(found.split(), ["a", "c"], "ids")
    assert "nesting deeper than 512 levels" in messages, messages


def test_explain_and_pages_in_arrays(program, folder):
    path = folder / "in.json"
    path.write_text(json.dumps(make_records(4), indent=2), encoding="utf-8")
    report, _ = run(program, "explain", "r2", "r3", "--in", path, statuses=(0, 1))
    assert "r3" in report, report
    pages = [{"id": number, "page": page} for number, page in enumerate(
        ["<p>The ferry stays in harbour.</p>", None, ["<p>A list</p>", "<p>of pages</p>"]])]
    path.write_text(json.dumps(pages, indent=2), encoding="utf-8")
    found, _ = run(program, "dedup", "-q", "--html-field", "page", path, "-o", "ids:-",
                   statuses=(0, 2, 4))
    assert found in ("0\n1\n2\n", ""), found


def test_cleaned_records_keep_all_but_the_text(program, folder):
    path = folder / "in.json"
    paragraph = make_text(random.Random(9))
    records = [{"id": "x", "text": ["first paragraph", paragraph, paragraph], "n": 1}]
    path.write_text(json.dumps(records, indent=1), encoding="utf-8")
    cleaned, _ = run(program, "flag", "-q", path, "-o", "cleaned:-")
    record = json.loads(cleaned)
    same(record["n"], 1, "the other member")
    same(record["text"].count(paragraph), 1, "copies of the paragraph")


def main():
    failed = 0
    program = pathlib.Path(sys.argv[1]).resolve()
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory(prefix="neardup-json-") as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - {name}")
            except AssertionError as problem:
                print(f"not ok - {name}\n    {str(problem)[:2000]}")
                failed += 1
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
