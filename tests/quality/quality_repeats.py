# SPDX-License-Identifier: MIT
"""Measures `neardup flag` on pages whose repeated blocks are labelled.

The labels are computed: every pair of blocks (lines) of a page that is exact, near (Jaccard of
5-character shingles >= .7) or contained. Not labelled, and so left out here, are pairs with the
title (line 0) and with blocks of fewer than 5 words or 30 characters (12 ideographs).

Two views. Pairs: every two blocks that are linked exactly, if through others, are a pair;
a near link joins each block of the one group with each of the other. Blocks: a block is to be
flagged when it is labelled with an earlier one, and is found when it is flagged.
"""
import bisect
import collections
import json
import re
import subprocess
import unicodedata

SET = "repeats-dev"
KINDS = ("exact", "near")
DIGITS = 4


def is_labelled(line):
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", line))
    ideographs = sum("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in line)
    return (len(words) >= 5 and len(line) >= 30) or ideographs >= 12


class Page:
    """The lines of a text, by byte offset, and which may be labelled."""

    def __init__(self, text):
        lines = text.split("\n")
        self.labelled = [i > 0 and is_labelled(line) for i, line in enumerate(lines)]
        self.numbers = [sorted(re.findall(r"\w*\d\w*", line)) for line in lines]
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line.encode()) + 1)

    def line(self, offset):
        return bisect.bisect_right(self.starts, offset) - 1


def read_pages(path):
    done = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True)
    records = map(json.loads, done.stdout.decode().splitlines())
    return {record["id"]: Page(record["text"]) for record in records}


def read_labels(path):
    """{page: {(a, b): kind}} with a < b."""
    labels = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                page, a, b, kind = line.split("\t")[:4]
                labels[page][(int(a), int(b))] = kind
    return labels


def read_found(path, pages):
    """{page: {(first, unit): kind}} in lines; what repeats the title field is left out."""
    found = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            repeat = json.loads(line)
            if "unit" in repeat.get("first", {}):
                page = pages[repeat["id"]]
                pair = (page.line(repeat["first"]["offset"]), page.line(repeat["offset"]))
                kind = "exact" if repeat["kind"] == "normalized" else repeat["kind"]
                found[repeat["id"]][pair] = kind
    return found


def all_pairs(links):
    """The links with all pairs that follow from them. A copy may be linked to an earlier copy, not
    to the first one: in a run of units that comes again."""
    exact = (pair for pair, kind in links.items() if kind == "exact")
    origin = {}
    for first, unit in sorted(exact, key=lambda pair: pair[1]):
        origin[unit] = origin.get(first, first)
    group = {}
    for unit, first in origin.items():
        group.setdefault(first, [first]).append(unit)
    member = {line: lines for lines in group.values() for line in lines}
    pairs = {}
    for lines in group.values():
        lines.sort()
        pairs.update(((a, b), "exact") for i, b in enumerate(lines) for a in lines[:i])
    for (first, unit), kind in links.items():
        for a in member.get(first, [first]) if kind != "exact" else ():
            for b in member.get(unit, [unit]):
                pairs.setdefault((min(a, b), max(a, b)), kind)
    return pairs


def share(part, whole):
    return round(part / whole, DIGITS) if whole else 1.0


def pair_row(kind, pages, labels, found):
    right = wrong = reached = 0
    for name, page in pages.items():
        pairs = {pair: how for pair, how in all_pairs(found[name]).items()
                 if page.labelled[pair[0]] and page.labelled[pair[1]]}
        known = labels[name]
        right += sum(how == kind and pair in known for pair, how in pairs.items())
        wrong += sum(how == kind and pair not in known for pair, how in pairs.items())
        reached += sum(how == kind and pair in pairs for pair, how in known.items())
    count = sum(how == kind for known in labels.values() for how in known.values())
    return {"labelled": count, "precision": share(right, right + wrong),
            "recall": share(reached, count)}


def block_row(kind, pages, labels, found, same_numbers=False):
    """Precision is over what repeats a block that may be labelled; what repeats the title counts as
    flagged. same_numbers: labelled pairs whose numbers differ are left out."""
    right = wrong = reached = count = 0
    for name, page in pages.items():
        best = {}
        for (first, unit), how in labels[name].items():
            if not same_numbers or page.numbers[first] == page.numbers[unit]:
                best[unit] = min(how, best.get(unit, how),
                                 key=("exact", "near", "contained").index)
        known = {unit for _, unit in labels[name]}
        flagged = {unit: how for (first, unit), how in found[name].items()
                   if page.labelled[first] and page.labelled[unit]}
        every = {unit for _, unit in found[name]}
        right += sum(how == kind and unit in known for unit, how in flagged.items())
        wrong += sum(how == kind and unit not in known for unit, how in flagged.items())
        reached += sum(how == kind and unit in every for unit, how in best.items())
        count += sum(how == kind for how in best.values())
    return {"labelled": count, "precision": share(right, right + wrong),
            "recall": share(reached, count)}


def same_numbers_row(kind, pages, labels, found):
    return block_row(kind, pages, labels, found, same_numbers=True)


def measure(program, data, scratch):
    """Rows of both views, kinds, and with and without refrains."""
    pages = read_pages(data / SET / "docs.jsonl.zst")
    labels = read_labels(data / SET / "gold.tsv")
    rows = []
    for options in ((), ("--refrains",)):
        out = scratch / "repeats.jsonl"
        subprocess.run([program, "flag", data / SET / "docs.jsonl.zst", "--quiet", "--force",
                        "-o", f"jsonl:{out}", *options], check=True)
        found = read_found(out, pages)
        for view, row in (("pairs", pair_row), ("blocks", block_row),
                          ("blocks with the same numbers", same_numbers_row)):
            rows += [{"set": SET, "view": view, "kind": kind, "options": " ".join(options),
                      **row(kind, pages, labels, found)} for kind in KINDS]
    return rows
