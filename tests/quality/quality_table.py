# SPDX-License-Identifier: MIT
"""The quality table for people (TABLE.md) and for programs (table.json)."""
import json

import quality_contained
import quality_copies
import quality_noise
import quality_sets
import quality_stories
import quality_templates

PARTS = ("presets", "measures", "kept", "sketches", "known_pairs", "errors", "noise", "repeats",
         "reader", "templates", "contained", "copies", "noised_copies", "answers",
         "stories")


def to_json(table):
    """JSON with one row a line, so that a change shows as the rows that changed."""
    parts = [f'  "schema_version": {table["schema_version"]}']
    for part in PARTS:
        rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in table[part])
        parts.append(f'  "{part}": [\n{rows}\n  ]' if rows else f'  "{part}": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def line(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def grid(heads, rows):
    """A Markdown table; every column but the first two is aligned to the right."""
    rule = ["---"] * 2 + ["---:"] * (len(heads) - 2)
    return [line(heads), line(rule[:len(heads)]), *[line(row) for row in rows], ""]


def fixed(value):
    return f"{value:.4f}"


def preset_rule(preset):
    numbers = preset["number_agreement"]
    return (f"similarity >= {preset['threshold']:g} of shingles of {preset['shingle_size']} "
            f"{preset['tokens']}" + (f", numbers agree >= {numbers:g}" if numbers else ""))


def preset_part(table, preset):
    def rows(kind, keys):
        return [[row["set"], row["labels"], *[fixed(row[key]) for key in keys]]
                for row in table["measures"]
                if row["preset"] == preset["name"] and row["kind"] == kind]
    name = preset["name"] + (" (default)" if preset["default"] else "")
    pairs = rows("pairs", ("precision", "recall", "f1"))
    groups = rows("clusters", ("adjusted_rand", "b3_precision", "b3_recall", "b3_f1"))
    out = [f"## {name}", "", preset_rule(preset) + ".", ""]
    if pairs:
        out += grid(["set", "pairs", "precision", "recall", "F1"], pairs)
    if groups:
        out += grid(["set", "clusters", "ARI", "B3 precision", "B3 recall", "B3 F1"], groups)
    return out


def repeats_part(table):
    """The aims are the least precision and recall of exact and near repeats."""
    aims = {"exact": ".98 / .95", "near": ".95 / .90"}
    rows = [[f"{row['kind']}, {row['view']}", row["options"] or "default", row["labelled"],
             fixed(row["precision"]), fixed(row["recall"]), aims[row["kind"]]]
            for row in table["repeats"]]
    return ["## Repeats inside documents", "",
            "Computed labels, which tell whether what is alike is found, not whether anybody would "
            "want it: entries of contents lists and lines of recipes are labelled, too. "
            "`neardup flag` on repeats-dev, web pages cut into blocks. Labelled are computed pairs "
            "of blocks of a page, exact, or near with a Jaccard similarity of 5-character "
            "shingles of .7 and more. By blocks: a block that is labelled with an earlier one is "
            "to be flagged. By pairs: all pairs that follow from what was flagged; a repeat "
            "is linked to one first occurrence, so many near-copies of one line give a star of "
            "pairs, where the labels have all of them. Where near blocks differ in their numbers "
            "(Issue 103, Issue 106; dates), or say another word in one frame (a series), they are "
            "refrains by default and not flagged "
            "(src/repeat/README.md): that costs recall here, and is meant to.", "",
            *grid(["repeats", "options", "labelled", "precision", "recall", "aim"], rows)]


def noise_part(table):
    rows = [[row["set"], f"{row['percent']} %", fixed(row["precision"]),
             fixed(row["recall"]), f"{quality_noise.AIMS[row['percent']]:g}", row["wrong"]]
            for row in table["noise"]]
    return ["## Noise", "",
            "Preset noisy on documents and noised copies of some, as quality_noise.py makes them: "
            "letters taken for others, lost, doubled; words split, joined and lost. Right is a "
            "copy with its original; two documents of different origin are wrong, unless they are "
            "labelled as alike. Aims: the recall that stands in the table, and a precision of "
            ".995, which form reports of Reuters-21578 are in the way of: they share more of "
            "their letters than a text with damage in every tenth letter does with its original.",
            "", *grid(["set", "characters hit", "precision", "recall", "aim", "wrong pairs"],
                      rows)]


def reader_part(table):
    """Labels made by reading; the aims stand in words."""
    def rows(view):
        found = {(row["kind"], row["origin"]): row for row in table["reader"]
                 if row["view"] == view}
        kinds = dict.fromkeys(kind for kind, _ in found)
        return [[kind, *[cell for origin in ("pages", "plain text", "all")
                         for cell in cells(found.get((kind, origin)))]] for kind in kinds]

    def cells(row):
        return [row["labels"], fixed(row["share"])] if row else ["", ""]
    heads = ["pages: labels", "share", "plain text: labels", "share", "all: labels", "share"]
    return ["## Repeats as a reader sees them", "",
            "`neardup flag` on flag-reader: pairs of passages read in their page or text, with the "
            "question whether an editor would want them pointed out. These labels are worth more "
            "than those of the table above, which are the detector's own criterion computed again "
            "and cannot see a finding that nobody wants; they are fewer, and some right ones may "
            "not be among them. Precision is of the findings that have a label. Recall is of the "
            "right labels; a menu or a widget is found when half of it is flagged.", "",
            *grid(["precision of", *heads], rows("precision")),
            *grid(["recall of", *heads], rows("recall")),
            *grid(["wrong ones that are shown", *heads], rows("wrong ones shown"))]


def kept_part(table):
    names = [preset["name"] for preset in table["presets"]]
    found = {(row["set"], row["preset"]): row for row in table["kept"]}
    sets = list(dict.fromkeys(row["set"] for row in table["kept"]))
    kept = [[name, found[name, names[0]]["documents"],
             *[f"{found[name, preset]['kept']} ({found[name, preset]['kept_percent']:.2f} %)"
               for preset in names]] for name in sets]
    memory = [[name, found[name, names[0]]["documents"],
               *[found[name, preset]["bytes_per_document"] for preset in names]] for name in sets]
    return ["## Documents kept", "", *grid(["set", "documents", *names], kept),
            "## Peak memory of the process, bytes per document", "",
            "One thread. Buffers and the texts that are compared count, so that small sets and "
            "sets of long texts have high figures.", "",
            *grid(["set", "documents", *names], memory)]


def sketch_part(table):
    rows = [[row["set"], row["pairs_exact"], row["pairs_found"], fixed(row["recall"]),
             row["kept_exact"], row["kept"], f"{100 * row['kept_difference']:+.3f} %"]
            for row in table["sketches"]]
    out = ["## Sketches against the exact join", "",
           f"Shingles of the default preset, similarity >= {quality_sets.SKETCH_THRESHOLD:g}, "
           "without the numbers rule; pairs of distinct texts. Asked for: recall >= "
           f"{quality_sets.SKETCH_RECALL_LEAST:g}, kept within "
           f"{100 * quality_sets.SKETCH_KEPT_MOST:g} %.", "",
           *grid(["set", "pairs", "found", "recall", "kept, exact", "kept", "difference"], rows)]
    known = [[row["set"], f"{row['threshold']:g}", fixed(row["recall"]),
              fixed(row["recall_exact"])] for row in table["known_pairs"]]
    if known:
        out += ["Share of the pairs known by brute force that is found. Their tokens are not quite "
                "ours, so the exact join misses some, too.", "",
                *grid(["set", "similarity >=", "by sketches", "by the exact join"], known)]
    return out


def error_line(entry, f1):
    causes = [f"{entry[key]} {text}" for key, text in (
        ("by_similarity", "below the threshold"), ("by_numbers", "as of one form"),
        ("by_sketch", "by the sketches")) if entry[key]]
    wrong = [f"{count} {level}" for level, count in sorted(entry["wrong"].items())]
    verdict = "reaches" if f1 >= entry["aim"] else "MISSES"
    return (f"- {entry['set']}: F1 {f1:.4f} {verdict} the aim of {entry['aim']:g}; "
            f"{entry['missed']} missed" + (f" ({', '.join(causes)})" if causes else "") +
            f", {sum(entry['wrong'].values())} wrong" + (f" ({', '.join(wrong)})" if wrong else ""))


def error_part(table):
    scores = {row["set"]: row["f1"] for row in reversed(table["measures"])
              if row["labels"] == "near-copies" and row["preset"] == table["presets"][0]["name"]}
    return ["## What stands between", "",
            "The default preset and a perfect answer on the near-copies that it was chosen for: "
            "labelled pairs that are missed, by cause, and wrong pairs, by the level they have.",
            "", *[error_line(entry, scores[entry["set"]]) for entry in table["errors"]], ""]


def sets_part():
    rows = [[row.set, row.name, row.kind, row.note] for row in quality_sets.ROWS]
    out = ["## The sets", "", "| set | labels | kind | about |", "|---|---|---|---|",
           *[line(row) for row in rows], ""]
    left = [f"{name} ({why})" for name, why in quality_sets.LEFT_OUT_SETS.items()]
    return out + ["Left out, as they have no labelled pairs or clusters of documents: " +
                  ", ".join(left) + "."]


def agreement_part(disagreements):
    if not disagreements:
        return ["A scorer that shares no code with neardup, given the pairs and groups that "
                "`neardup eval --predicted` writes, agrees with every measure to four decimals.",
                ""]
    return ["**A scorer that shares no code with neardup, given the pairs and groups that "
            "`neardup eval --predicted` writes, comes to other figures here:**", "",
            *[f"- {text}" for text in disagreements], ""]


def to_markdown(table, disagreements):
    out = ["<!-- Written by tests/quality/run --update -->", "# Quality", "",
           "What every preset finds in labelled sets of real text, measured by `neardup eval` at "
           "the preset's threshold.", ""]
    out += error_part(table) + agreement_part(disagreements)
    for preset in table["presets"]:
        out += preset_part(table, preset)
    out += quality_contained.part(table, fixed, grid)
    out += quality_templates.part(table, fixed, grid) + noise_part(table)
    out += quality_copies.part(table, fixed, grid)
    out.append("")
    out += quality_stories.part(table, fixed, grid)
    out += repeats_part(table) + reader_part(table) + kept_part(table)
    out += sketch_part(table) + sets_part()
    return "\n".join(out) + "\n"
