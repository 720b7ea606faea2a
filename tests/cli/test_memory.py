#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What reading takes in memory: threads x --max-record and 64 MiB, whatever the input.

usage: test_memory.py NEARDUP
"""
import gzip
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

MIB = 1 << 20
SLACK = 64 * MIB


# Linux counts what a process had before exec, so it is begun by a small one.
STARTER = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Run:
    """The program's status, what it said, and its peak of memory in bytes."""

    def __init__(self, program, *arguments):
        done = subprocess.run([sys.executable, "-c", STARTER, program, *map(str, arguments)],
                              capture_output=True, text=True, check=True)
        self.status, peak = map(int, done.stdout.split())
        self.peak = peak * 1024
        self.said = done.stderr


def text(size, seed):
    """Lines of words that no other seed has."""
    rng = random.Random(seed)
    lines = [" ".join("".join(rng.choices("abcdefghiklmnoprstu", k=rng.randint(2, 9)))
                      for _ in range(12)) for _ in range(100)]
    count = size // (sum(map(len, lines)) // 100 + 14)
    return "\n".join(f"{lines[i % 100]} {seed}x{i}." for i in range(count))


def response(number, body, *fields):
    http = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *fields, "", ""]).encode()
    head = ("WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:test:{number}>\r\nWARC-Target-URI: http://h.example/{number}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http) + len(body)}\r\n\r\n").encode()
    return head + http + body + b"\r\n\r\n"


def page(words):
    return ("<html><body>" + "".join(f"<p>{one}</p>\n" for one in words.split("\n"))).encode()


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def check_bound(run, limit, threads):
    most = threads * limit + SLACK
    assert run.peak <= most, f"{run.peak / MIB:.0f} MiB, must be at most {most / MIB:.0f}"


def test_a_block_does_not_hold_all_of_its_pages(program, folder):
    """30 pages of 3 MiB each in a few blocks: 90 MiB of text, beside some 40 of the program."""
    words = [text(20000, i) for i in range(30)]
    pages = [gzip.compress(page("\n".join([one] * 150)), 9) for one in words]
    archive = folder / "pages.warc"
    archive.write_bytes(b"".join(response(i, one, "Content-Encoding: gzip")
                                 for i, one in enumerate(pages)))
    assert archive.stat().st_size < 4 * MIB
    out = folder / "pages.jsonl"
    for threads in (1, 2):
        run = Run(program, "dedup", archive, "-q", "-f", "--max-record", "24M", f"-j{threads}",
                  "-o", f"jsonl:{out}")
        assert run.status == 0, run.said
        assert run.peak < 80 * MIB, run.peak / MIB
        got = records(out)
        assert [one["id"] for one in got] == [f"urn:test:{i}" for i in range(30)]
        assert all(one["text"].startswith(words[i][:100].split("\n")[0])
                   for i, one in enumerate(got))


def test_a_document_that_its_block_left_is_the_same_when_its_turn_comes(program, folder):
    words = text(9 * MIB, 1)
    line = words.split("\n")[7]
    path = folder / "large.jsonl"
    path.write_text("".join(json.dumps({"id": i, "text": one}) + "\n" for i, one in enumerate(
        ("short", words + "\n\n" + line, "the last one"))))
    out = folder / "out.jsonl"
    assert Run(program, "flag", path, "-f", "-j2", "-o", f"jsonl:{out}").status == 0
    found = records(out)
    assert [(one["id"], one["text"]) for one in found] == [("1", line)], len(found)
    assert Run(program, "dedup", path, "-f", "-j2", "-o", f"jsonl:{out}").status == 0
    assert out.read_text() == path.read_text()
    run = Run(program, "dedup", path, "--unit", "paragraph", "-f", "-o", f"jsonl:{out}")
    assert run.status == 0, run.said
    assert [one["document"] for one in records(out) if one["document"] != "1"] == ["0", "2"]


def test_a_bomb_is_refused_by_its_ratio_and_a_tight_page_is_not(program, folder):
    bomb = gzip.compress(gzip.compress(b"<p>" + bytes(b" " * (100 * MIB))))
    tight = gzip.compress(page("the same line again\n" * 100000))
    archive = folder / "bomb.warc"
    first = response(1, tight, "Content-Encoding: gzip")
    archive.write_bytes(first + response(0, bomb, "Content-Encoding: gzip, gzip") +
                        response(2, page("a page of its own")))
    out = folder / "bomb.jsonl"
    run = Run(program, "dedup", archive, "-f", "-o", f"jsonl:{out}")
    assert run.status == 3, run.said
    assert "over 1100 times" in run.said and f"byte {len(first)}" in run.said, run.said
    assert run.peak < SLACK, run.peak
    assert [one["id"] for one in records(out)] == ["urn:test:1", "urn:test:2"]


def test_texts_near_the_limit_take_one_limit_a_thread(program, folder):
    texts = folder / "texts"
    texts.mkdir()
    for i in range(3):
        (texts / f"{i}.txt").write_text(text(23 * MIB, i))
    (texts / "short.txt").write_text("a b " * (6 * MIB - 10))
    for threads in (1, 2):
        for output in ("ids", "jsonl"):
            run = Run(program, "dedup", texts, "-q", "--max-record", "24M", f"-j{threads}",
                      "-o", f"{output}:{os.devnull}")
            assert run.status == 0, run.said
            check_bound(run, 24 * MIB, threads)


def test_long_texts_that_are_the_same_but_for_case_are_compared_in_slices(program, folder):
    texts = folder / "same"
    texts.mkdir()
    words = text(31 * MIB, 5)
    (texts / "a.txt").write_text(words)
    (texts / "b.txt").write_text(words.upper())
    run = Run(program, "dedup", texts, "--max-record", "32M", "-j1", "-f", "-o",
              f"ids:{folder / 'ids'}")
    assert run.status == 0, run.said
    assert (folder / "ids").read_text() == "a.txt\n"
    check_bound(run, 32 * MIB, 1)


def test_a_record_that_takes_too_much_is_named_and_the_next_ones_are_read(program, folder):
    long = text(18 * MIB, 1)
    mail = "From a@b Mon Jan  1 00:00:00 2020\nFrom: a@b.example\nMessage-ID: <%d@x>\n\n%s\n\n"
    inputs = {
        "a.jsonl": "".join(json.dumps({"id": i, "text": one}) + "\n"
                           for i, one in enumerate((long, "words"))),
        "a.json": json.dumps([{"id": i, "text": one} for i, one in enumerate((long, "words"))],
                             indent=1),
        "a.csv": "id,text\n0,\"" + long.replace("\n", " ") + "\"\n1,words\n",
        "a.mbox": mail % (0, long) + mail % (1, "words"),
        "a.rss": "<rss><channel><title>f</title>" + "".join(
            f"<item><guid>{i}</guid><description>{one}</description></item>"
            for i, one in enumerate((long, "words"))) + "</channel></rss>",
    }
    for name, content in inputs.items():
        path = folder / name
        path.write_text(content)
        out = folder / "out.jsonl"
        for threads in (1, 2) if name in ("a.jsonl", "a.rss") else (1,):
            run = Run(program, "dedup", path, "-f", "--max-record", "24M", f"-j{threads}",
                      "-o", f"jsonl:{out}")
            assert run.status == 3, (name, run.said)
            assert "--max-record" in run.said, (name, run.said)
            check_bound(run, 24 * MIB, threads)
            texts = [one["text"].strip() for one in records(out)]
            assert texts == ["words"], name
        run = Run(program, "dedup", path, "-f", "-o", f"jsonl:{out}")
        assert run.status == 0, (name, run.said)
        assert len(records(out)) == 2, name


def test_records_over_the_limit_take_one_buffer(program, folder):
    path = folder / "long.jsonl"
    with path.open("w") as lines:
        for i in range(4):
            lines.write('{"text":"' + "word " * (8 * MIB) + '"}\n')
            lines.write(json.dumps({"id": i, "text": f"record {i}"}) + "\n")
    out = folder / "out.jsonl"
    run = Run(program, "dedup", path, "-f", "--max-record", "32M", "-j4", "-o", f"jsonl:{out}")
    assert run.status == 3, run.said
    assert len(records(out)) == 4
    assert run.peak < 32 * MIB + 32 * MIB, run.peak / MIB


def zstd_frame(content, window_log):
    """One raw block, behind a header that asks for a window."""
    header = b"\x28\xB5\x2F\xFD\x00" + bytes([(window_log - 10) << 3])
    return header + struct.pack("<I", len(content) << 3 | 1)[:3] + content


def test_long_zstd_windows_have_to_be_allowed(program, folder):
    line = b'{"id":"a","text":"a few words"}\n'
    for window_log, is_long in ((27, False), (28, True), (31, True)):
        path = folder / f"window{window_log}.jsonl.zst"
        path.write_bytes(zstd_frame(line, window_log))
        run = Run(program, "dedup", path, "-f", "-o", f"ids:{os.devnull}")
        if "install libzstd" in run.said:
            return
        assert run.status == (4 if is_long else 0), run.said
        assert ("--zstd-long" in run.said) == is_long, run.said
        run = Run(program, "dedup", path, "-f", "--zstd-long", "-o", f"ids:{os.devnull}")
        assert run.status == 0, run.said


def test_the_temporary_copy_has_a_limit(program, folder):
    """Of all of a pipe; of a compressed file only what is compared."""
    lines = "".join(json.dumps({"id": i, "text": f"a text of number {i}, " * 8}) + "\n"
                    for i in range(20000))
    path = folder / "large.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode(), 1))
    out = folder / "kept.ids"
    out.write_text("yesterday\n")
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    for most, status in (("1M", 4), ("100M", 0)):
        writer = subprocess.Popen(["sh", "-c", f"gzip -dc {path} > {pipe}"],
                                  stderr=subprocess.DEVNULL)
        run = Run(program, "dedup", pipe, "--format", "jsonl", "-f", "--max-temp", most,
                  "--temp-dir", folder, "-o", f"ids:{out}")
        writer.wait()
        assert run.status == status, run.said
        if status == 4:
            assert f"copy in {folder}" in run.said and "1048576 bytes" in run.said, run.said
            assert "--max-temp" in run.said and "--temp-dir" in run.said, run.said
            assert out.read_text() == "yesterday\n"
    assert sorted(one.name for one in folder.iterdir()) == ["kept.ids", "large.jsonl.gz", "pipe"]
    run = Run(program, "dedup", path, "-f", "--max-temp", "1M", "-o", f"ids:{out}")
    assert run.status == 0, run.said


def main():
    program = os.path.abspath(sys.argv[1])
    failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_") or (sys.argv[2:] and name not in sys.argv[2:]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print("ok -", name, flush=True)
            except AssertionError as problem:
                failed += 1
                print("not ok -", name, problem, flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
