#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails the calls of the system that changes of an index make, and looks at what is left.

usage: index_calls.py DRIVER INTERPOSER [--all | --cases N] [--seed N] [--sanitized]

A process (index_driver.c script) adds, replaces, removes, compacts and writes segments while one
call of a class fails, or all from it on, or while it is killed there (interpose.c). It must not
crash; afterwards the index has what was acknowledged, nothing of what failed, and is sound. Only
where the disk could not be told to keep what was written (sync), a change that failed may be there,
as a whole.
"""
import argparse
import concurrent.futures
import ctypes
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

import fault_case
import index_kills

# Without "write", by which the script keeps its log.
CLASSES = ("memory", "open", "create", "stat", "map", "read", "pread", "pwrite", "sync", "truncate",
           "lock", "rename", "unlink", "mkdir", "opendir", "readdir")
SECONDS_MOST = 120


def run_script(arguments, folder, fault):
    report = folder / "report"
    report.write_bytes(bytes(ctypes.sizeof(fault_case.Report)))
    environment = {**os.environ, "LD_PRELOAD": str(arguments.interposer),
                   "FAULT_REPORT": str(report), "TMPDIR": str(folder)}
    if fault:
        environment.update(FAULT_CLASS=fault.kind, FAULT_AT=str(fault.at), FAULT_MODE=fault.mode,
                           FAULT_ERRNO=str(fault.error))
    done = subprocess.run([str(arguments.driver), "script", str(folder / "index"),
                           str(folder / "log")], env=environment, capture_output=True, text=True,
                          timeout=SECONDS_MOST, check=False)
    allowed = (0, -signal.SIGKILL) if fault and fault.mode == "kill" else (0,)
    if done.returncode not in allowed:
        raise index_kills.Failed(f"{done.returncode}: {done.stderr.strip()}")
    return fault_case.Report.from_buffer_copy(report.read_bytes())


def try_one(arguments, fault):
    """(report, what is wrong)"""
    with tempfile.TemporaryDirectory(prefix="index_calls") as name:
        folder = pathlib.Path(name)
        index_kills.run(arguments.driver, "create", folder / "index")
        try:
            report = run_script(arguments, folder, fault)
            found = index_kills.look(arguments.driver, folder / "index")
            is_unsure = fault is not None and fault.kind == "sync"
            index_kills.check(found, [folder / "log"], is_unsure)
            return report, None
        except (index_kills.Failed, subprocess.TimeoutExpired) as wrong:
            return None, str(wrong)


def faults_of(report, sanitized):
    for kind, calls in report.calls().items():
        if kind not in CLASSES or (sanitized and kind == "memory"):
            continue
        for at in range(2 if kind == "create" else 1, calls + 1):  # the first one is the log
            for error in fault_case.ERRNOS[kind]:
                yield fault_case.Fault(kind, "once", error, at)
                yield fault_case.Fault(kind, "on", error, at)
            if kind not in ("memory", "map"):
                yield fault_case.Fault(kind, "kill", 0, at)


def sample(faults, count, draw):
    """One of each class and mode, then the next of each."""
    strata = {}
    for fault in faults:
        strata.setdefault((fault.kind, fault.mode), []).append(fault)
    for stratum in strata.values():
        draw.shuffle(stratum)
    rounds = max(map(len, strata.values()))
    in_turn = (stratum[i] for i in range(rounds) for stratum in strata.values()
               if i < len(stratum))
    return [fault for _, fault in zip(range(count), in_turn)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver", type=pathlib.Path)
    parser.add_argument("interposer", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--sanitized", action="store_true")
    arguments = parser.parse_args()
    clean, wrong = try_one(arguments, None)
    if wrong:
        print(f"not ok - without a fault: {wrong}")
        return 1
    faults = list(faults_of(clean, arguments.sanitized))
    if not arguments.all:
        faults = sample(faults, arguments.cases, random.Random(arguments.seed))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        for fault, (_, wrong) in zip(faults, pool.map(lambda one: try_one(arguments, one), faults)):
            if wrong:
                failed += 1
                print(f"not ok - {fault}: {wrong}", flush=True)
    print(f"{'not ok' if failed else 'ok'} - {len(faults)} faults, {failed} ended wrongly, "
          f"seed {arguments.seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
