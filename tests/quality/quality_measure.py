# SPDX-License-Identifier: MIT
"""Runs neardup on the labelled sets and measures what it found.

Everything is measured twice: by `neardup eval`, and by the scorer of the data folder from the list
that eval writes.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import quality_contained
import quality_copies
import quality_noise
import quality_reader
import quality_repeats
import quality_sets
import quality_stories
import quality_templates

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = 4
# neardup's name of a measure -> the scorer's.
MEASURES = {
    "pairs": {"precision": "P", "recall": "R", "f1": "F1"},
    "clusters": {"adjusted_rand": "ARI", "b3_precision": "B3P", "b3_recall": "B3R",
                 "b3_f1": "B3F", "pair_precision": "pairP", "pair_recall": "pairR",
                 "pair_f1": "pairF"},
}
# Starts a command from a small process: a child's peak memory begins with its parent's.
START = ("import os, sys\n"
         "child = os.fork()\n"
         "if child == 0:\n"
         "    os.execvp(sys.argv[1], sys.argv[1:])\n"
         "_, status, usage = os.wait4(child, 0)\n"
         "print(usage.ru_maxrss)\n"
         "sys.exit(os.waitstatus_to_exitcode(status) & 255)\n")


class Problem(Exception):
    """A run that failed, in words."""


def data_folder():
    """The folder with the labelled sets, or None."""
    given = os.environ.get("NEARDUP_DATA")
    folder = pathlib.Path(given) if given else ROOT.parent / "shared" / "data"
    return folder if (folder / "_tools" / "evalset.py").is_file() else None


def find_program(given):
    if given:
        return str(pathlib.Path(given).resolve())
    built = sorted(ROOT.glob("build*/neardup"), key=os.path.getmtime)
    if not built:
        raise Problem("no neardup in build*/; build it or name it with --neardup")
    return str(built[-1])


class Bench:
    """One program, the data folder, and a temporary folder for what is made from it."""

    def __init__(self, program, data, scratch):
        self.program = program
        self.data = data
        self.scratch = pathlib.Path(scratch)
        self.disagreements = []
        self.presets = json.loads(self.call("presets", "--json"))["presets"]

    def call(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise Problem(f"neardup {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                          f"{done.stderr.strip()}")
        return done.stdout

    def documents(self, name):
        """The set's documents, unpacked once where zstd is installed."""
        packed = self.data / name / "docs.jsonl.zst"
        if not shutil.which("zstd"):
            return packed
        path = self.scratch / f"{name}.jsonl"
        if not path.exists():
            subprocess.run(["zstd", "-dqf", packed, "-o", path], check=True)
        return path

    def forget(self, name):
        (self.scratch / f"{name}.jsonl").unlink(missing_ok=True)

    def gold(self, row):
        if row.gold not in quality_sets.MADE:
            return self.data / row.set / row.gold
        source, make = quality_sets.MADE[row.gold]
        path = self.scratch / f"{row.set}.{row.gold}.tsv"
        if not path.exists():
            path.write_text("".join(make(self.data / row.set / source)), encoding="utf-8")
        return path

    def evaluate(self, row, *matching):
        """Measures of one row; matching: the options of the rule. The predictions stay in
        predicted()."""
        gold = self.gold(row)
        options = ["--gold", gold, "--gold-kind", row.kind, "--sweep", "none", "--quiet", "--json",
                   "--predicted", self.predicted(), "--force"]
        if row.kind == "pairs":
            options += ["--positive", row.positive, "--ignore", row.ignore]
        else:
            options += ["--cluster-column", row.column]
        chosen = json.loads(self.call("eval", self.documents(row.set), *options, *matching))
        return {key: chosen["chosen"][key] for key in MEASURES[row.kind]}

    def predicted(self):
        return self.scratch / "predicted.tsv"

    def score(self, row):
        """The same measures by the data folder's scorer, from the last predictions."""
        command = [sys.executable, "-B", self.data / "_tools" / "evalset.py", row.kind,
                   self.gold(row), self.predicted()]
        if row.kind == "pairs":
            command += ["--pos", row.positive, "--ignore", row.ignore]
        else:
            command += ["--col", str(row.column)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        values = dict(part.split("=") for part in done.stdout.split())
        return {key: float(values[theirs]) for key, theirs in MEASURES[row.kind].items()}

    def measured(self, row, preset, *options):
        """One row of the table, and where the two scorers differ."""
        ours = self.evaluate(row, "--preset", preset, *options)
        theirs = self.score(row)
        for key, value in ours.items():
            if abs(value - theirs[key]) > 0.5001 * 10 ** -DIGITS:
                self.disagreements.append(
                    f"{row.set}, {row.name}, preset {preset}: {key} is {value:.4f} by neardup, "
                    f"{theirs[key]:.4f} by the scorer")
        return {"set": row.set, "labels": row.name, "preset": preset, "kind": row.kind,
                **{key: round(float(value), DIGITS) for key, value in ours.items()}}

    def deduped(self, name, *matching):
        """(summary, peak memory in bytes) of a dedup run on one thread."""
        summary = self.scratch / "summary.json"
        command = [self.program, "dedup", self.documents(name), "--threads", "1", "--quiet",
                   "--force", "-o", f"summary:{summary}", *matching]
        done = subprocess.run([sys.executable, "-I", "-S", "-c", START, *map(str, command)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Problem(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
        return json.loads(summary.read_text(encoding="utf-8")), int(done.stdout) * 1024

    def kept(self, name, preset):
        summary, peak = self.deduped(name, "--preset", preset)
        documents = summary["documents"]
        return {"set": name, "preset": preset, "documents": documents, "kept": summary["kept"],
                "kept_percent": round(100 * summary["kept"] / documents, 2),
                "peak_bytes": peak, "bytes_per_document": round(peak / documents)}

    def pairs_at(self, name, *options):
        """(pairs of distinct texts, kept count) at the sketch comparison's threshold. Copies stand
        beside their survivors, which may be others: each text goes by its first document."""
        out = self.scratch / "pairs.jsonl"
        plan = self.scratch / "plan.jsonl"
        threshold = str(quality_sets.SKETCH_THRESHOLD)
        summary, _ = self.deduped(name, "--threshold", threshold, "--number-agreement", "0",
                                  "--templates", "drop", "-o", f"pairs:{out}",
                                  "-o", f"plan:{plan}", *options)
        firsts, first_of = {}, {}
        with open(plan, encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if "text_hash" in record:
                    first_of[record["id"]] = firsts.setdefault(record["text_hash"], record["id"])
        with open(out, encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        return ({(first_of[record["a"]], first_of[record["b"]]) for record in records
                 if record.get("kind") in ("near", "contained", "template")}, summary["kept"])

    def sketched(self, name):
        """Sketches and bands against the exact join."""
        found, kept = self.pairs_at(name)
        every, kept_exact = self.pairs_at(name, "--exact")
        if found - every:
            raise Problem(f"{name}: {len(found - every)} pairs that the exact join does not have")
        return {"set": name, "pairs_exact": len(every), "pairs_found": len(found),
                "recall": round(len(found) / len(every), DIGITS) if every else 1.0,
                "kept_exact": kept_exact, "kept": kept,
                "kept_difference": round((kept - kept_exact) / kept_exact, 6)}

    def known_pairs(self, name, gold, threshold):
        """Share of the brute-force pairs at or above a similarity that is found at it."""
        path = self.scratch / "known.tsv"
        with open(self.data / name / gold, encoding="utf-8") as lines, \
                open(path, "w", encoding="utf-8") as out:
            out.write("#idA\tidB\tlevel\n")
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if not line.startswith("#") and float(fields[4]) >= threshold:
                    out.write(f"{fields[0]}\t{fields[1]}\tdup\n")
        row = quality_sets.pairs(name, "", str(path), "")
        rule = ("--threshold", str(threshold), "--number-agreement", "0",
                "--templates", "drop")
        return {"set": name, "threshold": threshold,
                "recall": round(float(self.evaluate(row, *rule)["recall"]), DIGITS),
                "recall_exact": round(
                    float(self.evaluate(row, *rule, "--exact")["recall"]), DIGITS)}


def read_pairs(path):
    """{pair of ids} of a list of predictions."""
    with open(path, encoding="utf-8") as lines:
        return {frozenset(line.rstrip("\n").split("\t")[:2]) for line in lines}


def read_levels(path):
    """{pair of ids: (level, similarity)} of computed labels."""
    levels = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if not line.startswith("#"):
                levels[frozenset(fields[:2])] = (fields[-1], float(fields[4]))
    return levels


def errors_of(bench, row, preset):
    """What the preset gets wrong on a row of computed labels: missed near-copies by cause, wrong
    pairs by level."""
    levels = read_levels(bench.gold(row))
    found = {}
    for name, options in (("all", ()), ("exact", ("--exact",)),
                          ("free", ("--exact", "--number-agreement", "0",
                                    "--templates", "drop"))):
        bench.evaluate(row, "--preset", preset, *options)
        found[name] = read_pairs(bench.predicted())
    missed = [pair for pair, (level, _) in levels.items()
              if level == row.positive and pair not in found["all"]]
    wrong = {}
    for pair in found["all"]:
        level = levels.get(pair, ("unlisted", 0))[0]
        if level != row.positive and level not in row.ignore.split(","):
            wrong[level] = wrong.get(level, 0) + 1
    by_sketch = sum(pair in found["exact"] for pair in missed)
    by_numbers = sum(pair in found["free"] and pair not in found["exact"] for pair in missed)
    return {"missed": len(missed), "by_sketch": by_sketch, "by_numbers": by_numbers,
            "by_similarity": len(missed) - by_sketch - by_numbers, "wrong": wrong}


def measure(program, data, sets=None, say=print, slow=True):
    """(the whole table as one dictionary, [where the two scorers differ]); sets: names, or None
    for all; slow: with what the check leaves out."""
    wanted = [name for name in quality_sets.set_names() if sets is None or name in sets]
    table = {"schema_version": 1, "measures": [], "kept": [], "sketches": [], "known_pairs": [],
             "errors": [], "noise": [], "repeats": [], "reader": [], "templates": [],
             "contained": [], "copies": [], "noised_copies": [], "answers": [], "stories": []}
    with tempfile.TemporaryDirectory(prefix="neardup-quality-") as scratch:
        bench = Bench(program, data, scratch)
        table["presets"] = bench.presets
        for name in wanted:
            say(f"measuring {name}")
            measure_set(table, bench, name, [
                preset["name"] for preset in bench.presets
                if slow or (name, preset["name"]) not in quality_sets.SLOW])
            levels = quality_noise.LEVELS if slow else quality_noise.QUICK
            if name in quality_noise.SIZES:
                table["noise"] += quality_noise.measure(bench, name, levels)
            if name in quality_contained.SETS:
                table["contained"] += quality_contained.measure(bench, name)
            if name in quality_copies.SETS and (slow or name not in quality_copies.SLOW):
                table["copies"].append(quality_copies.measure(bench, name))
            if name in quality_copies.NOISED:
                table["noised_copies"] += quality_copies.measure_noise(bench, name, levels)
            bench.forget(name)
        if sets is None or quality_repeats.SET in sets:
            say(f"measuring {quality_repeats.SET}")
            table["repeats"] = quality_repeats.measure(bench.program, bench.data, bench.scratch)
        if sets is None or quality_reader.SET in sets:
            say(f"measuring {quality_reader.SET}")
            table["reader"] = quality_reader.measure(bench.program, bench.data, bench.scratch)
        if sets is None or quality_templates.SET in sets:
            say(f"measuring {quality_templates.SET}")
            table["templates"] = quality_templates.measure(
                bench.program, bench.data, bench.scratch,
                [preset["name"] for preset in bench.presets])
        if sets is None or quality_copies.ANSWERS in sets:
            say(f"measuring {quality_copies.ANSWERS}")
            table["answers"] = quality_copies.measure_answers(bench)
        say("measuring stories")
        table["stories"] = quality_stories.measure(bench.program, bench.data, bench.scratch, sets,
                                                   slow)
    return table, bench.disagreements


def measure_set(table, bench, name, presets):
    rows = [row for row in quality_sets.ROWS if row.set == name]
    for preset in presets:
        table["measures"] += [bench.measured(row, preset) for row in rows]
        table["kept"].append(bench.kept(name, preset))
    table["sketches"].append(bench.sketched(name))
    for known, gold, thresholds in quality_sets.EXACT_PAIRS:
        if known == name:
            table["known_pairs"] += [bench.known_pairs(name, gold, t) for t in thresholds]
    for row in rows:
        if row.aim is not None:
            table["errors"].append({"set": name, "aim": row.aim, "preset": presets[0],
                                    **errors_of(bench, row, presets[0])})
