#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Delimited text as input, against Python's csv module.

usage: test_delimited.py NEARDUP
"""
import csv
import gzip
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)
ALPHABET = ['"', '""', ",", "\n", "\r\n", "a", "bc", " ", "é", "漢字", "\t", ";", "\\"]


def run(program, path, *options):
    """Every document as neardup reads it, and how many records it refused; None when those are
    more."""
    done = subprocess.run([program, "dedup", "--quiet", *options, str(path), "-o", "annotated:-",
                           "-o", f"rejected:{path}.rejected.csv", "--force"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    if done.returncode == 4 and re.search(b"(nothing could|could not) be read", done.stderr):
        return None
    if done.returncode not in (0, 3):
        raise AssertionError(f"exit {done.returncode}: {done.stderr.decode()}")
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    for record in records:
        del record["neardup"]
    with open(f"{path}.rejected.csv", encoding="utf-8", newline="") as rejected:
        return records, len(list(csv.reader(rejected))) - 1


def read_with_python(text, delimiter):
    """The rows as dictionaries, and the number of rows with another number of fields."""
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    good = [dict(zip(rows[0], row)) for row in rows[1:] if len(row) == len(rows[0])]
    return good, len(rows) - 1 - len(good)


def reads_gzip(program, folder):
    path = folder / "probe.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text":"a"}\n'))
    done = subprocess.run([program, "dedup", "--quiet", str(path), "-o", "ids:-"],
                          capture_output=True, check=False)
    return done.returncode == 0


def check(program, folder, text, suffix=".csv", delimiter=",", mark="", options=()):
    if suffix.endswith(".gz") and not reads_gzip(program, folder):
        return
    path = folder / f"input{suffix}"
    data = (mark + text).encode()
    path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    expected = read_with_python(text, delimiter)
    found = run(program, path, *options)
    if found is None and expected[1] > len(expected[0]):
        return
    if found != expected:
        raise AssertionError(f"{len(found[0])} records and {found[1]} refused, not "
                             f"{len(expected[0])} and {expected[1]}; text {text[:300]!r}")


def write_rows(generator, count, delimiter, terminator, quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=terminator, quoting=quoting)
    writer.writerow(["id", "text", "an odd, \"name\""])
    for number in range(count):
        pieces = generator.choices(ALPHABET, k=generator.randrange(40))
        writer.writerow([f"n{number}", "".join(pieces), generator.choice(["", "x", '"', "\n"])])
    return out.getvalue()


def test_written_rows(program, folder):
    for seed, (suffix, delimiter) in enumerate([(".csv", ","), (".tsv", "\t"), (".csv", ";"),
                                                (".csv.gz", ",")]):
        generator = random.Random(seed)
        for terminator in ("\n", "\r\n"):
            text = write_rows(generator, 200, delimiter, terminator)
            if delimiter == ";":
                text = text.replace('"an odd, ""name"""', "other", 1)
            check(program, folder, text, suffix, delimiter)
            check(program, folder, text.rstrip("\r\n"), suffix, delimiter, mark="\ufeff")


def test_many_blocks_on_many_threads(program, folder):
    text = write_rows(random.Random(5), 40000, ",", "\r\n", csv.QUOTE_ALL)
    assert len(text) > 1 << 20
    for threads in ("1", "3"):
        check(program, folder, text, options=("--threads", threads))
        check(program, folder, text, ".csv.gz", options=("--threads", threads))


def test_a_row_longer_than_a_block(program, folder):
    text = 'text,id\r\n"' + 'line ""of"" text\n' * 100000 + '",a\r\nshort,b\r\n'
    check(program, folder, text)


def test_any_bytes(program, folder):
    """Rows as no program should write them."""
    generator = random.Random(7)
    for _ in range(150):
        body = "".join(generator.choices(ALPHABET, k=60))
        text = "id,text\n" + body + "\nlast,row"
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        if rows[-1] == ["last", "row"]:  # no quote is open at the end
            check(program, folder, text)


def test_an_open_quote_is_refused(program, folder):
    path = folder / "open.csv"
    path.write_text('id,text\na,one\nb,"two\nc,three\n')
    records, refused = run(program, path)
    assert records == [{"id": "a", "text": "one"}] and refused == 1, (records, refused)
    path.write_text('id,"text\na,one\n')
    assert run(program, path) is None


def test_a_table_without_text_is_one_problem(program, folder):
    path = folder / "labels.csv"
    path.write_text("id,label\n" + "a,1\n" * 100000)
    done = subprocess.run([program, "dedup", "-q", str(path)], capture_output=True, timeout=60,
                          check=False)
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 2, done


def test_columns_are_named_by_options(program, folder):
    path = folder / "named.csv"
    path.write_text("id,text,lang.code,body\nx,no,en,yes\ny,no,de,yes\n")
    out = subprocess.run([program, "dedup", "-q", "--text-field", "body", "--id-field",
                          "lang\\.code", str(path), "-o", "ids:-"], stdout=subprocess.PIPE,
                         timeout=60, check=True).stdout
    assert out == b"en\n" or out == b"de\n", out


def test_standard_input_and_pipes(program, folder):
    text = write_rows(random.Random(5), 300, ",", "\n")
    for name, delimiter, options in (("csv", ",", []), ("tsv", "\t", ["--threads", "1"])):
        rows = write_rows(random.Random(5), 300, delimiter, "\n")
        expected, refused = read_with_python(rows, delimiter)
        done = subprocess.run([program, "dedup", "-q", "-", "--format", name, *options, "-o",
                               "annotated:-", "-o", f"tree:{folder / name}"],
                              input=rows.encode(), capture_output=True, timeout=60, check=False)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        for record in found:
            del record["neardup"]
        assert found == expected and refused == 0, (name, len(found), done.stderr)
        assert [one.name for one in (folder / name).iterdir()] == ["stdin.jsonl"]
    given = text.replace("text", "id,text", 1).replace("id,id", "id", 1).encode()
    flagged = subprocess.run([program, "flag", "-q", "-", "--format", "csv", "-o",
                              "cleaned:-"], input=given, capture_output=True, timeout=60,
                             check=True)
    assert len(flagged.stdout.splitlines()) == 300
    path = folder / "pipe"
    os.mkfifo(path)
    with subprocess.Popen(["/bin/sh", "-c", f"cat > {path}"], stdin=subprocess.PIPE) as writer:
        reader = subprocess.Popen([program, "dedup", "-q", str(path), "--format", "csv", "-o",
                                   "annotated:-"], stdout=subprocess.PIPE)
        writer.communicate(text.encode())
        assert len(reader.communicate(timeout=60)[0].splitlines()) == 300


def test_a_table_without_its_option_is_explained(program, _):
    given = b"id,text\na,one\n"
    hint = b"--format csv or tsv reads its lines as rows"
    for command in ("dedup", "flag"):
        done = subprocess.run([program, command, "-"], input=given, capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == 0 and hint in done.stderr, done
        done = subprocess.run([program, command, "-q", "-", "--format", "csv"],
                              input=b"id,body text\na,one\n", capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == 4 and hint not in done.stderr, done
        done = subprocess.run([program, command, "-q", "-", "--format", "xls"], input=given,
                              capture_output=True, timeout=60, check=False)
        assert done.returncode == 2 and b"jsonl, csv, tsv, warc, html, text" in done.stderr, done


def main(program):
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - delimited: {name[5:].replace('_', ' ')}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"not ok - delimited: {name[5:].replace('_', ' ')}\n# {problem}", flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
