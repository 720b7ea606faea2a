#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Web archives as input: what is read, and what is left of damaged ones.

usage: test_web_archives.py NEARDUP
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import zlib

try:
    from warcio.warcwriter import WARCWriter
    from warcio.statusandheaders import StatusAndHeaders
except ImportError:
    WARCWriter = None

MIB = 1 << 20


def record(kind, body, number=0, length=None, trailer=b"\r\n\r\n", **fields):
    """A record with a Content-Length of its own choosing."""
    head = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:test:{number}>",
            "WARC-Target-URI": f"https://news.example/page/{number}",
            "WARC-Date": "2026-05-31T12:00:00Z", "Content-Length": length or len(body)}
    head.update({name.replace("_", "-"): value for name, value in fields.items()})
    lines = ["WARC/1.0"] + [f"{name}: {value}" for name, value in head.items() if value]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + trailer


def response(body, number=0, status="200 OK", content_type="text/html; charset=utf-8", http=(),
             **fields):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *http]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return record("response", head + body, number,
                  Content_Type="application/http; msgtype=response", **fields)


def conversion(text, number=0, **fields):
    return record("conversion", text.encode(), number, Content_Type="text/plain", **fields)


def page(text, title="A title"):
    return (f"<!DOCTYPE html><html><head><title>{title}</title></head><body>"
            f"<script>var x = 'code';</script><p>{text}</p></body></html>").encode()


def chunked(body, size=7):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def words(seed, count=60):
    generator = random.Random(seed)
    return " ".join(f"w{generator.randrange(9973)}" for _ in range(count))


def run(program, path, *options, expect=(0, 3), peak=None):
    """The documents as neardup reads them; offset and message of what it skips and of what it finds
    odd."""
    command = [program, "dedup", "--progress", "json", *options, str(path), "-o", "annotated:-"]
    with open(f"{path}.out", "wb") as out, open(f"{path}.err", "wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    words_said = pathlib.Path(f"{path}.err").read_text()
    assert process.returncode in expect, f"exit {process.returncode}: {words_said}"
    if peak is not None:
        peak.append(usage.ru_maxrss / 1024)
    with open(f"{path}.out", encoding="utf-8") as out:
        documents = [json.loads(line) for line in out]
    events = [json.loads(line) for line in words_said.splitlines() if line.startswith("{")]
    problems = [one for one in events if one.get("event") == "problem"]
    return documents, *([(one["offset"], one["message"]) for one in problems
                         if one["skipped"] == skipped] for skipped in (True, False))


def write(folder, data, name="crawl.warc"):
    path = folder / name
    path.write_bytes(data)
    return path


def texts_of(documents):
    return {document["id"]: document["text"] for document in documents}


def test_pages_are_read(program, folder):
    data = record("warcinfo", b"software: a test\r\n")
    data += record("request", b"GET / HTTP/1.1\r\n\r\n")
    data += response(page("Plain text here.", "One &amp; two"), 1, WARC_Payload_Digest="sha1:ABC")
    data += conversion("Extracted text.\nSecond line.", 2, WARC_Identified_Content_Language="eng")
    data += response(b"Just text.", 3, content_type="text/plain")
    data += record("resource", page("A resource."), 4, Content_Type="text/html")
    data += response(b"\x89PNG", 5, content_type="image/png")
    data += response(page("Not found"), 6, status="404 Not Found")
    data += record("revisit", b"HTTP/1.1 200 OK\r\n\r\n", 7, Content_Type="application/http")
    documents, rejected, odd = run(program, write(folder, data))
    assert rejected == odd == [], (rejected, odd)
    for document in documents:
        del document["neardup"]
    assert documents == [
        {"id": "urn:test:1", "url": "https://news.example/page/1", "date": "2026-05-31T12:00:00Z",
         "digest": "sha1:ABC", "source": "news.example", "title": "One & two",
         "text": "Plain text here."},
        {"id": "urn:test:2", "url": "https://news.example/page/2", "date": "2026-05-31T12:00:00Z",
         "source": "news.example", "language": "eng", "text": "Extracted text.\nSecond line."},
        {"id": "urn:test:3", "url": "https://news.example/page/3", "date": "2026-05-31T12:00:00Z",
         "source": "news.example", "text": "Just text."},
        {"id": "urn:test:4", "url": "https://news.example/page/4", "date": "2026-05-31T12:00:00Z",
         "source": "news.example", "title": "A title", "text": "A resource."}], documents


def test_findings_are_named_by_ids(program, folder):
    """The records have no lines that an editor could open."""
    path = write(folder, response(page(words(1)), 1) + response(page(words(1)), 2))
    done = subprocess.run([program, "dedup", str(path), "-q", "--check"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1, done
    assert done.stdout == f"{path}: urn:test:2: same text as urn:test:1\n", done.stdout


def test_what_is_passed_over_is_counted(program, folder):
    data = record("request", b"GET / HTTP/1.1\r\n\r\n") + response(page(words(1)), 1)
    data += response(b"\x89PNG", 2, content_type="image/png")
    path = write(folder, data)
    for command in (["dedup"], ["flag"], ["flag", "--site"], ["flag", "--threads", "1"]):
        done = subprocess.run([program, *command, "--progress", "json", str(path)],
                              capture_output=True, timeout=60, check=True)
        events = map(json.loads, done.stderr.splitlines())
        notices = [event["message"] for event in events if event["event"] == "notice"]
        assert notices == ["2 records of web archives hold no page or text that was found"], (
            command, notices)


def test_standard_input(program, folder):
    data = b"".join(response(page(words(i)), i) for i in range(20))
    done = subprocess.run([program, "dedup", "-q", "-", "--format", "warc", "-o",
                           "annotated:-"], input=data, capture_output=True, timeout=60, check=True)
    assert texts_of(map(json.loads, done.stdout.splitlines())) == {
        f"urn:test:{i}": words(i) for i in range(20)}


def test_compressed_archives(program, folder):
    records = [response(page(words(i)), i) for i in range(50)]
    expected = {f"urn:test:{i}": words(i) for i in range(50)}
    kinds = {"a.warc": b"".join(records), "b.warc.gz": b"".join(map(gzip.compress, records)),
             "c.wet.gz": gzip.compress(b"".join(records))}
    for name, data in kinds.items():
        documents, rejected, _ = run(program, write(folder, data, name))
        assert texts_of(documents) == expected and rejected == [], name
    if shutil.which("zstd"):
        one = [subprocess.run(["zstd", "-qc"], input=part, stdout=subprocess.PIPE,
                              check=True).stdout for part in records]
        documents, rejected, _ = run(program, write(folder, b"".join(one), "d.warc.zst"))
        assert texts_of(documents) == expected and rejected == []


def test_encoded_bodies(program, folder):
    html = page("Encoded in some way.")
    raw = zlib.compressobj(wbits=-15)
    bodies = [(html, []), (gzip.compress(html), ["Content-Encoding: gzip"]),
              (chunked(html), ["Transfer-Encoding: chunked"]),
              (chunked(gzip.compress(html)), ["content-encoding: GZIP",
                                              "transfer-encoding: chunked"]),
              (zlib.compress(html), ["Content-Encoding: deflate"]),
              (raw.compress(html) + raw.flush(), ["Content-Encoding: deflate"]),
              (html, ["Content-Encoding: gzip", "Transfer-Encoding: chunked"])]
    if shutil.which("zstd"):
        packed = subprocess.run(["zstd", "-qc"], input=html, stdout=subprocess.PIPE, check=True)
        bodies.append((packed.stdout, ["Content-Encoding: zstd"]))
    data = b"".join(response(body, i, http=http) for i, (body, http) in enumerate(bodies))
    documents, rejected, odd = run(program, write(folder, data))
    assert texts_of(documents) == {f"urn:test:{i}": "Encoded in some way."
                                   for i in range(len(bodies))}, documents
    assert rejected == odd == [], (rejected, odd)


def reads_brotli(program, folder):
    data = response(b"\x0b\x02\x80", 1, http=["Content-Encoding: br"])
    _, rejected, _ = run(program, write(folder, data, "probe.warc"))
    return not any("install libbrotli-dev" in message for _, message in rejected)


def stored_in_brotli(body):
    """Brotli (RFC 7932) without compression: blocks of at most 64 KiB as they are."""
    bits, out = [0], bytearray()  # one bit: a window of 64 KiB

    def put(value, count):
        bits.extend(value >> i & 1 for i in range(count))

    for at in range(0, len(body), 1 << 16):
        block = body[at:at + (1 << 16)]
        put(0, 1)  # not the last one
        put(0, 2)  # its length in four nibbles
        put(len(block) - 1, 16)
        put(1, 1)  # as it is, from the next byte on
        put(0, -len(bits) % 8)
        out += bytes(sum(bit << i for i, bit in enumerate(bits[one:one + 8]))
                     for one in range(0, len(bits), 8)) + block
        bits.clear()
    return bytes(out) + b"\x03"


def test_brotli(program, folder):
    if not reads_brotli(program, folder):
        return
    html = [page(words(i, 100 + 3000 * i)) for i in range(20)]
    data = b"".join(response(stored_in_brotli(body), i, http=["Content-Encoding: br"])
                    for i, body in enumerate(html))
    data += response(chunked(stored_in_brotli(page("In chunks."))), 20,
                     http=["content-encoding: BR", "transfer-encoding: chunked"])
    data += response(page("Decoded by who wrote it down."), 21, http=["Content-Encoding: br"])
    cut_off = len(data)
    data += response(stored_in_brotli(page(words(30, 400)))[:-900], 30,
                     http=["Content-Encoding: br"])
    documents, rejected, odd = run(program, write(folder, data))
    assert rejected == [], rejected
    assert odd == [(cut_off, "a page that is damaged or cut off")], odd
    texts = texts_of(documents)
    assert words(30, 400).startswith(texts.pop("urn:test:30")[:500])
    assert texts == {**{f"urn:test:{i}": words(i, 100 + 3000 * i) for i in range(20)},
                     "urn:test:20": "In chunks.",
                     "urn:test:21": "Decoded by who wrote it down."}
    # The limit holds for what comes out.
    data = response(page("Before."), 1) + response(stored_in_brotli(page(words(1, 20000))), 2,
                                                   http=["Content-Encoding: br"])
    documents, rejected, _ = run(program, write(folder, data), "--max-record", "90000")
    assert [one["id"] for one in documents] == ["urn:test:1"], documents
    assert len(rejected) == 1, rejected


def test_what_cannot_be_decoded(program, folder):
    html = page("The beginning is read. " + words(1, 400))
    data = response(b"\x0b\x02\x80", 1, http=["Content-Encoding: dcb"])
    cut_off = len(data)
    data += response(gzip.compress(html)[:-40], 2, http=["Content-Encoding: gzip"])
    data += response(gzip.compress(html)[:-40], 3, http=["Content-Encoding: gzip"],
                     WARC_Truncated="length")
    documents, rejected, odd = run(program, write(folder, data))
    assert rejected == [(0, "content encoding dcb cannot be read")], rejected
    assert odd == [(cut_off, "a page that is damaged or cut off")], odd
    texts = texts_of(documents)
    assert sorted(texts) == ["urn:test:2", "urn:test:3"]
    assert all(text.startswith("The beginning is read. ") for text in texts.values())


def test_damaged_archives(program, folder):
    """Every kind of damage, at the beginning, across blocks and at the end."""
    body = words(99)
    damaged = {
        "too short": (conversion(body, 900, length=len(body) - 30), body, False),
        "too long": (conversion(body, 900, length=len(body) + 400), body, False),
        "absurd": (conversion(body, 900, length=10 ** 19), body, False),
        "negative": (conversion(body, 900, length=-5), body, False),
        "no length": (conversion(body, 900).replace(b"Content-Length", b"Content-Width"), body,
                      False),
        "no trailer": (conversion(body, 900, trailer=b""), body, False),
        "short trailer": (conversion(body, 900, trailer=b"\r\n"), body, False),
        "garbage": (conversion(body, 900) + b"\x00garbage WARC/1.0 and\nmore of it\n", body, True),
        "long garbage": (conversion(body, 900) + b"x" * 700000 + b"\n", body, True),
        "no header end": (conversion(body, 900) + b"WARC/1.0\r\nWARC-Type: response\r\n", body,
                          True),
    }
    for count in (0, 1, 700):
        before = b"".join(conversion(words(i), i) for i in range(count))
        after = b"".join(conversion(words(1000 + i), 1000 + i) for i in range(count))
        expected = {f"urn:test:{i}": words(i) for i in [*range(count), *range(1000, 1000 + count)]}
        for name, (data, text, is_rejected) in damaged.items():
            path = write(folder, before + data + after)
            documents, rejected, odd = run(program, path, "--threads", "2")
            assert texts_of(documents) == {**expected, "urn:test:900": text}, (name, count)
            garbage = [(len(before) + len(conversion(body, 900)), "bytes that belong to no record")]
            assert rejected == garbage[:is_rejected], (name, count, rejected)
            length = [(len(before), "a record of another length than its header says")]
            has_length = is_rejected or "trailer" in name
            assert odd == length[has_length:], (name, count, odd)


def test_truncated_anywhere(program, folder):
    records = [conversion(words(i, 12), i) for i in range(3)]
    data = b"".join(records)
    for length in range(0, len(data), 7):
        documents, _, _ = run(program, write(folder, data[:length]), expect=(0, 3, 4))
        whole = sum(len(b"".join(records[:i + 1])) - 4 <= length for i in range(3))
        assert [texts_of(documents).get(f"urn:test:{i}") for i in range(whole)] == \
            [words(i, 12) for i in range(whole)], length


def test_a_truncated_member(program, folder):
    members = [gzip.compress(conversion(words(i), i)) for i in range(20)]
    data = b"".join(members)[:-30]
    documents, rejected, _ = run(program, write(folder, data, "cut.warc.gz"))
    texts = texts_of(documents)
    assert all(texts[f"urn:test:{i}"] == words(i) for i in range(19))
    assert any("truncated" in message for _, message in rejected), rejected


def test_threads_and_blocks_do_not_matter(program, folder):
    generator = random.Random(3)
    data = b""
    for number in range(1500):
        text = words(number // 2, generator.randrange(5, 400))
        length = generator.choice([None, None, None, 5, 3000, 2 * MIB, 10 ** 12])
        data += conversion(text, number, length=length)
        data += generator.choice([b"", b"", b"", b"junk\r\n"])
    results = []
    for threads, suffix in (("1", ""), ("3", ""), ("2", ".gz")):
        path = write(folder, gzip.compress(data, 1) if suffix else data, "many.warc" + suffix)
        results.append(run(program, path, "--threads", threads))
    assert len(results[0][0]) > 1200 and len(results[0][1]) > 100
    assert results[0] == results[1], "threads matter"
    assert results[0] == results[2], "compression matters"


def test_near_pages_are_verified_by_reading_again(program, folder):
    text = words(4, 300)
    data = b"".join(gzip.compress(response(gzip.compress(page(text + f" extra{i}")), i,
                                           http=["Content-Encoding: gzip"])) for i in range(5))
    path = write(folder, data, "near.warc.gz")
    documents, _, _ = run(program, path)
    kinds = [document["neardup"]["kind"] for document in documents]
    assert sorted(kinds) == ["near"] * 4 + ["none"], kinds
    out = subprocess.run([program, "explain", "urn:test:0", "urn:test:1", "--in", str(path)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    assert out.returncode == 0 and b"near" in out.stdout, (out.stdout, out.stderr)


def test_outputs(program, folder):
    data = b"".join(response(page(words(i // 2)), i) for i in range(6)) + b"garbage\n"
    path = write(folder, gzip.compress(data), "crawl.warc.gz")
    out = folder / "out"
    done = subprocess.run(
        [program, "dedup", "-q", str(path), *sum((["-o", f"{kind}:{out}.{kind}"] for kind in (
            "jsonl", "ids", "plan", "removed", "annotated", "tree")), [])],
        stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 3, done.stderr
    kept = [json.loads(line) for line in open(f"{out}.jsonl", encoding="utf-8")]
    ids = pathlib.Path(f"{out}.ids").read_text().split()
    assert len(ids) == 3 and [one["id"] for one in kept] == ids, (ids, kept)
    assert kept[0]["text"] == words(0) and kept[0]["title"] == "A title"
    removed = [json.loads(line) for line in open(f"{out}.removed", encoding="utf-8")]
    assert len(removed) == 3 and all(one["neardup"]["survivor"] in ids for one in removed)
    plan = open(f"{out}.plan", encoding="utf-8").read()
    assert all(one in plan for one in ids)
    files = [str(one.relative_to(f"{out}.tree")) for one in pathlib.Path(f"{out}.tree").rglob("*")]
    assert files == ["crawl.warc.jsonl.gz"], files
    with gzip.open(f"{out}.tree/{files[0]}", "rt", encoding="utf-8") as tree:
        assert [json.loads(line) for line in tree] == kept
    applied = subprocess.run([program, "apply", f"{out}.plan", "-o", "ids:-"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                             check=False)
    assert applied.stdout.decode().split() == ids, (applied.stdout, applied.stderr)


def bomb(size):
    """gzip data of `size` spaces, as many members so that it is made quickly."""
    member = gzip.compress(b" " * MIB, 9)
    return member * (size // MIB)


def test_bombs_take_no_memory(program, folder):
    """A gigabyte in a page, in a line and in a row: at most 64 MiB more than the limit."""
    limit = 8
    small = []
    run(program, write(folder, response(page("Small."), 1), "small.warc"), peak=small)
    one = zlib.compressobj(9, wbits=31)
    single = b"".join([one.compress(b" " * MIB) for _ in range(1024)]) + one.flush()
    inside = (response(page("Before."), 1) + response(single, 2, http=["Content-Encoding: gzip"]) +
              response(page("After."), 3))
    head = b'{"id": "before", "text": "x"}\n{"id": "bomb", "text": "'
    tail = b'"}\n{"id":"after","text":"y"}\n'
    line = gzip.compress(head) + bomb(1024 * MIB) + gzip.compress(tail)
    row = (gzip.compress(b'id,text\nbefore,x\nbomb,"') + bomb(1024 * MIB) +
           gzip.compress(b'"\nafter,y\n'))
    for name, data, ids in (("page.warc", inside, ["urn:test:1", "urn:test:3"]),
                            ("page.warc.gz", gzip.compress(inside), ["urn:test:1", "urn:test:3"]),
                            ("line.jsonl.gz", line, ["before", "after"]),
                            ("row.csv.gz", row, ["before"])):
        peak = []
        documents, rejected, _ = run(program, write(folder, data, name), "--max-record",
                                     f"{limit}M", "--threads", "2", "--temp-dir", str(folder),
                                     peak=peak)
        assert [one["id"] for one in documents][:len(ids)] == ids, (name, documents)
        assert any("more than" in message for _, message in rejected), (name, rejected)
        assert peak[0] < small[0] + limit + 64, f"{name}: {peak[0]:.0f} MiB, small {small[0]:.0f}"


def test_archives_of_warcio(program, folder):
    if WARCWriter is None:
        print("# warcio is not installed (pip install warcio): its archives are not tried")
        return
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for i in range(30):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        writer.write_record(writer.create_warc_record(
            f"http://example.org/{i}", "response", payload=io.BytesIO(page(words(i))),
            http_headers=head))
    documents, rejected, _ = run(program, write(folder, out.getvalue(), "warcio.warc.gz"))
    assert [one["text"] for one in documents] == [words(i) for i in range(30)] and rejected == []
    sums = {hashlib.sha1(page(words(i))).digest() for i in range(30)}
    assert len({one["digest"] for one in documents}) == len(sums)


def reads_pages(program):
    """Whether this build reads what the archives here hold: web pages, and gzip."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "page.html"
        path.write_text("<p>one</p>", encoding="utf-8")
        zipped = pathlib.Path(folder) / "line.jsonl.gz"
        zipped.write_bytes(gzip.compress(b'{"text":"a"}\n'))
        return all(subprocess.run([program, "dedup", "--quiet", str(one), "-o", "ids:-"],
                                  capture_output=True, check=False).returncode == 0
                   for one in (path, zipped))


def main(program):
    if not reads_pages(program):
        print("skip - archives: this build lacks libgumbo or zlib")
        return 0
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - archives: {name[5:].replace('_', ' ')}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"not ok - archives: {name[5:].replace('_', ' ')}\n# {problem}", flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
