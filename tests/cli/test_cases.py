#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden cases of the command line.

usage: test_cases.py [--update] NEARDUP [NAME...]

A case is a folder cases/AREA/NAME with
  cmd                         a line of shell, run in a fresh folder; $NEARDUP is the program, $DATA
                              the folder data/, $CASE the case's own folder
  stdin                       standard input (else it is empty)
  exit                        the exit status (else 0)
  stdout.exact, stderr.exact  the whole stream; an absent file is an empty stream
  stdout.glob, stderr.glob    the same, where * is any text in a line and a line ... is any lines
A cmd that exits with 77 is skipped. NAME is a part of the names to run. --update writes streams and
status as they are, with * for what varies from run to run (VARYING); what still matches is left
alone.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
STREAMS = ("stdout", "stderr")
SKIPPED = 77
# Times and memory, and what depends on the hashes.
VARYING = [re.compile(pattern, re.MULTILINE) for pattern in (
    r"^(  cost           ).*", r"^(  estimate       ).*", r"^(  bands          ).*",
    r"^(  search         \d+ bands ).*",
    r'^( *"(?:estimate|shared|probability|bands|rows|slots)": )[\d.]+')]
SECONDS_MAX = 120


def environment(program, case, folder):
    """What the program sees: nothing of the caller's but the search path."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "TMPDIR": folder,
            "LC_ALL": "C.UTF-8", "COLUMNS": "80", "TERM": "xterm", "NEARDUP": str(program),
            "DATA": str(HERE / "data"), "CASE": str(case),
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}


def matches_glob(pattern, text):
    """A line of a pattern matches one line, the line ... any number of them."""
    expression = ""
    for line in pattern.splitlines():
        if line == "...":
            expression += "(?:.*\n)*?"
        else:
            expression += re.escape(line).replace(r"\*", ".*") + "\n"
    return re.fullmatch(expression, text if not text or text.endswith("\n") else text + "\n")


def expected_file(case, stream):
    """The file that says what the stream holds, or None."""
    for suffix in ("exact", "glob"):
        path = case / f"{stream}.{suffix}"
        if path.exists():
            return path
    return None


def stream_problem(case, stream, text):
    path = expected_file(case, stream)
    if path is None:
        return f"{stream} should be empty:\n{text}" if text else None
    wanted = path.read_text(encoding="utf-8")
    same = matches_glob(wanted, text) if path.suffix == ".glob" else wanted == text
    return None if same else f"{stream} differs.\n--- expected\n{wanted}\n--- found\n{text}"


def run_case(program, case):
    """(exit status, {stream: text})"""
    command = (case / "cmd").read_text(encoding="utf-8")
    given = case / "stdin"
    folder = tempfile.mkdtemp(prefix="neardup-cli-")
    try:
        with open(given if given.exists() else os.devnull, "rb") as stdin:
            done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, stdin=stdin,
                                  capture_output=True, timeout=SECONDS_MAX, check=False,
                                  env=environment(program, case, folder))
        texts = {stream: getattr(done, stream).decode("utf-8", "backslashreplace")
                 for stream in STREAMS}
        return done.returncode, texts
    except subprocess.TimeoutExpired:
        return -1, {"stdout": "", "stderr": f"no end after {SECONDS_MAX} s\n"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def problems(case, status, texts):
    path = case / "exit"
    wanted = int(path.read_text(encoding="utf-8")) if path.exists() else 0
    if status != wanted:
        yield f"exit status {status}, expected {wanted}"
    for stream in STREAMS:
        problem = stream_problem(case, stream, texts[stream])
        if problem:
            yield problem


def update(case, status, texts):
    (case / "exit").unlink(missing_ok=True)
    if status:
        (case / "exit").write_text(f"{status}\n", encoding="utf-8")
    for stream in STREAMS:
        if stream_problem(case, stream, texts[stream]) is None:
            continue
        for suffix in ("exact", "glob"):
            (case / f"{stream}.{suffix}").unlink(missing_ok=True)
        golden = texts[stream]
        for pattern in VARYING:
            golden = pattern.sub(r"\1*", golden)
        suffix = "exact" if golden == texts[stream] else "glob"
        if golden:
            (case / f"{stream}.{suffix}").write_text(golden, encoding="utf-8")


def main(arguments):
    updating = "--update" in arguments
    words = [word for word in arguments if word != "--update"]
    if not words or words[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    program, wanted = pathlib.Path(words[0]).resolve(), words[1:]
    if not os.access(program, os.X_OK):
        print(f"{program} cannot be run", file=sys.stderr)
        return 2
    passed = failed = skipped = 0
    for case in sorted(path.parent for path in (HERE / "cases").glob("*/*/cmd")):
        name = case.relative_to(HERE / "cases").as_posix()
        if wanted and not any(word in name for word in wanted):
            continue
        status, texts = run_case(program, case)
        if status == SKIPPED:
            skipped += 1
            print(f"skip - {name}: {texts['stderr'].strip()}")
            continue
        found = list(problems(case, status, texts))
        if found and updating:
            update(case, status, texts)
            print(f"updated - {name}")
        elif found:
            failed += 1
            print(f"not ok - {name}")
            print("    " + "\n".join(found).replace("\n", "\n    "))
        else:
            passed += 1
            print(f"ok - {name}")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed + skipped == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
