#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stream of articles through a real pipe, killed in the middle, and beside a batch.

usage: test_story_stream.py NEARDUP
"""
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile

SETS = ("ecbplus", "fnc1-train")  # of NEARDUP_DATA
WORDS = [f"word{i}" for i in range(3000)]


class Failure(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Failure(what)


def articles(count, seed=1):
    """Events of names of their own, reported some times, and now and then copied."""
    chance = random.Random(seed)
    events = [[f"name{event}x{i}" for i in range(40)] for event in range(count // 6 + 1)]
    made = []
    for i in range(count):
        words = chance.choices(WORDS, k=80) + chance.sample(events[i // 6], 25)
        chance.shuffle(words)
        text = " ".join(words)
        if i % 6 == 5:
            text = made[-2]["text"] + " and more of it"
        made.append({"id": f"a{i}", "source": f"paper {i % 4}", "text": text, "title": f"title {i}",
                     "date": f"2020-{1 + i // 120:02}-{1 + i // 4 % 28:02}"})
    return sorted(made, key=lambda one: (one["date"], one["id"]))


class Stream:
    """The program, with pipes at both ends."""

    def __init__(self, program, state):
        self.process = subprocess.Popen(
            [program, "group", "--stream", "--state", state, "--quiet", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ask(self, article):
        """The answer comes before anything else is written."""
        self.process.stdin.write(json.dumps(article) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        rest, errors = self.process.communicate()
        expect(self.process.returncode == 0 and not rest, f"ends with {errors}")


def answers_of(program, state, made):
    stream = Stream(program, state)
    answers = [stream.ask(article) for article in made]
    stream.close()
    return answers


def test_conversation(program, folder):
    made = articles(90)
    answers = answers_of(program, folder / "state", made)
    expect([answer["id"] for answer in answers] == [article["id"] for article in made], "ids")
    expect(any(answer["role"] != "first" for answer in answers), "copies are told")
    expect(any(answer["decision"] == "joins" and answer["role"] == "first" for answer in answers),
           "stories are told")
    stream = Stream(program, folder / "state")
    expect("error" in stream.ask({"text": "without an id"}), "a record without id has an error")
    expect(stream.ask(made[-1])["again"], "what comes again is known")
    expect(stream.process.stdin.close() is None and stream.process.wait() == 3, "exit 3")


def test_kill(program, folder):
    """What was answered is there; what was not may come again."""
    made = articles(240, 2)
    expected = answers_of(program, folder / "whole", made)
    chance = random.Random(3)
    answers, at = [], 0
    while at < len(made):
        stream = Stream(program, folder / "killed")
        until = min(len(made), at + chance.randrange(1, 60))
        for article in made[at:until]:
            answers.append(stream.ask(article))
        if until < len(made) and chance.random() < .5:  # a record whose answer nobody reads
            stream.process.stdin.write(json.dumps(made[until]) + "\n")
            stream.process.stdin.flush()
        stream.process.send_signal(signal.SIGKILL)
        stream.process.communicate()
        at = until
    for answer in answers:
        answer.pop("again", None)
    expect(answers == expected, "killed and uninterrupted streams differ")


def test_torn_record(program, folder):
    made = articles(60, 4)
    expected = answers_of(program, folder / "whole", made)
    stream = Stream(program, folder / "torn")
    answers = [stream.ask(article) for article in made[:40]]
    stream.process.kill()
    stream.process.communicate()
    log = next((folder / "torn").glob("records-*"))
    with open(log, "r+b") as file:
        file.truncate(log.stat().st_size - 7)
    answers = answers[:39] + answers_of(program, folder / "torn", made[39:])
    expect(answers == expected, "a torn record is asked for again")
    damaged = bytearray(log.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    log.write_bytes(damaged)
    state = folder / "torn" / "state"
    state.unlink()  # all is read again
    done = subprocess.run([program, "group", "--stream", "--state", folder / "torn", "-"],
                          input="", capture_output=True, text=True)
    expect(done.returncode == 4 and "damaged" in done.stderr, f"damage is told: {done.stderr}")


def test_two_at_once(program, folder):
    stream = Stream(program, folder / "state")
    stream.ask(articles(1)[0])
    done = subprocess.run([program, "group", "--stream", "--state", folder / "state", "-"],
                          input="", capture_output=True, text=True)
    expect(done.returncode == 4 and "another process" in done.stderr, done.stderr)
    stream.close()


def test_batch(program, folder):
    """Copies are those of a batch of the same order, but for forms that were none yet."""
    data = os.environ.get("NEARDUP_DATA")
    if not data:
        print("NEARDUP_DATA is not set: streams are not compared with batches of real articles")
        return
    for name in SETS:
        given = pathlib.Path(data) / name / "docs.jsonl.zst"
        text = subprocess.run(["zstd", "-dc", given], check=True, capture_output=True).stdout
        made = sorted(map(json.loads, text.splitlines()), key=lambda one: one["id"])
        for article in made:
            article.pop("date", None)
        (folder / "docs.jsonl").write_text("".join(json.dumps(one) + "\n" for one in made))
        subprocess.run([program, "group", folder / "docs.jsonl", "--quiet", "--force",
                        "-o", f"csv:{folder / 'batch.csv'}"], check=True)
        done = subprocess.run([program, "group", "--stream", "--state", folder / name, "--quiet",
                               folder / "docs.jsonl"], check=True, capture_output=True, text=True)
        answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}
        with open(folder / "batch.csv", encoding="utf-8", newline="") as rows:
            batch = {row["id"]: row for row in csv.DictReader(rows)}
        other = [one for one, row in batch.items()
                 if (answers[one]["role"], answers[one].get("of", one)) != (row["role"], row["of"])]
        expect(len(batch) == len(answers) and len(other) <= len(batch) / 500,
               f"{name}: {len(other)} of {len(batch)} are others than in a batch: {other[:5]}")


def main(program):
    failures = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        folder = pathlib.Path(tempfile.mkdtemp(prefix="neardup-stream-"))
        try:
            test(str(program), folder)
        except Failure as failure:
            failures += 1
            print(f"{name}: {failure}", file=sys.stderr)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
