#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands of README.md on the bundled news, and compiles its C and that of the API tour.

usage: test_readme.py NEARDUP
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWS = ROOT / "tests/samples/news"
TOUR = "include/neardup/README.md"
SOURCE = "wire"  # one of the news, in the place of the README's
# What the snippets take for granted.
FRAME = """#include <neardup.h>
#include <stddef.h>
int main(void)
{{
    const char *const inputs[] = {{"."}};
    size_t input_count = 1;
    ndup_error error;
    ndup_corpus *corpus;
    ndup_dedup_options options;
    ndup_result *result;
    ndup_verdict verdict;
    (void)inputs, (void)input_count, (void)verdict;
    {{ /* a snippet may have options of its own */
{body}
    }}
    return 0;
}}
"""


def blocks(name, language):
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def examples():
    """(what it is for, its commands) of every example of the program."""
    shell = next(block for block in blocks("README.md", "sh") if block.startswith("# "))
    for paragraph in shell.strip().split("\n\n"):
        purpose, commands = paragraph.split("\n", 1)
        yield purpose.lstrip("# "), commands.replace("'reuters*'", f"'{SOURCE}*'")


def shell(folder, program, command):
    path = f"{pathlib.Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["/bin/sh", "-ec", command], cwd=folder, capture_output=True, text=True,
                          check=False, env={**os.environ, "PATH": path, "TMPDIR": str(folder)})


def decide(folder, program):
    """What the report page saves when its reader keeps a document after all."""
    made = shell(folder, program, "neardup dedup -q corpus -o plan:seen.jsonl -o html:seen.html")
    assert made.returncode == 0, made.stderr
    page = (folder / "seen.html").read_text(encoding="utf-8")
    lines = (folder / "seen.jsonl").read_text(encoding="utf-8").splitlines()
    dropped = next(one for one in map(json.loads, lines) if one.get("decision") == "drop")
    decision = {"corpus": re.search(r'"corpus":"([0-9a-f]{16})"', page)[1], "decision": "keep"}
    decision.update({member: dropped[member] for member in ("number", "id", "text_hash")})
    (folder / "decisions.jsonl").write_text(
        '{"type":"neardup-decisions","schema_version":1}\n' + json.dumps(decision) + "\n",
        encoding="utf-8")


def prepare(folder, program):
    """The inputs that the examples name."""
    for name in ("corpus", "docs", "tests/samples/news"):
        shutil.copytree(NEWS, folder / name)
    story = (NEWS / "wire/ferry-collision.txt").read_text(encoding="utf-8")
    (folder / "article.txt").write_text(f"{story}\n\n{story}", encoding="utf-8")
    (folder / "pairs.tsv").write_text(
        "wire/ferry-collision.txt\tvalley-post/ferries-collide.txt\tdup\n", encoding="utf-8")
    made = shell(folder, program, "for name in corpus crawl; do neardup dedup -q corpus "
                 "--never-drop-from '*' -o jsonl:$name.jsonl; done")
    assert made.returncode == 0, made.stderr
    decide(folder, program)
    packed = shell(folder, program, "neardup dedup -q crawl.jsonl -o jsonl:crawl.jsonl.zst")
    return packed.returncode == 0 or "this build" not in packed.stderr


def run_example(program, commands):
    """None if it works, False if this build lacks something, else what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        has_zstd = prepare(folder, program)
        if ".zst" in commands and not has_zstd:
            return False
        done = shell(folder, program, commands)
        return None if done.returncode == 0 else f"status {done.returncode}: {done.stderr}"


def compile_snippet(body):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "snippet.c"
        body = re.sub(r"^#include.*$", "", body, flags=re.MULTILINE)
        source.write_text(FRAME.format(body=body), encoding="utf-8")
        done = subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-fsyntax-only",
                               "-Wno-unused-result", f"-I{ROOT / 'include'}", source],
                              capture_output=True, text=True, check=False)
        return None if done.returncode == 0 else done.stderr


def outcomes(program):
    for purpose, commands in examples():
        yield purpose, run_example(program, commands)
    for name in ("README.md", TOUR):
        for number, body in enumerate(blocks(name, "c"), 1):
            yield f"C of {name}, {number}", compile_snippet(body)


def main(program):
    failed = 0
    for name, problem in outcomes(program):
        told = f"readme: {name}"
        if problem is None:
            print(f"ok - {told}", flush=True)
        elif problem is False:
            print(f"skip - {told}: this build reads no .zst", flush=True)
        else:
            failed += 1
            print("\n# ".join([f"not ok - {told}", *problem.splitlines()]), flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
