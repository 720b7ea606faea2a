#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An index asked through a real pipe, by several programs, and while another one holds it.

usage: test_index_pipe.py NEARDUP
"""
import fcntl
import json
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile

SECONDS_MOST = 60
WORDS = [f"word{i}" for i in range(5000)]


class Failure(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Failure(what)


def text_of(seed, length=150):
    return " ".join(random.Random(seed).choices(WORDS, k=length))


class Index:
    """An empty index in a folder of its own."""

    def __init__(self, program):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="neardup-pipe-"))
        self.path = str(self.folder / "seen")
        self.run("index", "create", self.path)

    def run(self, *arguments, status=0, stdin=""):
        done = subprocess.run([self.program, *arguments], input=stdin, capture_output=True,
                              text=True, timeout=SECONDS_MOST, check=False)
        expect(done.returncode == status, f"{arguments}: status {done.returncode}\n{done.stderr}")
        return done

    def pipe(self, *arguments):
        return Pipe([self.program, "check", "--index", self.path, *arguments, "-"])

    def documents(self):
        return json.loads(self.run("index", "stat", self.path, "--json").stdout)["documents"]

    def remove(self):
        shutil.rmtree(self.folder)


class Pipe:
    """Writes a line, and waits for its answer before the next."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.rest = b""

    def read_line(self):
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], SECONDS_MOST)
            expect(ready, "no answer")
            more = os.read(self.process.stdout.fileno(), 65536)
            expect(more, "the answers ended")
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def ask(self, record):
        self.write(record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n")
        return self.read_line()

    def end(self, status=0):
        self.process.stdin.close()
        self.process.stdout.close()
        said = self.process.stderr.read().decode()
        self.process.stderr.close()
        self.process.wait(SECONDS_MOST)
        expect(self.process.returncode == status, f"status {self.process.returncode}: {said}")
        return said


def each_record_is_answered_before_the_next(index):
    pipe = index.pipe("--add")
    for number in range(20):
        answer = pipe.ask({"id": f"n{number}", "text": text_of(number % 10)})
        expect(answer["id"] == f"n{number}", answer)
        expect(answer["decision"] == ("new" if number < 10 else "known"), answer)
        expect(answer["added"] == (number < 10), answer)
        if number >= 10:
            expect(answer["match"]["id"] == f"n{number - 10}", answer)
    pipe.end()
    expect(index.documents() == 10, "ten are new")


def bad_lines_are_answered_too(index):
    pipe = index.pipe()
    for line, part in ((b"\n", "empty"), (b"{\n", "expected"), (b"[1]\n", "expected an object"),
                       (b'{"id":"x"}\n', "no field"), (b'{"text":{}}\n', "field 'text'"),
                       (b'\xff\xfe\n', "expected"), (b'{"text":"\xff"}\n', None)):
        answer = pipe.ask(line)
        expect(part is None or part in answer.get("error", ""), answer)
    expect(pipe.ask({"id": "y", "text": text_of(1)})["decision"] == "new", "it goes on")
    pipe.end(status=3)


def a_record_may_come_in_pieces(index):
    pipe = index.pipe("--add")
    line = json.dumps({"id": "a", "text": text_of(1)}).encode() + b"\n"
    for piece in range(0, len(line), 100):
        pipe.write(line[piece:piece + 100])
    expect(pipe.read_line()["id"] == "a", "the whole line is answered")
    pipe.write(line[:-1])
    pipe.process.stdin.close()
    expect(pipe.read_line()["decision"] == "known", "the last line needs no end")
    expect(pipe.process.wait(SECONDS_MOST) == 0, "status")
    pipe.process.stdout.close()
    pipe.process.stderr.close()


def many_lines_are_answered_in_order(index):
    lines = "".join(json.dumps({"id": str(number), "text": text_of(number % 700, 40)}) + "\n"
                    for number in range(5000))
    done = index.run("check", "--index", index.path, "--add", "-", "-q", stdin=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    expect([answer["id"] for answer in answers] == [str(number) for number in range(5000)], "order")
    expect(sum(answer["decision"] == "new" for answer in answers) == 700, "700 texts")


def several_programs_add_at_once(index):
    pipes = [index.pipe("--add") for _ in range(3)]
    for number in range(30):
        for place, pipe in enumerate(pipes):
            answer = pipe.ask({"id": f"{place}-{number}", "text": text_of(number)})
            expect(answer["decision"] == ("new" if place == 0 else "known"), answer)
    for pipe in pipes:
        pipe.end()
    expect(index.documents() == 30, "each text once")
    index.run("index", "verify", index.path)


def questions_are_answered_while_another_holds_the_index(index):
    pipe = index.pipe("--add")
    pipe.ask({"id": "a", "text": text_of(1)})
    with open(index.folder / "seen" / "writer", "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())
        lock.flush()
        asking = index.pipe()
        expect(asking.ask({"id": "b", "text": text_of(1)})["decision"] == "known", "it is asked")
        asking.end()
        done = index.run("index", "remove", index.path, "a", "--lock-timeout", "0.2", status=4)
        expect(f"process {os.getpid()}" in done.stderr, done.stderr)
    expect(pipe.ask({"id": "c", "text": text_of(2)})["added"], "it goes on behind the holder")
    pipe.end()


def an_interrupt_leaves_what_was_answered(index):
    pipe = index.pipe("--add")
    for number in range(5):
        pipe.ask({"id": str(number), "text": text_of(number)})
    pipe.process.send_signal(signal.SIGINT)
    said = pipe.process.stderr.read().decode()
    expect(pipe.process.wait(SECONDS_MOST) == -signal.SIGINT, "it ends by the signal")
    expect("what was finished before is in the index" in said, said)
    for stream in (pipe.process.stdin, pipe.process.stdout, pipe.process.stderr):
        stream.close()
    expect(index.documents() == 5, "five were answered")
    index.run("index", "verify", index.path)


def an_index_that_goes_away_is_an_end(index):
    pipe = index.pipe("--add")
    pipe.ask({"id": "a", "text": text_of(1)})
    shutil.rmtree(index.path)
    pipe.write(json.dumps({"id": "b", "text": text_of(2)}).encode() + b"\n")
    pipe.process.stdin.close()
    pipe.process.wait(SECONDS_MOST)
    pipe.process.stdout.close()
    pipe.process.stderr.close()
    expect(pipe.process.returncode in (0, 4), f"status {pipe.process.returncode}")


def a_terminal_gets_lines_to_read(index):
    master, slave = pty.openpty()
    line = json.dumps({"id": "a\x1b[31m", "text": text_of(1)}) + "\n"
    done = subprocess.run([index.program, "check", "--index", index.path, "-q", "--color", "never",
                           "-"], input=line.encode(), stdout=slave, stderr=subprocess.PIPE,
                          timeout=SECONDS_MOST, check=False)
    os.close(slave)
    shown = os.read(master, 65536).decode()
    os.close(master)
    expect(done.returncode == 0, done.stderr)
    expect(shown == "new    a\\x1b[31m\r\n", repr(shown))


def a_read_only_index_can_be_asked(index):
    index.run("check", "--index", index.path, "--add", "-", "-q",
              stdin=json.dumps({"id": "a", "text": text_of(1)}))
    line = json.dumps({"id": "b", "text": text_of(1)})
    for path in [index.path, *map(str, pathlib.Path(index.path).rglob("*"))]:
        os.chmod(path, 0o555 if os.path.isdir(path) else 0o444)
    try:
        done = index.run("check", "--index", index.path, "-", "-q", stdin=line)
        expect(json.loads(done.stdout)["decision"] == "known", done.stdout)
    finally:
        os.chmod(index.path, 0o755)
        os.chmod(index.path + "/keys", 0o755)


TESTS = [each_record_is_answered_before_the_next, bad_lines_are_answered_too,
         a_record_may_come_in_pieces, many_lines_are_answered_in_order,
         several_programs_add_at_once, questions_are_answered_while_another_holds_the_index,
         an_interrupt_leaves_what_was_answered, an_index_that_goes_away_is_an_end,
         a_terminal_gets_lines_to_read, a_read_only_index_can_be_asked]


def main():
    program = os.path.abspath(sys.argv[1])
    probe = subprocess.run([program, "index", "create", "/dev/null/x"], capture_output=True,
                           text=True, check=False)
    if "without SQLite" in probe.stderr:
        print("ok - skipped: this build has no indexes")
        return 0
    failed = 0
    for test in TESTS:
        index = Index(program)
        try:
            test(index)
            print(f"ok - {test.__name__}")
        except Failure as failure:
            failed += 1
            print(f"not ok - {test.__name__}\n    {failure}")
        finally:
            index.remove()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
