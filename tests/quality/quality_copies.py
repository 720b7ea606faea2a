# SPDX-License-Identifier: MIT
"""Measures the copies of `neardup group`: labelled near-copies and contained texts, noised copies,
and answers that were copied from a source more or less.

A document is in one group of copies, so that of a text that stands in several others one pair is
found. One set of defaults for all sets.
"""
import collections
import csv
import json
import subprocess
import sys

import quality_noise

DIGITS = 4
SETS = ("reuters21578", "fnc1-train", "thaigov-2020-21", "laws-zh", "spdx-licences",
        "rfc-obsoletes")
SLOW = {"thaigov-2020-21", "laws-zh", "rfc-obsoletes"}  # left out of the check
LEFT_OUT = "partial,some,short,ambiguous"
NOISED = ("fnc1-train", "reuters21578")
NOISE_AIMS = {1: .99, 3: .97, 5: .93, 10: .80}  # least recall, at a precision of .99
ANSWERS = "clough-stevenson"
ANSWER_SHARES = (.5, .3)
ANSWER_AIMS = {"cut": .95, "light": .80}  # at the lower share; of `non` none


def evaluated(bench, documents, gold, level, *options):
    """Measures of one run of `neardup eval --level`."""
    return json.loads(bench.call("eval", documents, "--gold", gold, "--level", level, "--quiet",
                                 "--json", *options))["chosen"]


def groups_of(bench, documents, *options):
    """A run's documents: {id: row of its table}."""
    path = bench.scratch / "copies.csv"
    bench.call("group", documents, "--quiet", "--force", "-o", f"csv:{path}", *options)
    with open(path, encoding="utf-8", newline="") as rows:
        return {row["id"]: row for row in csv.DictReader(rows)}


def second_opinion(bench, name, gold):
    """Precision and recall by the data folder's scorer."""
    groups = collections.defaultdict(list)
    for row in groups_of(bench, bench.documents(name)).values():
        groups[row["copy_group"]].append(row["id"])
    with open(bench.predicted(), "w", encoding="utf-8") as out:
        for members in groups.values():
            out.writelines(f"{a}\t{b}\n" for i, a in enumerate(members) for b in members[i + 1:])
    scorer = bench.data / "_tools" / "evalset.py"
    done = subprocess.run([sys.executable, "-B", scorer, "pairs", gold, bench.predicted(),
                           "--pos", "dup,contained", "--ignore", LEFT_OUT],
                          check=True, capture_output=True, text=True)
    values = dict(part.split("=") for part in done.stdout.split())
    return float(values["P"]), float(values["R"])


def measure(bench, name):
    """The row of one set."""
    folder = bench.data / name
    pairs = evaluated(bench, bench.documents(name), folder / "gold.tsv", "copy", "--positive",
                      "dup,contained", "--ignore", LEFT_OUT)
    clusters = evaluated(bench, bench.documents(name), folder / "gold_dup_clusters.tsv", "copy")
    theirs = second_opinion(bench, name, folder / "gold.tsv")
    for key, value in zip(("precision", "recall"), theirs):
        if abs(pairs[key] - value) > 0.5001 * 10 ** -DIGITS:
            bench.disagreements.append(f"{name}, copies: {key} is {pairs[key]:.4f} by neardup, "
                                       f"{value:.4f} by the scorer")
    return {"set": name, **{key: round(float(pairs[key]), DIGITS)
                            for key in ("precision", "recall", "f1")},
            **{key: round(float(clusters[key]), DIGITS)
               for key in ("b3_precision", "b3_recall", "b3_f1", "adjusted_rand")}}


def measure_noise(bench, name, levels):
    """A row for each amount of noise."""
    rows = []
    for percent in levels:
        quality_noise.make(bench.data, name, percent, bench.scratch)
        found = evaluated(bench, bench.scratch / "noise.jsonl", bench.scratch / "noise.tsv", "copy",
                          "--gold-kind", "pairs", "--positive", "noise", "--ignore", "alike")
        rows.append({"set": name, "percent": percent,
                     "precision": round(found["precision"], DIGITS),
                     "recall": round(found["recall"], DIGITS), "wrong": found["false_positives"]})
    return rows


def answer_papers(bench):
    """[(documents of one writer and the sources, [(answer, source, level)])]"""
    lines = open(bench.data / ANSWERS / "gold.tsv", encoding="utf-8").read().splitlines()
    papers = collections.defaultdict(list)
    for line in lines:
        if not line.startswith("#"):
            answer, source, level = line.split("\t")
            papers[answer.split("_")[0]].append((answer, source, level))
    records = [json.loads(line) for line in open(bench.documents(ANSWERS), encoding="utf-8")]
    for answers in papers.values():
        wanted = {name for answer, source, _ in answers for name in (answer, source)}
        yield [record for record in records if record["id"] in wanted], answers


def is_linked(groups, a, b):
    return (groups[a]["copy_group"] == groups[b]["copy_group"] or groups[a]["of"] == b
            or groups[b]["of"] == a)


def measure_answers(bench):
    """Shares of the answers of each level that are told as a copy, or a partial one, of their
    source. Each writer's five answers are one corpus with the five sources."""
    rows = []
    for share in ANSWER_SHARES:
        found, all_of = collections.Counter(), collections.Counter()
        for records, answers in answer_papers(bench):
            path = bench.scratch / "answers.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in records),
                            encoding="utf-8")
            groups = groups_of(bench, path, "--share", str(share))
            for answer, source, level in answers:
                all_of[level] += 1
                found[level] += is_linked(groups, answer, source)
        rows.append({"set": ANSWERS, "share": share,
                     **{level: round(found[level] / all_of[level], DIGITS)
                        for level in ("cut", "light", "heavy", "non")}})
    return rows


def part(table, fixed, grid):
    rows = [[row["set"], *[fixed(row[key]) for key in ("precision", "recall", "f1", "b3_precision",
                                                       "b3_recall", "b3_f1", "adjusted_rand")]]
            for row in table["copies"]]
    out = ["## Copies", "",
           "Groups of copies of `neardup group`, by its defaults. Pairs: against labelled pairs of "
           "the levels dup and contained, of which a document in one group can have only "
           "some where it stands in several others. Clusters: over the documents that have a "
           "near-copy.", "",
           *grid(["set", "pairs: precision", "recall", "F1", "clusters: B3 precision", "B3 recall",
                  "B3 F1", "ARI"], rows)]
    rows = [[row["set"], f"{row['percent']} %", fixed(row["precision"]), fixed(row["recall"]),
             NOISE_AIMS[row["percent"]], row["wrong"]] for row in table["noised_copies"]]
    out += ["", "Noised copies, as in the table above for the preset noisy. Aims: this recall at a "
            "precision of .99.", "",
            *grid(["set", "characters hit", "precision", "recall", "aim", "wrong pairs"], rows)]
    rows = [[f"{row['share']:g}", *[fixed(row[key]) for key in ("cut", "light", "heavy", "non")]]
            for row in table["answers"]]
    return out + ["", "Answers of clough-stevenson that are told as a copy or partial copy of "
                  "their source, by how they were written; each writer's answers with all sources. "
                  "Aims at --share .3: cut .95, light .80, non 0.", "",
                  *grid(["--share", "cut", "light", "heavy", "non"], rows)]
