#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The recipes for runs in stages give the plan of one run. Those whose tool is missing are skipped.

usage: test_recipes.py NEARDUP
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

RECIPES = pathlib.Path(__file__).resolve().parent.parent / "scale" / "recipes"
FILES, DOCUMENTS, SHARDS = 3, 60, 3


def write_inputs(folder):
    """Files of texts of which a third have copies elsewhere; names with blanks are not tried."""
    source = random.Random(4)
    texts = [" ".join(f"w{source.randrange(900)}" for _ in range(40)) for _ in range(DOCUMENTS)]
    for number in range(FILES):
        with open(folder / f"in{number}.jsonl", "w", encoding="ascii") as file:
            for i in range(DOCUMENTS):
                text = texts[i] if i % 3 == 0 else f"{texts[i]} {number} {number}" * (number + 1)
                print(json.dumps({"id": f"{number}-{i}", "text": text}), file=file)


def call(folder, program, *arguments):
    environment = dict(os.environ, NEARDUP=program)
    return subprocess.run(arguments, cwd=folder, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


def try_recipe(program, name, tool, *arguments):
    if shutil.which(tool) is None:
        print(f"skip - recipe {name}: no {tool}")
        return True
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        write_inputs(folder)
        inputs = sorted(file.name for file in folder.glob("in*.jsonl"))
        run = call(folder, program, program, "dedup", *inputs, "-q", "-o", "plan:one.jsonl")
        recipe = call(folder, program, *arguments, *(inputs if tool == "parallel" else []))
        same = (run.returncode == recipe.returncode == 0 and
                (folder / "one.jsonl").read_bytes() == (folder / "plan.jsonl").read_bytes())
    print(f"{'ok' if same else 'not ok'} - recipe {name} gives the plan of one run")
    if not same:
        print(run.stdout, recipe.stdout)
    return same


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    good = try_recipe(program, "make", "make", "make", "-s", "-j2", "-f",
                      str(RECIPES / "stages.mk"), "INPUTS=in*.jsonl", f"SHARDS={SHARDS}")
    good &= try_recipe(program, "parallel", "parallel", str(RECIPES / "stages_parallel"),
                       str(SHARDS))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
