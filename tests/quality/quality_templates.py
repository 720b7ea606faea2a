# SPDX-License-Identifier: MIT
"""Copies and forms: how many contents of families of one form are lost, and how many copies stay.

Of templates-dev, where families.tsv says of every document which form it fills and which content
it holds. A content is lost when none of its documents is kept; documents that are kept beyond one a
content are extra. Family C, of which people say both, is left out.
"""
import collections
import json
import pathlib
import subprocess

SET = "templates-dev"
BOTH_WAYS = "C-either"
ALL = "all"
AIMS = {"lost": 0.05, "extra": 0.10}


def read_families(folder):
    families = {}
    with open(folder / "families.tsv", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, family, _, content = line.split("\t")[:4]
                families[name] = (family, content)
    return families


def kept_ids(program, folder, scratch, preset):
    out = pathlib.Path(scratch) / "templates.txt"
    subprocess.run([program, "dedup", str(folder / "docs.jsonl.zst"), "--preset", preset, "-q",
                    "-f", "-o", f"ids:{out}"], check=True, stdin=subprocess.DEVNULL)
    return set(out.read_text(encoding="utf-8").split("\n"))


def count(families, kept):
    """[(family, contents, lost, documents, extra)], all of them last."""
    stay = collections.defaultdict(lambda: collections.defaultdict(int))
    documents = collections.Counter(family for family, _ in families.values())
    for name, (family, content) in families.items():
        stay[family][content] += name in kept
    rows = [[family, len(contents), sum(n == 0 for n in contents.values()), documents[family],
             sum(max(0, n - 1) for n in contents.values())]
            for family, contents in sorted(stay.items()) if family != BOTH_WAYS]
    return rows + [[ALL, *(sum(row[i] for row in rows) for i in range(1, 5))]]


def measure(program, data, scratch, presets):
    folder = pathlib.Path(data) / SET
    families = read_families(folder)
    rows = []
    for preset in presets:
        for family, contents, lost, documents, extra in count(
                families, kept_ids(program, folder, scratch, preset)):
            copies = documents - contents
            rows.append({"set": SET, "family": family, "preset": preset, "contents": contents,
                         "copies": copies, "lost": round(lost / contents, 4),
                         "extra": round(extra / copies, 4) if copies else 0})
    return rows


def part(table, fixed, grid):
    """The part of TABLE.md: families by the default preset, all of them by each."""
    rows = [[row["preset"], row["family"], row["contents"], fixed(row["lost"]), row["copies"],
             fixed(row["extra"])]
            for row in table["templates"]
            if row["family"] == ALL or row["preset"] == table["presets"][0]["name"]]
    return ["## Copies and forms", "",
            "templates-dev: families of documents that fill one form with contents of their own, "
            "beside true copies. Lost are contents of which no document is kept, of all contents; "
            "extra are documents kept beyond one a content, of all copies. Aims of the default "
            f"preset: at most {AIMS['lost']:g} and {AIMS['extra']:g}.", "",
            *grid(["preset", "family", "contents", "lost", "copies", "extra"], rows)]
