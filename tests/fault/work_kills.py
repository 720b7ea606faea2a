#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills runs with --work-dir at random, lets them go on, and compares their outputs.

usage: work_kills.py NEARDUP [--kills N] [--full] [--seed N]

Whatever was killed, and how often, the outputs are byte for byte those of a run that nobody
disturbed. Then files are damaged and cut off, disks are full, and inputs and options are changed:
the run is refused, or done with the same outputs.
"""
import argparse
import gzip
import json
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS_MOST = 120
DOCUMENTS = 12000
REFUSED = 2
FAILED = 4


class Failed(Exception):
    """What is wrong."""


def make_inputs(folder, draw):
    """Records of three formats, with near-copies and copies, among them compressed ones."""
    words = [f"w{i}" for i in range(3000)]
    texts = []
    for _ in range(DOCUMENTS):
        text = draw.choices(words, k=80)
        if texts and draw.random() < 0.2:
            text = list(draw.choice(texts))
            text[draw.randrange(len(text))] = draw.choice(words)
        texts.append(text)
    lines = [json.dumps({"id": f"d{i}", "text": " ".join(text)}) + "\n"
             for i, text in enumerate(texts)]
    third = DOCUMENTS // 3
    (folder / "a.jsonl").write_text("".join(lines[:third]))
    with gzip.open(folder / "b.jsonl.gz", "wt", compresslevel=1) as out:
        out.writelines(lines[third:2 * third])
    (folder / "c.csv").write_text("id,text\n" + "".join(
        f"c{i},\"{' '.join(text)}\"\n" for i, text in enumerate(texts[2 * third:])))
    for i in range(40):
        (folder / f"e{i}.txt").write_text(" ".join(texts[i]))


class Case:
    """A corpus, the outputs that are right, and a work folder."""

    def __init__(self, program, folder, draw):
        self.program, self.folder, self.draw = program, folder, draw
        self.inputs, self.out = folder / "inputs", folder / "out"
        self.work = folder / "work"
        self.inputs.mkdir()
        make_inputs(self.inputs, draw)
        begun = time.monotonic()
        self.wanted = self.outputs_of(self.run(with_work=False))
        self.seconds = time.monotonic() - begun

    def command(self, with_work, *more):
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        outputs = [part for form in ("plan", "ids", "jsonl")
                   for part in ("-o", f"{form}:{self.out / form}")]
        work = ["--work-dir", str(self.work)] if with_work else []
        return [str(self.program), "dedup", str(self.inputs), "--quiet", *outputs, *work, *more]

    def run(self, *more, with_work=True, limit=None):
        def set_limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        return subprocess.run(self.command(with_work, *more), capture_output=True, text=True,
                              timeout=SECONDS_MOST, check=False,
                              preexec_fn=set_limit if limit is not None else None)

    def outputs_of(self, done):
        if done.returncode != 0:
            raise Failed(f"{done.returncode}: {done.stderr.strip()}")
        return {path.name: path.read_bytes() for path in self.out.iterdir()}

    def check(self, done, what):
        found = self.outputs_of(done)
        for name, content in self.wanted.items():
            if found.get(name) != content:
                raise Failed(f"{what}: {name} differs")
        left = sum(path.stat().st_size for path in self.work.iterdir())
        if left > 4096:
            raise Failed(f"{what}: {left} bytes are left in the work folder")

    def kill(self, seconds):
        """Whether the run was still at work then."""
        with subprocess.Popen(self.command(True), stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.kill()
        return process.returncode == -signal.SIGKILL

    def look(self):
        done = subprocess.run([str(self.program), "work", str(self.work), "--json"],
                              capture_output=True, text=True, timeout=SECONDS_MOST, check=False)
        if done.returncode != 0:
            raise Failed(f"work: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def leave(self, stage):
        """A work folder of a run that died in that stage."""
        for _ in range(200):
            shutil.rmtree(self.work, ignore_errors=True)
            self.kill(self.draw.uniform(0, 1.2 * self.seconds))
            if self.work.exists() and self.look()["stage"] == stage:
                return True
        return False


def kills(case, count):
    done = 0
    while done < count:
        times = case.draw.choice((1, 1, 2, 3))
        for _ in range(min(times, count - done)):
            done += case.kill(case.draw.uniform(0, 1.1 * case.seconds))
            if (case.work / "lock").exists():
                case.look()
        case.check(case.run(), f"after {done} kills")


def refused(case, done, what):
    if done.returncode not in (REFUSED, FAILED) or any(case.out.iterdir()):
        raise Failed(f"{what}: not refused but {done.returncode}: {done.stderr}")
    if "--restart" not in done.stderr:
        raise Failed(f"{what}: no cure: {done.stderr}")


def changes(case):
    """Other options and inputs are refused, as long as the run is not done."""
    if not case.leave("reading"):
        raise Failed("no run is killed while it reads")
    refused(case, case.run("--threshold", "0.9"), "another threshold")
    path = case.inputs / "a.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + b'{"id":"new","text":"more"}\n')
    refused(case, case.run(), "another input")
    path.write_bytes(before)
    refused(case, case.run(), "an input of another time")
    case.check(case.run("--restart"), "--restart")


def damage(case, steps):
    """Every file with bytes flipped, and cut off: refused, or the same outputs."""
    for stage in ("reading", "judging", "writing"):
        if not case.leave(stage):
            continue  # it is over too fast to be met
        copy = case.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(case.work, copy)
        for name in sorted(path.name for path in copy.iterdir() if path.stat().st_size):
            content = (copy / name).read_bytes()
            for _ in range(steps):
                at = case.draw.randrange(len(content))
                flipped = bytearray(content)
                flipped[at] ^= 1 << case.draw.randrange(8)
                for changed in (bytes(flipped), content[:at]):
                    shutil.rmtree(case.work)
                    shutil.copytree(copy, case.work)
                    (case.work / name).write_bytes(changed)
                    done = case.run()
                    if done.returncode == 0:
                        case.check(done, f"{name} damaged at {at}")
                    else:
                        refused(case, done, f"{name} damaged at {at}")


def full_disks(case):
    """Files that may not grow: the run fails, says so, and goes on when they may."""
    for limit in (0, 100, 4096, 60000, 400000, 1500000):
        shutil.rmtree(case.work, ignore_errors=True)
        done = case.run(limit=limit)
        if done.returncode not in (0, FAILED) or (done.returncode and not done.stderr):
            raise Failed(f"files of {limit} bytes: {done.returncode}: {done.stderr}")
        case.check(case.run(), f"files of {limit} bytes")


def others(case):
    """Other people's folders, two runs at once."""
    stranger = case.work / "theirs"
    shutil.rmtree(case.work, ignore_errors=True)
    case.work.mkdir()
    stranger.write_text("keep me")
    done = case.run("--restart")
    if done.returncode != REFUSED or stranger.read_text() != "keep me":
        raise Failed(f"a folder with other files: {done.returncode}: {done.stderr}")
    stranger.unlink()
    with subprocess.Popen(case.command(True)) as first:
        while not (case.work / "run").exists() and first.poll() is None:
            time.sleep(0.001)
        first.send_signal(signal.SIGSTOP)
        second = case.run()
        first.send_signal(signal.SIGCONT)
    if second.returncode == 0 or "another run" not in second.stderr:
        raise Failed(f"two runs at once: {second.returncode}: {second.stderr}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    count = 100 if arguments.full else arguments.kills
    print(f"seed {arguments.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="work_kills") as folder:
        try:
            case = Case(arguments.program.resolve(), pathlib.Path(folder),
                        random.Random(arguments.seed))
            kills(case, count)
            changes(case)
            damage(case, 8 if arguments.full else 1)
            full_disks(case)
            others(case)
        except Failed as fault:
            print(f"not ok - seed {arguments.seed}: {fault}")
            return 1
    print(f"ok - {count} kills in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
