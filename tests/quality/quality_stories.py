# SPDX-License-Identifier: MIT
"""Measures the stories of `neardup group` against clusters of articles about one event.

The scorer of the data folder compares the column "story" with the labels; documents without a label
are traffic around them and count for nothing. One set of defaults for all sets.
"""
import collections
import csv
import subprocess
import sys

DIGITS = 4
# aims: least B-cubed precision, F1 and adjusted Rand index, 0 where none was set; about: why.
Set = collections.namedtuple("Set", "name aims about")
SETS = [
    Set("ecbplus", (0, .87, 0), "86 events told by many papers; dated in part"),
    Set("allsides-leads", (.88, .74, .32), "openings of 360 characters, no dates"),
    Set("allsides-full", (.90, .83, .50), "dated, 1,723 labelled ones in traffic of 5,631 more"),
    Set("multiling2011", (0, .63, 0), "100 texts each in Arabic, English, French and Hindi"),
]
AIMS = {row.name: row.aims for row in SETS}
SLOW = {"allsides-full", "multiling2011"}  # left out of the check, with what takes long
# neardup's name of a measure -> the scorer's.
MEASURES = {"b3_precision": "B3P", "b3_recall": "B3R", "b3_f1": "B3F", "adjusted_rand": "ARI"}


def measure_set(program, data, scratch, name):
    table, found = scratch / "stories.csv", scratch / "stories.tsv"
    subprocess.run([program, "group", data / name / "docs.jsonl.zst", "--quiet", "--force",
                    "-o", f"csv:{table}"], check=True, capture_output=True)
    with open(table, encoding="utf-8", newline="") as rows:
        found.write_text("".join(f"{row['id']}\t{row['story']}\n" for row in csv.DictReader(rows)),
                         encoding="utf-8")
    done = subprocess.run([sys.executable, "-B", data / "_tools" / "evalset.py", "clusters",
                           data / name / "gold.tsv", found],
                          check=True, capture_output=True, text=True)
    values = dict(part.split("=") for part in done.stdout.split())
    return {"set": name, **{key: round(float(values[theirs]), DIGITS)
                            for key, theirs in MEASURES.items()}}


def measure(program, data, scratch, sets=None, slow=True):
    """sets: names, or None for all; slow: with what the check leaves out."""
    return [measure_set(program, data, scratch, row.name) for row in SETS
            if (sets is None or row.name in sets) and (slow or row.name not in SLOW)]


def verdict(row):
    keys = ("b3_precision", "b3_f1", "adjusted_rand")
    missed = [key for key, aim in zip(keys, AIMS[row["set"]]) if row[key] < aim]
    return "MISSES " + ", ".join(missed) if missed else "reaches"


def part(table, fixed, grid):
    def aims(name):
        return " / ".join(f"{aim:g}" if aim else "-" for aim in AIMS[name])
    about = {row.name: row.about for row in SETS}
    rows = [[row["set"], about[row["set"]], *[fixed(row[key]) for key in MEASURES],
             aims(row["set"]), verdict(row)] for row in table["stories"]]
    return ["## Stories", "",
            "Stories of `neardup group`, by its defaults, against labelled events. The constants "
            "were chosen on these four sets: expect less on others. Aims: least B3 precision, F1 "
            "and ARI. The labels of multiling2011 are ten topics a language.", "",
            *grid(["set", "about", "B3 precision", "B3 recall", "B3 F1", "ARI", "aims", ""], rows)]
