# SPDX-License-Identifier: MIT
"""Measures `neardup flag` against pairs of passages that were labelled by reading.

The question was: would an editor of this page want this pointed out as a repetition? The set brings
its own scorer, score.py; here it is run and its tables are read. Three views: findings (how many of
those with a label are right), recall (how many right labels are found), and wrong labels that are
shown. Pages and plain text apart, since the former have marked headlines, lists and captions.
"""
import re
import subprocess
import sys

SET = "flag-reader"
ORIGINS = {"pages": ("html-scrapinghub", "html-readability"),
           "plain text": ("fnc1-train", "20news", "reuters21578")}
FINDINGS = ("exact", "exact in a block", "near and contained", "all")
RECALLS = ("headline", "caption", "paragraph", "teaser", "block", "widget", "menu", "all but menus",
           "near and contained by text")


def flag(program, data, scratch, name):
    """The argument of the scorer for one set: findings, and texts to find them in."""
    found, texts = scratch / f"{name}.found.jsonl", scratch / f"{name}.texts.jsonl"
    field = ["--html-field", "html"] if name.startswith("html-") else []
    subprocess.run([program, "flag", data / name / "docs.jsonl.zst", *field, "--quiet", "--force",
                    "-o", f"jsonl:{found}", "-o", f"cleaned:{texts}"], check=True)
    return f"{name}={found}:{texts}"


def read_tables(text):
    """[rows of a table] of a report in Markdown, without head and rule."""
    tables = []
    for block in re.split(r"\n\s*\n", text):
        rows = [[cell.strip() for cell in line.strip("|").split("|")]
                for line in block.splitlines() if line.startswith("|")]
        if len(rows) > 2:
            tables.append(rows[2:])
    return tables


def share(part, whole):
    return round(part / whole, 4) if whole else 1.0


def rows_of(origin, report):
    findings, recalls, wrong = read_tables(report)[:3]
    for name, _, right, bad, *_ in findings:
        if name in FINDINGS:
            labels = int(right) + int(bad)
            yield {"set": SET, "origin": origin, "view": "precision", "kind": name,
                   "labels": labels, "share": share(int(right), labels)}
    for name, labels, found, *_ in recalls:
        if name in RECALLS:
            yield {"set": SET, "origin": origin, "view": "recall", "kind": name,
                   "labels": int(labels), "share": share(int(found), int(labels))}
    for name, labels, shown, *_ in wrong:
        yield {"set": SET, "origin": origin, "view": "wrong ones shown", "kind": name,
               "labels": int(labels), "share": share(int(shown), int(labels))}


def measure(program, data, scratch):
    scorer = data / SET
    made = {name: flag(program, data, scratch, name) for names in ORIGINS.values()
            for name in names}
    rows = []
    for origin, names in (*ORIGINS.items(), ("all", tuple(made))):
        done = subprocess.run([sys.executable, scorer / "score.py", scorer / "labels.jsonl",
                               scorer / "docs.tsv", *[made[name] for name in names]],
                              check=True, capture_output=True, text=True)
        rows += rows_of(origin, done.stdout)
    return rows
