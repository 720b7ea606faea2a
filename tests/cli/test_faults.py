#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Faults of the system end a run with status 4 and nothing written; what a folder holds and cannot
be read is named and left out, status 3.

usage: test_faults.py NEARDUP
"""
import gzip
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import zipfile

NOBODY = 65534
SECONDS_MAX = 60
OLD = "old\n"
TEXTS = [f"the {word} text of this corpus tells of a {word} and of what it saw that year"
         for word in ("first", "second", "third")]
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, a nikdo ho neslyšel. " * 8
UNREADABLE = "/proc/self/mem"  # opens, and every read at its beginning fails


def make_corpus(folder):
    root = pathlib.Path(folder) / "in"
    root.mkdir()
    for number, text in enumerate(TEXTS):
        (root / f"{number}.txt").write_text(text)
    return root


def make_kinds(folder):
    """One of each kind that a library decodes."""
    root = make_corpus(folder)
    lines = "".join(json.dumps({"id": str(i), "text": f"{word} " * 30}) + "\n"
                    for i, word in enumerate(("some", "other", "words")))
    (root / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (root / "page.html").write_bytes(
        b'<meta charset="iso-8859-2"><p>' + CZECH.encode("iso-8859-2") + b"</p>")
    with zipfile.ZipFile(root / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", "what is inside an archive " * 40)
    return root


def run(program, words, folder, limit=None, user=None, **variables):
    """(status, messages)"""
    def prepare():
        if limit is not None:
            resource.setrlimit(limit[0], (limit[1], limit[1]))
        if user is not None:
            os.setuid(user)

    done = subprocess.run([program, *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS_MAX,
                          preexec_fn=prepare, env={"PATH": os.environ["PATH"], **variables})
    return done.returncode, done.stdout.decode("utf-8", "replace")


OUTPUTS = ("-o", "jsonl:kept.jsonl", "-o", "ids:kept.txt", "--force")


def outputs(folder):
    return {path.name: path.read_text() for path in pathlib.Path(folder).iterdir()
            if path.is_file()}


def begin(folder):
    (pathlib.Path(folder) / "kept.jsonl").write_text(OLD)
    os.chmod(folder, 0o777)


def assert_failed(status, said, folder, *words):
    assert status == 4, (status, said)
    assert outputs(folder) == {"kept.jsonl": OLD}, outputs(folder)
    for word in words:
        assert word in said, (word, said)


def named_input_unreadable(program, folder):
    begin(folder)
    root = make_corpus(folder)
    for name in ("x.txt", "x.jsonl", "x.html"):
        link = pathlib.Path(folder) / "in" / name
        link.symlink_to(UNREADABLE)
        assert_failed(*run(program, ["dedup", root / "0.txt", link, *OUTPUTS], folder), folder,
                      "cannot read", "Input/output error")
        link.unlink()


def found_input_unreadable(program, folder):
    root = make_corpus(folder)
    for name in ("x.txt", "x.jsonl", "x.html"):
        begin(folder)
        (root / name).symlink_to(UNREADABLE)
        status, said = run(program, ["dedup", root, *OUTPUTS], folder)
        assert status == 3 and f"in/{name}" in said, (status, said)
        assert outputs(folder)["kept.txt"] == "0.txt\n1.txt\n2.txt\n"
        (root / name).unlink()


def named_input_denied(program, folder):
    begin(folder)
    root = make_corpus(folder)
    closed = root / "closed"
    closed.mkdir()
    (closed / "x.txt").write_text(TEXTS[0])
    os.chmod(root / "0.txt", 0)
    os.chmod(closed, 0)
    user = NOBODY if os.geteuid() == 0 else None
    if not os.access(program, os.X_OK) or run(program, ["--version"], "/", user=user)[0] != 0:
        return "skipped: the program is not for all"
    for name in (root / "0.txt", closed):
        assert_failed(*run(program, ["dedup", name, root / "1.txt", *OUTPUTS], folder, user=user),
                      folder, "Permission denied", name.name)
    status, said = run(program, ["dedup", root, *OUTPUTS], folder, user=user)
    assert status == 4 or (status == 3 and "0.txt" in said and "closed" in said), (status, said)
    return None


def temporary_folder_missing(program, folder):
    begin(folder)
    root = make_kinds(folder)
    packed = pathlib.Path(folder) / "in" / "c.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(root / "a.jsonl.gz", "inside.jsonl.gz")
    missing = ("--temp-dir", "/nonexistent")
    with gzip.open(root / "copies.jsonl.gz", "wt") as lines:
        for number in range(2):
            lines.write(json.dumps({"id": str(number), "text": f"{CZECH} {number}"}) + "\n")
    for name in ("copies.jsonl.gz", "b.zip", "c.zip"):
        assert_failed(*run(program, ["dedup", root / name, *missing, *OUTPUTS], folder), folder,
                      "/nonexistent")
    assert_failed(*run(program, ["dedup", "-", *OUTPUTS], folder, TMPDIR="/nonexistent"), folder,
                  "/nonexistent")


def make_whole(program, folder):
    """The inputs, and the outputs of a run in which all is well."""
    root = make_kinds(folder)
    begin(folder)
    assert run(program, ["dedup", root, *OUTPUTS], folder)[0] == 0
    whole = outputs(folder)
    assert len(whole["kept.txt"].splitlines()) == 8 and CZECH.strip() in whole["kept.jsonl"], whole
    (pathlib.Path(folder) / "kept.txt").unlink()
    return root, whole


def few_descriptors(program, folder):
    """However few there are, the run is whole or nothing was written."""
    root, whole = make_whole(program, folder)
    statuses = set()
    for count in range(3, 24):
        begin(folder)
        status, said = run(program, ["dedup", root, *OUTPUTS], folder,
                           limit=(resource.RLIMIT_NOFILE, count))
        statuses.add(status)
        if status == 127:  # the program's own libraries
            continue
        if status != 0:
            assert_failed(status, said, folder)
            continue
        assert outputs(folder) == whole, outputs(folder)
        (pathlib.Path(folder) / "kept.txt").unlink()
    assert {0, 4} <= statuses, statuses


def little_memory(program, folder):
    """However little there is, the run is whole or nothing was written."""
    root, whole = make_whole(program, folder)
    statuses = set()
    for kilobytes in range(8_000, 120_000, 600):
        begin(folder)
        status, said = run(program, ["dedup", root, "-j", "1", *OUTPUTS], folder,
                           limit=(resource.RLIMIT_AS, kilobytes << 10))
        statuses.add(status)
        if status == 127 or "loading shared libraries" in said:
            continue
        if status != 0:
            assert_failed(status, said, folder, "emory")
            continue
        assert outputs(folder) == whole, outputs(folder)
        (pathlib.Path(folder) / "kept.txt").unlink()
    assert {0, 4} <= statuses, statuses


CASES = [named_input_unreadable, found_input_unreadable, named_input_denied,
         temporary_folder_missing, few_descriptors, little_memory]


def main():
    program = os.path.abspath(sys.argv[1])
    failures = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                skipped = case(program, folder)
                print(f"ok - {case.__name__}{' # ' + skipped if skipped else ''}", flush=True)
            except AssertionError as failure:
                failures += 1
                print(f"not ok - {case.__name__}: {failure}", flush=True)
    print(f"{failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
