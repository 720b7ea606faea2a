#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Delimited text as input and output, against Python's csv module, in all dialects and encodings.

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
    """The rows as dictionaries, and the number of rows that have no text or too many fields."""
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    names = rows[0]
    good = [dict(zip(names, row)) for row in rows[1:]
            if len(row) > names.index("text") and not any(row[len(names):])]
    return good, len(rows) - 1 - len(good)


def has_quotes_over_lines(text):
    """Whether a field in quotes runs over a line and does not end where they do: readers differ."""
    at = 0
    while (found := re.compile(r'(?:^|[,\n])"((?:[^"]|"")*)"', re.ASCII).search(text, at)):
        behind = text[found.end():].lstrip(" ")
        if "\n" in found.group(1) and behind and not re.match(r"[,\n]|\r+\n", behind):
            return True
        at = max(found.end() - 1, at + 1)
    return False


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
        if rows[-1] == ["last", "row"] and not has_quotes_over_lines(text):
            check(program, folder, text)


def problems(program, path, *options):
    """What is said about the file, without the names of program and folder."""
    done = subprocess.run([program, "dedup", *options, str(path), "-o", "ids:-"],
                          capture_output=True, timeout=60, check=False)
    prefix = f"neardup: {path}"
    said = [line for line in done.stderr.decode().splitlines() if line.startswith(prefix)]
    return done.returncode, [line[len(prefix):] for line in said]


def test_an_open_quote_costs_no_rows(program, folder):
    path = folder / "open.csv"
    path.write_text('id,text\na,one\nb,"two\nc,three\n')
    records, refused = run(program, path)
    expected = [{"id": "a", "text": "one"}, {"id": "b", "text": '"two'},
                {"id": "c", "text": "three"}]
    assert records == expected and refused == 0, (records, refused)
    status, said = problems(program, path)
    assert status == 0 and said == [
        ":3: nothing closes the quote that opens a field: read as a letter"], said
    path.write_text('id,text\n' + "".join(f"{i},row of {i}\n" for i in range(5)) +
                    'x,"an open one\n' + "".join(f"{i},row of {i}\n" for i in range(5, 40000)))
    for threads in ("1", "2"):
        records, refused = run(program, path, "--threads", threads)
        assert len(records) == 40001 and refused == 0, (len(records), refused)


def test_quotes_between_tabs_are_letters(program, folder):
    path = folder / "words.tsv"
    rows = [f"{i}\tsome words of row {i}" for i in range(200)]
    rows[10] = '10\t"Fog" is the word'
    rows[50] = '50\t"What a night, she said'
    rows[150] = '150\tand so it ended"'
    path.write_text("id\ttext\n" + "\n".join(rows) + "\n")
    records, refused = run(program, path)
    assert [f"{one['id']}\t{one['text']}" for one in records] == rows and refused == 0
    assert problems(program, path) == (0, [])
    path.write_text('id\ttext\n1\t"two\nlines"\n2\t"a\tb"\n')
    assert run(program, path)[0] == [{"id": "1", "text": "two\nlines"}, {"id": "2", "text": "a\tb"}]


TEXTS = ["The ferry stayed in port all day, and nobody knew why.\nThen it left; late.",
         "A bakery sells what is left over at night, for half.",
         "The ferry stayed in port all day, and nobody knew why.\nThen it left; late."]


def table(delimiter=",", end="\r\n", head=("id", "text"), quote='"{}"', first="", texts=TEXTS):
    rows = [f"{i}{delimiter}{quote.format(text)}{end}" for i, text in enumerate(texts)]
    return first + delimiter.join(head) + end + "".join(rows)


def test_dialects_are_one_table(program, folder):
    plain = table(";", "\n")
    dialects = {
        "comma.csv": table(), "semicolon.csv": plain, "bar.csv": table("|"),
        "tab.csv": table("\t"), "tab.txt.csv": table("\t", "\n"), "comma.tsv": table(),
        "sep.csv": table(";", first="sep=;\r\n"), "sep_bar.tsv": table("|", first="SEP=|\n"),
        "mark.csv": table(head=('"id"', '"text"'), first="\ufeff"),
        "case.csv": table(head=("ID", " Text ")), "padded.csv": table(", ", head=("id", "text")),
        "cr.csv": table(end="\r"), "crcrlf.csv": table(end="\r\r\n"),
        "comment.csv": table(first='# made, "today\n#\n'), "hash.tsv": table("\t", first="#"),
        "trailing.csv": table(",", ",\n"), "wide.csv": table(head=("id", "text", "tags")),
        "again.csv": table() + table().split("\r\n", 1)[0] + "\r\n\r\n",
    }
    for name, text in dialects.items():
        path = folder / name
        path.write_bytes(text.encode())
        records, refused = run(program, path)
        found = [(one["id"], one["text"].rstrip()) for one in records]
        assert found == [(str(i), text) for i, text in enumerate(TEXTS)] and refused == 0, (
            name, found, refused)
        done = subprocess.run([program, "dedup", "-q", str(path), "-o", "ids:-"],
                              capture_output=True, timeout=60, check=True)
        assert done.stdout == b"0\n1\n", (name, done)


def test_escapes_with_backslashes(program, folder):
    path = folder / "mysql.csv"
    path.write_text('id,text\n1,"she said \\"no, never\\" and left"\n2,"a \\\\"\n3,\\N\n')
    assert run(program, path)[0] == [{"id": "1", "text": 'she said "no, never" and left'},
                                     {"id": "2", "text": "a \\"}, {"id": "3", "text": ""}]


def test_words_for_no_text_are_no_text(program, folder):
    path = folder / "null.csv"
    path.write_text('text,id\nNULL,NULL\n"NULL",b\n\\N,c\nNaN,d\nnull and void,e\n')
    texts = [one["text"] for one in run(program, path)[0]]
    assert texts == ["", "NULL", "", "", "null and void"], texts


def test_rows_short_of_fields(program, folder):
    path = folder / "short.csv"
    path.write_text("id,text,tags\n1,a\n2\n3,c,x,\n4,d,x,y\n")
    records, refused = run(program, path)
    assert records == [{"id": "1", "text": "a"}, {"id": "3", "text": "c", "tags": "x"}], records
    assert refused == 2
    assert problems(program, path) == (3, [
        ":3: a row of 1 fields, but the text is field 2 of 3 in the first row",
        ":5: a row of 4 fields, must be 3 as in the first row"])


def test_first_rows_that_come_again_are_named(program, folder):
    path = folder / "again.csv"
    path.write_text("id,text\n1,one two\nid,text\n2,three four\n\ufeffid,text\n")
    assert problems(program, path) == (0, [
        ": lines 3 and 5: the first row again: passed over"])


def test_a_table_without_text_is_one_problem(program, folder):
    path = folder / "labels.csv"
    path.write_text("Id,Label\n" + "a,1\n" * 100000)
    assert run(program, path) is None
    status, said = problems(program, path)
    assert status == 4 and said == [
        ":1: the first row names no column 'text', 'content' or 'body'; columns: Id, Label; name "
        "one with --text-field or --html-field"], said


def test_damaged_bytes_are_counted_and_compared(program, folder):
    path = folder / "latin1.csv"
    rows = "id,text\n1,caf\xe9 au lait with many other words of this row\n" \
           "2,caf\xea au lait with many other words of this row\n3,plain words\n"
    path.write_bytes(rows.encode("latin-1"))
    status, said = problems(program, path)
    assert status == 3 and said == [": lines 2 and 3: UTF-8 damaged throughout; "
                                    "only a copy of the same bytes can match it"], said
    done = subprocess.run([program, "dedup", "-q", str(path), "-o", "annotated:-"],
                          capture_output=True, timeout=60, check=False)
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert "identical" not in [one["neardup"]["kind"] for one in records]
    assert records[0]["text"].startswith("caf\ufffd au lait"), records[0]
    done = subprocess.run([program, "dedup", "-q", str(path), "-o", "csv:-", "--drop-all"],
                          capture_output=True, timeout=60, check=False)
    assert set(done.stdout.splitlines()) <= set(rows.encode("latin-1").splitlines())


ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be")


def marked(text, encoding):
    mark = "\ufeff" if encoding.endswith("be") else ""
    return (mark + text).encode(encoding)


def test_marks_tell_encodings(program, folder):
    rows = [{"id": str(i), "text": f"Größe, 漢字 und 😀 {i}"} for i in range(3000)]
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "text"])
    writer.writeheader()
    writer.writerows(rows)
    for encoding in ENCODINGS:
        for suffix, text in ((".csv", out.getvalue()), (".jsonl", lines)):
            data = marked(text, encoding)
            path = folder / f"{encoding}{suffix}"
            path.write_bytes(data)
            assert run(program, path) == (rows, 0), path
            if reads_gzip(program, folder):
                path = folder / f"{encoding}{suffix}.gz"
                path.write_bytes(gzip.compress(data))
                assert run(program, path) == (rows, 0), path
            done = subprocess.run([program, "dedup", "-q", "-", "--format", suffix[1:], "-o",
                                   "ids:-"], input=data, capture_output=True, timeout=60,
                                  check=True)
            assert len(done.stdout.splitlines()) == 3000, (encoding, suffix)


def test_plain_texts_are_one_in_all_encodings(program, folder):
    text = "Die Größe der Fähre änderte sich nicht, sagte der Kapitän den Leuten am Kai.\n"
    inputs = folder / "in"
    inputs.mkdir()
    for encoding in ("utf-8", "utf-16-le", *ENCODINGS):
        (inputs / f"{encoding}.txt").write_bytes(
            text.encode(encoding) if encoding == "utf-16-le" else marked(text, encoding))
    done = subprocess.run([program, "dedup", "-q", str(inputs), "-o", "annotated:-", "-o",
                           f"tree:{folder / 'tree'}"], capture_output=True, timeout=60, check=True)
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert all(one["text"] == text for one in records) and len(records) == 7, records
    assert {one["neardup"]["kind"] for one in records} <= {"none", "identical"}
    for kept in (folder / "tree").iterdir():
        assert kept.read_bytes() == (inputs / kept.name).read_bytes()


def test_encodings_are_named_and_told(program, folder):
    text = "Привет, мир! Как дела? Хорошо, спасибо, а у вас как? Погода сегодня хорошая."
    for encoding, taken in (("koi8-r", "KOI8-R"), ("cp1251", "windows-1251")):
        for suffix, content in ((".txt", text), (".csv", f'id,text\n1,"{text}"\n'),
                                (".jsonl", json.dumps({"text": text}, ensure_ascii=False))):
            path = folder / f"{encoding}{suffix}"
            path.write_bytes(content.encode(encoding))
            done = subprocess.run([program, "dedup", "-q", str(path), "--encoding", encoding, "-o",
                                   "annotated:-"], capture_output=True, timeout=60, check=True)
            assert json.loads(done.stdout)["text"] == text, done
            status, said = problems(program, path, "--encoding", "auto")
            if said != [f": read as {taken}"]:  # a build without uchardet says so
                assert status == 4 or status == 2, (path, said)
    for name in ("utf-99", ""):
        done = subprocess.run([program, "dedup", "-q", str(folder), "--encoding", name],
                              capture_output=True, timeout=60, check=False)
        assert done.returncode == 2 and b"must be auto or a name" in done.stderr, done


def test_what_is_not_in_the_encoding_is_counted(program, folder):
    path = folder / "other.csv"
    words = b"word " * 40
    path.write_bytes(b"id,text\n1,\xc7\xd1\xb1\xdb \xff " + words + b"\n2,two \xff " + words +
                     b"\n")
    assert problems(program, path, "--encoding", "euc-kr") == (
        0, [": 2 sequences that are not EUC-KR, read with U+FFFD in their place"])


def test_plans_remember_the_encoding(program, folder):
    path = folder / "latin1.csv"
    path.write_bytes("id,text\n1,Größe und Fähre am Kai\n2,x y z\n".encode("latin-1"))
    subprocess.run([program, "dedup", "-q", str(path), "--encoding", "latin1", "-o",
                    f"plan:{folder / 'plan.jsonl'}"], timeout=60, check=True)
    done = subprocess.run([program, "apply", "-q", str(folder / "plan.jsonl"), "-o", "jsonl:-"],
                          capture_output=True, timeout=60, check=True)
    assert "Größe" in done.stdout.decode(), done


def test_csv_in_csv_out(program, folder):
    head = "\ufeffsep=;\r\nID;Text;Rest\r\n"
    rows = ['1;"one two, ""three"" four";x', "2;five six seven\r;", '3;"one two, ""three"" four";y',
            '4;"eight\r\nnine ten";']
    path = folder / "in.csv"
    path.write_bytes((head + "".join(row + "\r\n" for row in rows)).encode())
    kept = (head + "".join(rows[i].rstrip("\r") + "\r\n" for i in (0, 1, 3))).encode()
    subprocess.run([program, "dedup", "-q", str(path), "-o", f"csv:{folder / 'out.csv'}", "-o",
                    f"tree:{folder / 'tree'}"], timeout=60, check=True)
    assert (folder / "out.csv").read_bytes() == kept
    assert (folder / "tree" / "in.csv").read_bytes() == kept
    if reads_gzip(program, folder):
        subprocess.run([program, "dedup", "-q", str(path), "-o", f"csv:{folder / 'out.csv.gz'}"],
                       timeout=60, check=True)
        assert gzip.decompress((folder / "out.csv.gz").read_bytes()) == kept


def test_tables_of_the_same_columns_are_one_output(program, folder):
    for name, text in (("a", "id,text\n1,one two three\n"), ("b", "id,text\r\n2,four five six\r\n"),
                       ("c", "id,text,more\n3,seven eight nine,x")):
        (folder / f"{name}.csv").write_bytes(text.encode())
    a, b, c = (str(folder / f"{name}.csv") for name in "abc")
    done = subprocess.run([program, "dedup", "-q", a, b, "-o", "csv:-"], capture_output=True,
                          timeout=60, check=True)
    assert done.stdout == b"id,text\n1,one two three\n2,four five six\r\n", done
    done = subprocess.run([program, "dedup", "-q", a, c, "-o", f"csv:{folder / 'out.csv'}"],
                          capture_output=True, timeout=60, check=False)
    assert done.returncode in (2, 4) and b"have other columns" in done.stderr, done
    assert not (folder / "out.csv").exists()
    subprocess.run([program, "dedup", "-q", a, c, "-o", f"tree:{folder / 'tree'}"], timeout=60,
                   check=True)
    assert (folder / "tree" / "c.csv").read_bytes() == b"id,text,more\n3,seven eight nine,x\n"


def test_other_documents_are_rows_of_their_parts(program, folder):
    inputs = folder / "texts"
    inputs.mkdir()
    (inputs / "a.txt").write_text('one, "two"\nthree')
    (inputs / "b.txt").write_text("four five six")
    done = subprocess.run([program, "dedup", "-q", str(inputs), "-o", "csv:-"], capture_output=True,
                          timeout=60, check=True)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert [row["text"] for row in rows] == ['one, "two"\nthree', "four five six"], rows
    assert list(rows[0]) == ["id", "source", "url", "date", "title", "text"]
    (inputs / "c.csv").write_text("id,text\n1,seven eight\n")
    done = subprocess.run([program, "dedup", "-q", str(inputs), "-o", "csv:-"], capture_output=True,
                          timeout=60, check=False)
    assert done.returncode in (2, 4) and b"cannot stand in one CSV output" in done.stderr, done


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
        assert [one.name for one in (folder / name).iterdir()] == ["stdin.csv"]
        kept = (folder / name / "stdin.csv").read_bytes().decode()
        assert all(row in found for row in read_with_python(kept, delimiter)[0])
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
        assert done.returncode == 2 and b"jsonl, csv, tsv, parquet, warc, html" in done.stderr, done


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
