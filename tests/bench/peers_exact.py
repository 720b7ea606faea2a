# SPDX-License-Identifier: MIT
"""The exact answer about a corpus, a check of it, and what a list of kept ids is worth."""
import array
import collections
import csv
import json
import re
import subprocess
import sys

LEAST = 0.5  # pairs are known down to here
CHECKED = 2500  # documents of the independent count
SHINGLE = 5
KEY_MASK = 2 ** 64 - 1
PARTS = 64  # of the shingles


class Answer:
    """All pairs of documents with an exact similarity >= LEAST."""

    def __init__(self, neardup, path, scratch):
        self.path = path
        self.ids = [json.loads(line)["id"] for line in open(path, encoding="utf-8")]
        self.documents = len(self.ids)
        self.numbers = {name: i for i, name in enumerate(self.ids)}
        # The join treats documents of one token sequence as one; threshold 1 tells which they are.
        same = self._join(neardup, scratch, 1)
        root = list(range(self.documents))
        for a, b, _ in same:
            root[b] = a
        members = collections.defaultdict(list)
        for i, first in enumerate(root):
            members[first].append(i)
        self.similarity = {}
        for group in members.values():
            for a in group:
                for b in group:
                    if a < b:
                        self.similarity[a, b] = 1.0
        for a, b, similarity in self._join(neardup, scratch, LEAST):
            for x in members[root[a]]:
                for y in members[root[b]]:
                    if x != y:
                        self.similarity[min(x, y), max(x, y)] = similarity
        self.partners = collections.defaultdict(list)
        for (a, b), similarity in self.similarity.items():
            self.partners[a].append((b, similarity))
            self.partners[b].append((a, similarity))

    def _join(self, neardup, scratch, threshold):
        listed = scratch / "exact.csv"
        subprocess.run([neardup, "dedup", self.path, "--exact", "--threshold", str(threshold),
                        "--number-agreement", "0", "--templates", "drop", "--quiet", "--force",
                        "-o", f"pairs:{listed}"],
                       check=True)
        with open(listed, encoding="utf-8", newline="") as rows:
            return [(self.numbers[row["a"]], self.numbers[row["b"]], float(row["similarity"]))
                    for row in csv.DictReader(rows)]

    def pairs_at(self, threshold):
        return [pair for pair, similarity in self.similarity.items() if similarity >= threshold]

    def check(self):
        """Counts the shared shingles of the first documents in Python; they must agree. ASCII only:
        the words of other scripts need the Unicode tables that are to be checked."""
        texts = []
        with open(self.path, encoding="utf-8") as lines:
            for line in lines:
                texts.append(json.loads(line)["text"])
                if len(texts) == CHECKED:
                    break
        if not all(map(str.isascii, texts)):
            return "not checked independently: not ASCII"
        counted = count_pairs(texts)
        stated = {pair: similarity for pair, similarity in self.similarity.items()
                  if pair[1] < len(texts)}
        if set(counted) != set(stated) or any(abs(counted[pair] - stated[pair]) > 1e-6
                                              for pair in counted):
            sys.exit(f"peers: the exact join differs from an independent count: "
                     f"{sorted(set(counted) ^ set(stated))[:5]}")
        return f"{len(counted)} pairs of the first {len(texts)} counted independently: the same"

    def score(self, kept_ids):
        """Pairs of which one was removed, and removals with a kept partner."""
        kept = {self.numbers[name] for name in kept_ids}
        pairs = self.pairs_at(0.8)
        removed = [i for i in range(self.documents) if i not in kept]

        def right(threshold):
            return sum(any(other in kept and similarity >= threshold
                           for other, similarity in self.partners[i]) for i in removed)
        return {"kept": len(kept), "removed": len(removed), "pairs": len(pairs),
                "found": sum(not (a in kept and b in kept) for a, b in pairs),
                "right_08": right(0.8), "right_05": right(0.5)}


def shingle_keys(text):
    """64-bit keys of the runs of SHINGLE words."""
    words = re.findall("[a-z0-9]+", text.lower())
    last = max(1, len(words) - SHINGLE + 1)
    return {hash(tuple(words[i:i + SHINGLE])) & KEY_MASK for i in range(last)}


def count_pairs(texts, least=LEAST):
    """{(a, b): similarity} of pairs >= least, by counting every shingle that two texts share; part
    by part of the shingles, since all of them at once take much memory."""
    sizes, shared = [], collections.Counter()
    parts = [(array.array("Q"), array.array("I")) for _ in range(PARTS)]
    for i, text in enumerate(texts):
        keys = shingle_keys(text)
        sizes.append(len(keys))
        for key in keys:
            part = parts[key % PARTS]
            part[0].append(key)
            part[1].append(i)
    for part in parts:
        holders = collections.defaultdict(list)
        for key, i in zip(*part):
            for other in holders[key]:
                shared[other, i] += 1
            holders[key].append(i)
    similarities = {(a, b): count / (sizes[a] + sizes[b] - count)
                    for (a, b), count in shared.items()}
    return {pair: similarity for pair, similarity in similarities.items() if similarity >= least}
