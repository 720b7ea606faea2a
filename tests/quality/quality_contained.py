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
# What is asked for: (labels, levels that count as right, levels that are left out, options)
ASKED = {
    "contained, from .8 of the shingles on": ("contained", "contained", "dup," + WEAKER,
                                              ("--rule", "contained", "--containment", ".8")),
    "dup and contained": ("gold.tsv", "dup,contained", WEAKER, ("--rule", "either")),
}


def measure(bench, name):
    """A row for each, by the default preset; the scorer of the data folder measures, too."""
    rows = []
    for asked, (gold, positive, ignore, options) in ASKED.items():
        row = quality_sets.pairs(name, asked, gold, "", positive, ignore)
        measured = bench.measured(row, bench.presets[0]["name"], *options)
        rows.append({key: value for key, value in measured.items() if key != "kind"})
    return rows


def part(table, fixed, grid):
    rows = [[row["set"], row["labels"], fixed(row["precision"]), fixed(row["recall"]),
             fixed(row["f1"])] for row in table["contained"]]
    return ["## Contained texts", "",
            "The default preset with `--rule contained --containment .8`, against the labelled "
            "pairs of the level contained of which the shorter text has .8 of its shingles in the "
            "longer one; and with `--rule either` as it is (.9), against all of the levels dup and "
            "contained, which go by tokens in shared runs, from .8 on: much of these lies between. "
            "Pairs of one form are not found, nor all pairs of a text that stands in over 64 "
            "others or is like many: to drop it takes one.", "",
            *grid(["set", "labels", "precision", "recall", "F1"], rows)]
