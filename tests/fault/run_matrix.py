#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every command and output with faults, and asserts how each run ends.

usage: run_matrix.py NEARDUP INTERPOSER [--all | --cases N] [--seed N] [--scenario GLOB]
                     [--fault GLOB] [--verbose] [--sanitized]

A case is a scenario (fault_scenarios.py), a class of calls and how it goes wrong (fault_case.py),
and the number of the call, from 1 to as many as there are. --all runs them all; otherwise a sample
of N (default 900) is drawn with a seed: the year and month, such as 202611, unless given. Every
scenario is run once without faults, whose outputs are the measure; fault_known.py lists what fails
today.
--sanitized is for programs that check memory themselves: no calls for memory fail.
Repeat one case: --all --scenario dedup-ids --fault 'memory 17 once*' --verbose.
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import os
import pathlib
import random
import re
import sys
import tempfile
import time

import fault_case
import fault_inputs
import fault_scenarios
from fault_case import Fault
from fault_known import KNOWN

WORKERS = max(2, os.cpu_count() or 2)


def limits(clean):
    """Small disks, and limits of files; in pages of 4096 bytes."""
    used = sum(len(content) // 4096 + 1 for content in clean.files.values())
    for mode in (("full",) if CAN_MOUNT else ()) + ("limit",):
        yield from (Fault("disk", mode, at=pages) for pages in range(0, min(used + 4, 40)))


def faults_of(clean, sanitized):
    """{stratum: [faults]}; a stratum is a class of calls and a mode."""
    strata = collections.defaultdict(list)
    for kind, calls in clean.report.calls().items():
        if sanitized and kind == "memory":
            continue
        numbers = range(1, calls + 1)
        for error in fault_case.ERRNOS[kind]:
            for mode in ("once", "on"):
                strata[kind, mode] += [Fault(kind, mode, error, at) for at in numbers]
        if kind in fault_case.INTERRUPTED:
            strata[kind, "eintr"] += [Fault(kind, "eintr", 0, at) for at in numbers]
        if kind in fault_case.MOVES_BYTES:
            strata[kind, "short"] += [Fault(kind, "short", 0, at) for at in numbers]
        if kind not in ("memory", "map", "thread", "iconv"):
            strata[kind, "kill"] += [Fault(kind, "kill", 0, at) for at in numbers]
    strata["disk", "small"] = list(limits(clean))
    strata["stdout", "full"] = [Fault("stdout", "full")]
    strata["time", "kill"] = [Fault("time", "kill", 0, microseconds)
                              for microseconds in range(500, 20500, 500)]
    return strata


def sample(cases, count, draw):
    """One case a stratum, in random order, then the next of each, until there are enough."""
    strata = [(scenario, list(faults)) for scenario, of_it in cases for faults in of_it.values()
              if faults]
    for _, faults in strata:
        draw.shuffle(faults)
    chosen = []
    while strata and len(chosen) < count:
        draw.shuffle(strata)
        chosen += [(scenario, faults.pop()) for scenario, faults in strata]
        strata = [(scenario, faults) for scenario, faults in strata if faults]
    return chosen[:count]


def known_entry(scenario, fault, problem):
    for number, (names, faults, problems) in enumerate(KNOWN):
        if fnmatch.fnmatchcase(scenario.name, names) and fnmatch.fnmatchcase(str(fault), faults) \
                and fnmatch.fnmatchcase(problem, problems):
            return number
    return None


class Results:
    def __init__(self, verbose):
        self.verbose, self.met = verbose, collections.Counter()
        self.runs, self.bad = collections.Counter(), collections.Counter()

    def add(self, scenario, fault, problems):
        self.runs[scenario.name] += 1
        for problem in problems:
            number = known_entry(scenario, fault, problem)
            if number is not None:
                self.met[number] += 1
            else:
                self.bad[scenario.name] += 1
                if self.verbose or self.bad[scenario.name] <= 5:
                    print(f"{scenario.name}: {fault}: {problem}", flush=True)

    def finish(self, is_whole):
        for name, runs in sorted(self.runs.items()):
            print(f"{'not ' if self.bad[name] else ''}ok - fault {name}: {runs} runs,"
                  f" {self.bad[name]} wrong")
        stale = [entry for number, entry in enumerate(KNOWN)
                 if is_whole and not self.met[number]]
        for entry in stale:
            print(f"not ok - known, but did not happen: {entry}")
        print(f"{sum(self.runs.values())} runs, {sum(self.bad.values())} wrong,"
              f" {sum(self.met.values())} known to be wrong")
        return 1 if self.bad.total() or stale else 0


def run_clean(bench, scenarios):
    """[(scenario, outcome)]; what this build cannot do is left out, and said."""
    for scenario, (outcome, _) in zip(scenarios, POOL.map(bench.run, scenarios)):
        # What this build cannot write (r.jsonl.zst and the like) is not there to be read.
        if "this build" in outcome.stderr or re.search(r"\.(zst|lz4): No such file",
                                                       outcome.stderr):
            print(f"skip - fault {scenario.name}: {outcome.stderr.splitlines()[0]}")
            continue
        problems = list(fault_case.leak_problems(outcome.report))
        if outcome.status != scenario.status or problems or not outcome.report.finished:
            print(f"not ok - fault {scenario.name}: without faults: status {outcome.status}"
                  f" {problems} {outcome.stderr[:300]}")
            raise SystemExit(1)
        yield scenario, outcome


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--cases", type=int, default=900)
    parser.add_argument("--seed", type=int, default=int(time.strftime("%Y%m")))
    parser.add_argument("--scenario", default="*")
    parser.add_argument("--fault", default="*")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--sanitized", action="store_true")
    return parser.parse_args()


def main():
    asked = arguments()
    results = Results(asked.verbose)
    with tempfile.TemporaryDirectory(prefix="neardup-fault-") as folder:
        inputs = pathlib.Path(folder)
        fault_inputs.make_all(inputs, str(asked.program.resolve()))
        bench = fault_case.Bench(asked.program.resolve(), asked.library.resolve(), inputs)
        scenarios = [one for one in fault_scenarios.every()
                     if fnmatch.fnmatchcase(one.name, asked.scenario)]
        clean = dict(run_clean(bench, scenarios))
        cases = [(one, faults_of(outcome, asked.sanitized)) for one, outcome in clean.items()]
        chosen = [(one, fault) for one, of_it in cases for faults in of_it.values()
                  for fault in faults if fnmatch.fnmatchcase(str(fault), asked.fault)]
        whole = len(chosen)
        if not asked.all:
            chosen = sample(cases, asked.cases, random.Random(asked.seed))
        print(f"seed {asked.seed}: {len(chosen)} of {whole} cases of {len(clean)} scenarios")
        if not CAN_MOUNT:
            print("skip - fault disks: no right to mount a small tmpfs; limits of files only")

        def run(case):
            scenario, fault = case
            outcome, again = bench.run(scenario, fault)
            return scenario, fault, list(fault_case.judge(scenario, fault, outcome, again,
                                                          clean[scenario]))

        for scenario, fault, problems in POOL.map(run, chosen):
            results.add(scenario, fault, problems)
    return results.finish(asked.all and asked.scenario == asked.fault == "*")


if __name__ == "__main__":
    CAN_MOUNT = fault_case.can_mount()
    POOL = concurrent.futures.ThreadPoolExecutor(WORKERS)
    sys.exit(main())
