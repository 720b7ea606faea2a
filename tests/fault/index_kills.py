#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills processes that change one index, at random, and looks at what they leave.

usage: index_kills.py DRIVER [--kills N] [--seed N] [--processes N]

Four processes (index_driver.c) add, replace, remove, compact and write segments together. They are
killed one by one after some milliseconds, and now and then all at once; then the index has to open,
to have every change that was acknowledged, nothing that nobody sent, and to be sound.
Before that, one process is killed that builds an index from a corpus.
"""
import argparse
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

SECONDS_MOST = 120
KILLS_AN_INDEX = 48  # then a new one is begun, as checks take the longer the more it holds


class Failed(Exception):
    """What is wrong with an index."""


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          timeout=SECONDS_MOST, check=False)
    if done.returncode != 0:
        raise Failed(f"{command[1]}: {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def look(driver, index):
    """{id: version} of a sound index."""
    return dict(line.split() for line in run(driver, "look", index).splitlines())


def states_of(log, is_unsure=False):
    """{id: versions that are allowed}, and the call that was under way: [(id, version)]. With
    is_unsure, what has failed may have been made."""
    states, under_way = {}, []
    for line in log.read_text().splitlines() if log.exists() else ():
        if line == "A":
            states.update((name, {version}) for name, version in under_way)
            under_way = []
        elif line == "N":  # as if it had not been made
            if is_unsure:
                for name, version in under_way:
                    states[name] = states.get(name, {None}) | {version}
            under_way = []
        else:
            _, verb, name, version = line.split()
            under_way.append((name, version if verb == "a" else None))
    for name, version in under_way:
        states[name] = states.get(name, {None}) | {version}
    return states, under_way


def check(found, logs, is_unsure=False):
    """Every change that was acknowledged, nothing that nobody sent, and calls as a whole."""
    known = {}
    for log in logs:
        states, under_way = states_of(log, is_unsure)
        known.update(states)
        made = {found.get(name) == version for name, version in under_way}
        if len(made) > 1:
            raise Failed(f"half of the call {under_way} was made")
    for name in known.keys() | found.keys():
        allowed = known.get(name, {None})
        if found.get(name) not in allowed:
            raise Failed(f"{name} is {found.get(name)}, must be {allowed}")


class Changers:
    """Processes that change one index, with their logs."""

    def __init__(self, driver, folder, draw, processes):
        self.driver, self.folder, self.draw = driver, folder, draw
        self.processes = processes
        self.index = folder / "index"
        self.running, self.begun = [], 0
        run(driver, "create", self.index)

    def begin(self):
        while len(self.running) < self.processes:
            name = f"p{self.begun}"
            log = self.folder / f"{name}.log"
            self.running.append((subprocess.Popen(
                [str(self.driver), "change", str(self.index), str(log), name,
                 str(self.draw.randrange(1 << 30))], stderr=subprocess.PIPE, text=True), log))
            self.begun += 1

    def kill(self, which):
        process, log = self.running.pop(which)
        process.kill()
        _, said = process.communicate(timeout=SECONDS_MOST)
        if process.returncode not in (-signal.SIGKILL, 0):
            raise Failed(f"{log.stem}: {process.returncode}: {said.strip()}")

    def wait_for_work(self):
        """Until all have the index open."""
        end = time.monotonic() + SECONDS_MOST
        while not all(log.exists() and log.stat().st_size for _, log in self.running):
            if time.monotonic() > end or any(p.poll() for p, _ in self.running):
                for which in reversed(range(len(self.running))):
                    self.kill(which)
                raise Failed("a process does not begin")
            time.sleep(0.005)

    def round(self, most):
        """Kills all, at once or one by one with others in their places; then looks."""
        self.begin()
        self.wait_for_work()
        kills = 0
        while kills < most - self.processes and self.draw.random() < 0.75:
            time.sleep(self.draw.uniform(0.002, 0.15))
            self.kill(self.draw.randrange(len(self.running)))
            kills += 1
            self.begin()
        time.sleep(self.draw.uniform(0.002, 0.15))
        while self.running and kills < most:
            self.kill(0)
            kills += 1
        self.stop()
        check(look(self.driver, self.index), self.folder.glob("*.log"))
        return kills

    def stop(self):
        while self.running:
            self.kill(0)


def build_round(driver, folder, draw):
    """Kills a process that builds an index."""
    index, log, corpus = folder / "index", folder / "log", folder / "corpus.jsonl"
    count = draw.randrange(50, 3000)
    with corpus.open("w") as out:
        for i in range(count):
            words = " ".join(f"word{draw.randrange(100000)}" for _ in range(60))
            out.write(json.dumps({"id": f"b-{i}", "text": words}) + "\n")
    run(driver, "create", index)
    process = subprocess.Popen([str(driver), "build", str(index), str(log), str(corpus)],
                               stderr=subprocess.PIPE, text=True)
    while not log.exists() and process.poll() is None:
        time.sleep(0.001)
    time.sleep(draw.uniform(0, 0.2))
    process.kill()
    _, said = process.communicate(timeout=SECONDS_MOST)
    if process.returncode not in (-signal.SIGKILL, 0):
        raise Failed(f"build: {process.returncode}: {said.strip()}")
    is_built = log.read_text().count("A") == 2
    found = run(driver, "count", index).split()
    if len(set(found)) != len(found) or not set(found) <= {f"b-{i}" for i in range(count)}:
        raise Failed("a document that the corpus does not have")
    if is_built and len(found) != count:
        raise Failed(f"{len(found)} documents of {count}")
    return 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--processes", type=int, default=4)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    kills, begun = 0, time.monotonic()
    print(f"seed {arguments.seed}", flush=True)
    while kills < arguments.kills:
        with tempfile.TemporaryDirectory(prefix="index_kills") as folder:
            root = pathlib.Path(folder)
            (root / "build").mkdir()
            (root / "change").mkdir()
            changers = Changers(arguments.driver, root / "change", draw, arguments.processes)
            try:
                kills += build_round(arguments.driver, root / "build", draw)
                last = min(kills + KILLS_AN_INDEX, arguments.kills)
                while kills < last:
                    kills += changers.round(last - kills)
            except Failed as fault:
                changers.stop()
                print(f"not ok - after {kills} kills, seed {arguments.seed}: {fault}")
                return 1
    print(f"ok - {kills} kills in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
