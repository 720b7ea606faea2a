# SPDX-License-Identifier: MIT
"""Texts that stand in longer ones: what the rules that ask for containment find of the computed
labels.

A label "contained" says that most of the shorter text stands in the longer one, by the labels' own
measure; "partial" and weaker ones are neither right nor wrong to find.
"""
import quality_sets

SETS = ("fnc1-train", "reuters21578", "thaigov-2020-21", "laws-zh", "spdx-licences",
        "rfc-obsoletes")
WEAKER = "partial,some,short,ambiguous"
# rule: (levels that count as right, levels that are left out)
LEVELS = {"contained": ("contained", "dup," + WEAKER), "either": ("dup,contained", WEAKER)}


def measure(bench, name):
    """A row for each rule, by the default preset; the scorer of the data folder measures, too."""
    rows = []
    for rule, (positive, ignore) in LEVELS.items():
        row = quality_sets.pairs(name, f"rule {rule}", "gold.tsv", "", positive, ignore)
        measured = bench.measured(row, bench.presets[0]["name"], "--rule", rule)
        rows.append({key: value for key, value in measured.items() if key != "kind"})
    return rows


def part(table, fixed, grid):
    rows = [[row["set"], row["labels"], fixed(row["precision"]), fixed(row["recall"]),
             fixed(row["f1"])] for row in table["contained"]]
    return ["## Contained texts", "",
            "The default preset with `--rule contained`, against the labelled pairs of the level "
            "contained, and with `--rule either`, against those of dup and contained. The labels' "
            "containment is not neardup's: from .8 on, by other tokens; neardup asks for .9 of "
            "the shingles of 5, and forms stay.", "",
            *grid(["set", "asked for", "precision", "recall", "F1"], rows)]
