#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens the index that an earlier version made, and makes the same one anew.

usage: test_golden_index.py PROGRAM
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"


def run(*words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, (words, done.returncode, done.stderr)
    return done


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def check_answers(index):
    """The answers of a copy, which must be those of then."""
    done = run("check", "--index", index, "--as", "json", "--matches", "3", "--quiet",
               GOLDEN / "questions.jsonl")
    found = lines(done.stdout)
    wanted = lines((GOLDEN / "answers.jsonl").read_text(encoding="utf-8"))
    assert len(found) == len(wanted) > 300
    for one, other in zip(found, wanted):
        assert one == other, (one, other)
    kinds = {(answer["match"] or {}).get("kind") for answer in found}
    assert {"identical", "normalized", "near", "contained", None} == kinds, kinds
    run("index", "verify", index)
    return f"{len(found)} answers"


def test_golden_index__answers_as_it_did(folder):
    index = folder / "index"
    shutil.copytree(GOLDEN / "index", index)
    return check_answers(index)


def test_golden_index__needs_no_keys(folder):
    index = folder / "index"
    shutil.copytree(GOLDEN / "index", index)
    shutil.rmtree(index / "keys")
    (index / "keys").mkdir()
    return check_answers(index)


def of_texts(dump):
    """What a dump has of each text, without when it was added."""
    found = {}
    for line in dump[1:]:
        found[line["id"]] = {name: value for name, value in line.items() if name != "added"}
    return dump[0], found


def test_golden_index__is_made_the_same_again(folder):
    index = folder / "index"
    run("index", "build", "--rule", "either", index, GOLDEN / "documents.jsonl")
    head, found = of_texts(lines(run("index", "dump", index).stdout))
    old_head, wanted = of_texts(lines((GOLDEN / "dump.jsonl").read_text(encoding="utf-8")))
    head.pop("neardup_version")
    old_head.pop("neardup_version")
    assert head == old_head, (head, old_head)
    assert found == wanted, [name for name in wanted if found.get(name) != wanted[name]][:5]
    return f"{len(found)} documents"


def main():
    probe = subprocess.run([program, "index", "stat", GOLDEN / "none"], capture_output=True,
                           text=True, timeout=100)
    if "without SQLite" in probe.stderr:
        print("ok - skipped: this build has no indexes")
        return
    for name, check in sorted(globals().items()):
        if name.startswith("test_"):
            with tempfile.TemporaryDirectory() as folder:
                print(f"ok - {name}: {check(pathlib.Path(folder))}", flush=True)


if __name__ == "__main__":
    program = str(pathlib.Path(sys.argv[1]).resolve())
    main()
