#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that are decoded again in every pass: the same answer as of plain
ones, and no copy of them.

usage: test_no_copy.py NEARDUP [TEST...]
"""
import bz2
import gzip
import json
import lzma
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

NOTICE = "read once more"


class Missing(Exception):
    """This build or this machine lacks something."""


def words(rng, count):
    return [f"w{rng.randrange(5000)}" for _ in range(count)]


def texts(count, seed):
    """Of every ten: two near copies, a copy, one in other letters, one without words."""
    rng = random.Random(seed)
    made = []
    for i in range(count):
        base = words(rng, 30 + i % 50)
        if i % 10 == 3 and i > 10:
            made.append(made[i - 3])
        elif i % 10 == 5 and i > 10:
            made.append(made[i - 4].upper())
        elif i % 10 in (6, 7) and i > 20:
            near = made[rng.randrange(i - 15, i - 8)].split()
            near[len(near) // 2] = f"edited{i}"
            made.append(" ".join(near))
        elif i % 10 == 8:
            made.append("-- ** --" if i % 20 == 8 else f"?! {'.' * (i % 7)}")
        else:
            made.append(" ".join(base) + " Größe, señor, ½")
    return made


def records(count=1000, seed=1, first=0):
    return [{"id": f"d{first + i}", "text": text} for i, text in enumerate(texts(count, seed))]


def lines(docs):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in docs).encode()


def run(program, folder, *arguments, expect=(0,), **options):
    done = subprocess.run([program, *map(str, arguments)], cwd=folder, capture_output=True,
                          check=False, **options)
    said = done.stderr.decode()
    if "this build" in said:
        raise Missing(said.splitlines()[0])
    assert done.returncode in expect, f"{arguments}: status {done.returncode}: {said}"
    return done.stdout, said


def need_gzip(program, folder):
    (folder / "probe.jsonl.gz").write_bytes(gzip.compress(b'{"text":"a probe"}\n'))
    run(program, folder, "dedup", "probe.jsonl.gz", "-q", "-o", "ids:probe.ids", expect=(0, 3, 4))


def tool(name, data):
    """What a packer makes of the bytes."""
    if shutil.which(name) is None:
        raise Missing(name)
    return subprocess.run([name, "-qc"], input=data, capture_output=True, check=True).stdout


def frames(pack, data, size):
    """Parts of `size` bytes, each packed alone; records go on from one to the next."""
    return b"".join(pack(data[at:at + size]) for at in range(0, len(data), size))


def settle(name, output):
    """An output without what tells of files: their names and bytes, and places in them."""
    if name == "plan":
        output = re.sub(rb'"(path|inputs|files|corpus)":("[^"]*"|\[[^]]*\])', b"", output)
        output = re.sub(rb'"(bytes|offset|line|size|input_bytes)":\d+', b"", output)
    return re.sub(rb"[\w./-]*\b[ab][\w-]*\.(jsonl|json|csv|warc|txt|mbox)(\.\w+)*", b"FILE", output)


def answers(program, folder, *inputs, arguments=(), outputs=("ids", "plan", "jsonl", "annotated"),
            **options):
    """What the run says of the inputs in all outputs, and its messages."""
    named = []
    for name in outputs:
        (folder / f"out.{name}").unlink(missing_ok=True)
        named += ["-o", f"{name}:out.{name}"]
    _, said = run(program, folder, "dedup", *inputs, "-f", "--progress", "never", *named,
                  *arguments, **options)
    return {name: settle(name, (folder / f"out.{name}").read_bytes()) for name in outputs}, said


def check_same(got, expected, what):
    for name, output in expected.items():
        if got[name] != output:
            pairs = zip(output.split(b"\n"), got[name].split(b"\n"))
            differ = next((pair for pair in pairs if pair[0] != pair[1]), ("lengths", ""))
            raise AssertionError(f"{what}: {name} differs: {differ[0][:300]} / {differ[1][:300]}")


def packers():
    """Pairs: all at once, and in parts that can be decoded alone."""
    for suffix, pack in (("gz", lambda data: gzip.compress(data, 1)),
                         ("bz2", lambda data: bz2.compress(data, 1)),
                         ("xz", lambda data: lzma.compress(data, preset=0)),
                         ("zst", lambda data: tool("zstd", data)),
                         ("lz4", lambda data: tool("lz4", data))):
        if suffix not in ("zst", "lz4") or shutil.which({"zst": "zstd"}.get(suffix, suffix)):
            yield suffix, pack
            yield suffix, lambda data, pack=pack: frames(pack, data, 80000)


OPTIONS = {
    "": (),
    "one thread": ("-j1",),
    "all pairs": ("--cluster", "components"),
    "contained": ("--rule", "either"),
    "exact": ("--exact",),
    "longest": ("--keep", "longest"),
}


def test_compressed_records_are_decided_like_plain_ones(program, folder):
    data = lines(records())
    (folder / "a.jsonl").write_bytes(data)
    for what, arguments in OPTIONS.items():
        expected, said = answers(program, folder, "a.jsonl", arguments=arguments)
        assert NOTICE not in said, said
        for number, (suffix, pack) in enumerate(packers()):
            if what and number not in (0, 1):
                continue
            name = f"b.jsonl.{suffix}"
            (folder / name).write_bytes(pack(data))
            try:
                got, said = answers(program, folder, name, arguments=arguments)
            except Missing:
                continue
            check_same(got, expected, f"{suffix} {number} {what}")
            assert NOTICE in said, said


def test_files_of_all_kinds_together(program, folder):
    """The same records in turn out of plain files, packed ones, an archive and a pipe."""
    parts = [records(300, seed, 1000 * seed) for seed in range(5)]
    for i, part in enumerate(parts):
        part[0]["text"] = parts[0][0]["text"]  # a copy across files
        (folder / f"a{i}.jsonl").write_bytes(lines(part))
    expected, _ = answers(program, folder, *(f"a{i}.jsonl" for i in range(5)))
    (folder / "b1.jsonl.gz").write_bytes(gzip.compress(lines(parts[1])))
    (folder / "b2.jsonl.xz").write_bytes(lzma.compress(lines(parts[2])))
    with zipfile.ZipFile(folder / "b3.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b3.jsonl", lines(parts[3]))
    os.mkfifo(folder / "b4.pipe.jsonl")
    for threads in ("-j1", "-j2"):
        with subprocess.Popen(["sh", "-c", "cat a4.jsonl > b4.pipe.jsonl"], cwd=folder) as writer:
            got, _ = answers(program, folder, "a0.jsonl", "b1.jsonl.gz", "b2.jsonl.xz", "b3.zip",
                             "b4.pipe.jsonl", arguments=(threads,), outputs=("ids", "jsonl"))
            writer.wait()
        check_same(got, {name: expected[name] for name in ("ids", "jsonl")}, threads)


def test_archives_are_decided_like_their_members(program, folder):
    parts = [records(300, seed, 1000 * seed) for seed in range(3)]
    for i, part in enumerate(parts):
        (folder / f"a{i}.jsonl").write_bytes(lines(part))
    expected, _ = answers(program, folder, *(f"a{i}.jsonl" for i in range(3)),
                          outputs=("ids", "jsonl"))
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.write(folder / f"a{i}.jsonl", f"a{i}.jsonl")
    for suffix in ("", ".gz", ".xz"):
        with tarfile.open(folder / f"all.tar{suffix}", f"w:{suffix[1:]}") as archive:
            for i in range(3):
                archive.add(folder / f"a{i}.jsonl", f"a{i}.jsonl")
    for name in ("all.zip", "all.tar", "all.tar.gz", "all.tar.xz"):
        got, _ = answers(program, folder, name, outputs=("ids", "jsonl"))
        check_same(got, expected, name)


def test_few_texts_are_decoded_where_they_are(program, folder):
    """Frames without a text that is compared are passed over, and the answer is the same."""
    rng = random.Random(9)
    docs = [{"id": f"d{i}", "text": " ".join(words(rng, 100))} for i in range(6000)]
    for i in (2000, 3500, 5900):
        docs[i]["text"] = docs[i - 1000]["text"] + " once more"
    docs[4000]["text"] = docs[500]["text"].upper()
    data = lines(docs)
    (folder / "a.jsonl").write_bytes(data)
    expected, _ = answers(program, folder, "a.jsonl")
    assert expected["ids"].count(b"\n") == 5996
    for number, (suffix, pack) in enumerate(packers()):
        (folder / f"b.jsonl.{suffix}").write_bytes(pack(data))
        for arguments in ((), ("-j1",), ("--memory", "64M"))[:1 if number > 1 else 3]:
            try:
                got, said = answers(program, folder, f"b.jsonl.{suffix}", arguments=arguments)
            except Missing:
                continue
            check_same(got, expected, f"{suffix} {number} {arguments}")
            read = re.search(r"(\d+) of them only .*\((\d+) bytes in all", said)
            assert int(read.group(1)) == number % 2, said
            most = len(data) // 5 if number % 2 else len(data)
            assert int(read.group(2)) <= most, said


def warc_record(number, text):
    body = f"<html><head><title>t{number}</title></head><body><p>{text}</p></body></html>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    return (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:test:{number}>\r\n"
            f"WARC-Target-URI: http://h.example/{number}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n").encode() + http + b"\r\n\r\n"


def test_web_archives_with_a_member_a_record(program, folder):
    made = [warc_record(i, text) for i, text in enumerate(texts(600, 2))]
    (folder / "a.warc").write_bytes(b"".join(made))
    expected, _ = answers(program, folder, "a.warc")
    for members in (made, [b"".join(made)]):
        (folder / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, members)))
        got, said = answers(program, folder, "b.warc.gz")
        check_same(got, expected, f"{len(members)} members")
        assert NOTICE in said, said


def test_tables_and_recoded_files(program, folder):
    docs = records(800, 3)
    table = "id,text\r\n" + "".join(f"{one['id']},\"{one['text']}\"\r\n" for one in docs)
    (folder / "a.csv").write_text(table, encoding="utf-8")
    expected, _ = answers(program, folder, "a.csv", outputs=("ids", "jsonl"))
    for encoding in ("utf-16", "utf-16-be", "cp1252"):
        data = table.encode(encoding)
        if encoding == "utf-16-be":
            data = b"\xFE\xFF" + data
        more = ("--encoding", "windows-1252") if encoding == "cp1252" else ()
        for suffix, pack in (("", bytes), (".gz", gzip.compress)):
            (folder / f"b.csv{suffix}").write_bytes(pack(data))
            got, said = answers(program, folder, f"b.csv{suffix}", arguments=more,
                                outputs=("ids", "jsonl"))
            check_same(got, expected, encoding + suffix)
            assert NOTICE in said, said


def test_explain_reads_what_dedup_read(program, folder):
    docs = records(60, 5)
    docs[40]["text"] = docs[1]["text"] + " and more"
    (folder / "a.jsonl").write_bytes(lines(docs))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines(docs)))
    plain = run(program, folder, "explain", "d1", "d40", "--in", "a.jsonl")
    packed = run(program, folder, "explain", "d1", "d40", "--in", "b.jsonl.gz")
    assert b"w" in plain[0]
    assert settle("", plain[0]) == settle("", packed[0]), packed


def copies(process):
    """Bytes in unnamed files that the process has open."""
    total = 0
    base = pathlib.Path(f"/proc/{process.pid}/fd")
    try:
        for entry in base.iterdir():
            if os.readlink(entry).endswith("(deleted)"):
                total += entry.stat().st_blocks * 512
    except OSError:
        pass
    return total


def peak_of_copies(program, folder, *arguments):
    with subprocess.Popen([program, "dedup", *map(str, arguments), "-q", "-f", "--temp-dir", folder,
                           "-o", "ids:out.ids"], cwd=folder) as process:
        most = 0
        while process.poll() is None:
            most = max(most, copies(process))
            time.sleep(.002)
        assert process.returncode == 0
    return most


def test_what_is_not_compared_is_not_copied(program, folder):
    if not sys.platform.startswith("linux"):
        raise Missing("/proc")
    need_gzip(program, folder)
    rng = random.Random(6)
    docs = [{"id": str(i), "text": " ".join(words(rng, 150))} for i in range(20000)]
    for i in range(0, 2000, 10):
        docs[i + 10000]["text"] = docs[i]["text"] + " once more"
    data = lines(docs)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(data, 1))
    most = peak_of_copies(program, folder, "a.jsonl.gz")
    assert most < len(data) / 10, f"{most} of {len(data)} bytes"
    most = peak_of_copies(program, folder, "a.jsonl.gz", "--memory", "64M")
    assert most < len(data), f"{most} of {len(data)} bytes"
    run(program, folder, "dedup", "a.jsonl.gz", "-q", "-f", "--max-temp", len(data) // 10,
        "-o", "ids:out.ids")


def test_many_inputs_take_no_more_of_the_disk(program, folder):
    """One file under twenty names: its texts are the same each time, and copied once."""
    rng = random.Random(4)
    docs = [{"id": str(i), "text": " ".join(words(rng, 150))} for i in range(3000)]
    for i in range(0, 1000, 2):
        docs[i + 2000]["text"] = docs[i]["text"] + " once more"
    for i in range(20):
        (folder / f"a{i:02}.jsonl.gz").write_bytes(gzip.compress(lines(docs), 1))
        os.symlink(f"a{i:02}.jsonl.gz", folder / f"link{i:02}.jsonl.gz")
    inputs = sorted(folder.glob("a*.gz"))
    once, _ = answers(program, folder, inputs[0], outputs=("jsonl",))
    for names in (inputs, sorted(folder.glob("link*.gz"))):
        many, _ = answers(program, folder, *names, outputs=("jsonl",))
        check_same(many, once, names[0].name)
    if sys.platform.startswith("linux"):
        most = peak_of_copies(program, folder, *inputs)
        assert most < 2 * len(lines(docs)), f"{most} of {len(lines(docs))} bytes"


def test_a_file_that_changes_meanwhile_is_named(program, folder):
    """The second input is a pipe, which is read behind the first; that changes then."""
    need_gzip(program, folder)
    data = lines(records(1500, 7))
    long = lines([{"id": f"p{i}", "text": " ".join(words(random.Random(i), 300))}
                  for i in range(2000)])
    changes = {
        "longer": lambda old: old + gzip.compress(b'{"id":"new","text":"one more"}\n'),
        "shorter": lambda old: old[:len(old) // 2],
        "another": lambda old: gzip.compress(lines(records(1500, 8))),
        "gone": None,
    }
    os.mkfifo(folder / "pipe.jsonl")
    for what, change in changes.items():
        path = folder / "a.jsonl.gz"
        path.write_bytes(gzip.compress(data))
        os.utime(path, (1, 1))
        with subprocess.Popen([program, "dedup", "a.jsonl.gz", "pipe.jsonl", "-q", "-f", "-o",
                               "ids:out.ids"], cwd=folder, stderr=subprocess.PIPE) as process:
            with (folder / "pipe.jsonl").open("wb", buffering=0) as pipe:
                pipe.write(long)  # a pipe holds less, so most has been read behind this
                path.unlink()
                if change is not None:
                    path.write_bytes(change(gzip.compress(data)))
                pipe.write(b'{"id":"last","text":"the last one"}\n')
            said = process.communicate()[1].decode()
        assert process.returncode == 4, (what, process.returncode, said)
        assert "a.jsonl.gz" in said, (what, said)
        assert change is None or "changed while it was being read" in said, (what, said)
        assert not (folder / "out.ids").exists(), what


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
            except Missing as lack:
                print("ok -", name, "# skipped:", lack, flush=True)
            except AssertionError as problem:
                failed += 1
                print("not ok -", name, problem, flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
