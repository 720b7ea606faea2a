# SPDX-License-Identifier: MIT
"""Which labelled sets of the data folder are measured, against which labels, and why.

The labels called "computed" come from brute force over shared runs of words, see the data folder.
Their levels: dup is a near-copy both ways, contained one way only; partial, some and short are
neither right nor wrong to find; quote, template and every pair that is not listed are wrong.
"""
import collections

# set: folder of the data folder; name: of the row; gold: file in that folder, or a key of MADE;
# kind: pairs or clusters; positive, ignore: levels; column: of the cluster, from 1;
# aim: least F1 of the default preset, or None; note: why these labels.
Row = collections.namedtuple("Row", "set name gold kind positive ignore column aim note")

LEFT_OUT = "contained,partial,some,short"
PLAGIARISM = ("L1", "L2", "L3", "L4", "L5", "L6")


def pairs(folder, name, gold, note, positive="dup", ignore=LEFT_OUT, aim=None):
    return Row(folder, name, gold, "pairs", positive, ignore, 0, aim, note)


def clusters(folder, name, gold, note, column=1):
    return Row(folder, name, gold, "clusters", None, None, column, None, note)


ROWS = [
    # The five sets that the default preset is chosen for: near-copies, computed.
    pairs("reuters21578", "near-copies", "gold.tsv",
          "English newswire; template (same form, other figures) counts as wrong", aim=0.96),
    pairs("fnc1-train", "near-copies", "gold.tsv",
          "English news, sites that copy each other", aim=0.96),
    pairs("thaigov-2020-21", "near-copies", "gold.tsv",
          "Thai releases; labels by 12-character shingles, so not our measure", aim=0.96),
    pairs("laws-zh", "near-copies", "gold.tsv",
          "Chinese law; local rules copy each other", aim=0.96),
    pairs("spdx-licences", "near-copies", "gold.tsv",
          "families of licences with other names in them", aim=0.96),

    # Relations that are known, whatever the texts say.
    clusters("20news", "cross-posts", "gold.tsv",
             "the same Message-ID in several groups; over the ids of these posts"),
    pairs("20news", "near-copies", "overlap_pairs.tsv",
          "computed; quoting is wrong to find"),
    clusters("laws-zh", "versions", "versions.tsv",
             "revisions of one law, of any similarity; over the ids of these laws"),
    pairs("rfc-obsoletes", "near-copies", "gold.tsv",
          "long technical texts, computed"),
    pairs("rfc-obsoletes", "obsoletes", "obsoleted",
          "from the header of the newer one; most are rewritten, near-copies beside them are wrong",
          ignore="none"),
    clusters("manpages-versions", "same page", "gold.tsv",
             "one manual page in four releases"),
    clusters("debian-installguide-html", "same page", "gold.tsv",
             "one page for six machines, in twelve languages; raw HTML taken as text"),

    # Events and topics told in other words: no near-duplicates, so a low figure is no fault.
    clusters("ecbplus", "events", "gold.tsv", "86 events told by many papers; for information"),
    clusters("ecbplus", "topics", "gold.tsv", "43 kinds of event; for information", column=2),
] + [
    # Source code changed more and more to hide where it comes from. Pairs are the original and a
    # copy of one level; pairs of other levels and of two copies of one original are left out.
    pairs("irplag-java", f"copies {level}", "plagiarism", "original and copy",
          positive=level, ignore=",".join(x for x in PLAGIARISM if x != level) + ",derived")
    for level in PLAGIARISM
]

# Sets whose pairs above a similarity are known by brute force: (set, gold, thresholds). The share
# of them that is found, by words without the numbers rule, shows tokens and sketches together.
EXACT_PAIRS = [("speed-dev", "exact_pairs.tsv", (0.5, 0.8))]

# Sketches against the exact join, at this threshold without the numbers rule, on every set above.
SKETCH_THRESHOLD = 0.8
SKETCH_RECALL_LEAST = 0.99
SKETCH_KEPT_MOST = 0.003  # relative difference of the kept count

# What the check leaves to `tests/quality/run`, as (set, preset): long or many texts by shingles of
# characters, each of which takes longer than all other presets of its set together.
SLOW = {(name, "noisy") for name in ("rfc-obsoletes", "speed-dev", "debian-installguide-html",
                                     "manpages-versions")}

LEFT_OUT_SETS = {
    "html-readability": "labels are extracted text",
    "html-scrapinghub": "labels are extracted text",
    "seed-article": "one document",
}


def set_names():
    """All sets that are measured with labels of documents, in the order of the tables."""
    names = [row.set for row in ROWS] + [entry[0] for entry in EXACT_PAIRS]
    return list(dict.fromkeys(names))


def plagiarism_pairs(gold_path):
    """Labelled pairs of irplag-java from its list of files: id, case, category, level."""
    cases = collections.defaultdict(list)
    with open(gold_path, encoding="utf-8") as gold:
        for line in gold:
            if not line.startswith("#") and line.strip():
                name, case, category, level = line.rstrip("\n").split("\t")
                cases[case].append((name, category, level))
    lines = ["#idA\tidB\tlevel\n"]
    for files in cases.values():
        originals = [name for name, category, _ in files if category == "original"]
        copies = [(name, level) for name, category, level in files if category == "plagiarized"]
        for original in originals:
            lines += [f"{original}\t{copy}\t{level}\n" for copy, level in copies]
        for i, (copy, _) in enumerate(copies):
            lines += [f"{copy}\t{other}\tderived\n" for other, _ in copies[:i]]
    return lines


def obsoleted_pairs(gold_path):
    """The pairs of obsoletes.tsv with a level, which the scorer wants."""
    with open(gold_path, encoding="utf-8") as gold:
        pairs_of_ids = [line.rstrip("\n") for line in gold if not line.startswith("#")]
    return ["#idA\tidB\tlevel\n"] + [f"{pair}\tdup\n" for pair in pairs_of_ids]


def contained_pairs(gold_path):
    """The computed labels, of the level contained those from .8 of the shingles on."""
    lines = ["#idA\tidB\tlevel\n"]
    with open(gold_path, encoding="utf-8") as gold:
        for fields in (line.rstrip("\n").split("\t") for line in gold if line[0] != "#"):
            is_little = fields[-1] == "contained" and float(fields[5]) < 0.8
            lines.append("\t".join([*fields[:2], "partial" if is_little else fields[-1]]) + "\n")
    return lines


# Label files that are made from a file of the set: key -> (file, function of its path).
MADE = {"plagiarism": ("gold.tsv", plagiarism_pairs),
        "obsoleted": ("obsoletes.tsv", obsoleted_pairs),
        "contained": ("gold.tsv", contained_pairs)}
