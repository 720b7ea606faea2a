#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compressed files, feeds, archives, subtitles and mail as input.

usage: test_containers.py NEARDUP
"""
import bz2
import json
import lzma
import pathlib
import random
import subprocess
import sys
import tempfile


class Missing(Exception):
    """This build was made without a library."""


def words(seed, count=60):
    generator = random.Random(seed)
    return " ".join(f"w{generator.randrange(9973)}" for _ in range(count))


def lines(numbers):
    return "".join(json.dumps({"id": f"n{i}", "text": words(i)}) + "\n" for i in numbers).encode()


def run(program, folder, *arguments, expect=(0,)):
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    said = done.stderr.decode()
    if "this build" in said:
        raise Missing(said.strip())
    assert done.returncode in expect, f"{arguments}: status {done.returncode}: {said}"
    return done.stdout.decode(), said


def read(program, folder, *inputs, expect=(0,)):
    """The documents as neardup reads them, and what it says about them."""
    out, said = run(program, folder, "dedup", "--progress", "never", *inputs, "-o", "annotated:-",
                    expect=expect)
    return [json.loads(line) for line in out.splitlines()], said


def test_xz_and_bzip2_are_read_and_written(program, folder):
    data = lines(range(40))
    for suffix, library in (("xz", lzma), ("bz2", bz2)):
        half = len(lines(range(20)))
        packed = library.compress(data[:half]) + library.compress(data[half:])
        (folder / f"in.jsonl.{suffix}").write_bytes(packed)
        run(program, folder, "dedup", "-q", f"in.jsonl.{suffix}", "-o", f"jsonl:out.jsonl.{suffix}")
        assert library.decompress((folder / f"out.jsonl.{suffix}").read_bytes()) == data
        run(program, folder, "dedup", "-q", f"in.jsonl.{suffix}", "-o", "tree:tree")
        kept = folder / "tree" / f"in.jsonl.{suffix}"
        assert library.decompress(kept.read_bytes()) == data
        kept.unlink()
        kept.parent.rmdir()


def test_lz4_is_read_as_it_was_written(program, folder):
    data = lines(range(40))
    (folder / "in.jsonl").write_bytes(data)
    run(program, folder, "dedup", "-q", "in.jsonl", "-o", "jsonl:packed.jsonl.lz4")
    packed = (folder / "packed.jsonl.lz4").read_bytes()
    assert packed[:4] == b"\x04\x22\x4d\x18" and packed != data
    run(program, folder, "dedup", "-q", "packed.jsonl.lz4", "-o", "jsonl:out.jsonl")
    assert (folder / "out.jsonl").read_bytes() == data


def test_what_comes_before_a_truncation_counts(program, folder):
    for suffix, library in (("xz", lzma), ("bz2", bz2)):
        packed = library.compress(lines(range(20))) + library.compress(lines(range(20, 40)))
        (folder / f"cut.jsonl.{suffix}").write_bytes(packed[:-40])
        documents, said = read(program, folder, f"cut.jsonl.{suffix}", expect=(3,))
        assert 20 <= len(documents) <= 40, len(documents)
        assert "truncated" in said, said


def main(program):
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        told = f"containers: {name[5:].replace('_', ' ')}"
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - {told}", flush=True)
            except Missing as missing:
                print(f"skip - {told}: {missing}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"not ok - {told}\n# {problem}", flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
