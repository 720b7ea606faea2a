# SPDX-License-Identifier: MIT
"""Texts with noise as scanning leaves it: a corpus of documents and noised copies, and its labels.

usage: quality_noise.py DATA SET PERCENT FOLDER

Writes FOLDER/noise.jsonl and FOLDER/noise.tsv. What is drawn depends on the set and the level
alone. A fault hits a random character: most become what a scanner takes them for, others are lost,
doubled by a speckle, part a word or join two, or take a whole word along; a lost word counts as
its characters. Faults are drawn until so many characters are hit.
"""
import json
import pathlib
import random
import subprocess
import sys

# set: (documents that get a copy, others beside them)
SIZES = {"fnc1-train": (400, 400), "reuters21578": (1500, 3000), "laws-zh": (200, 400)}
LEVELS = (1, 3, 5, 10)  # per cent of the characters
QUICK = (3, 10)         # those of the check
AIMS = {1: 0.99, 3: 0.98, 5: 0.96, 10: 0.90}  # least recall
LENGTH_LEAST = 100      # characters; a stamp or a headline is no page
# Labels of the set that leave a pair of originals, and of what comes from them, out of the count.
ALIKE = ("dup", "contained", "partial", "some", "short")

LOOKS = {
    "a": "oe", "b": "hdo", "c": "eo", "d": "a", "e": "co", "f": "tr", "g": "qy9", "h": "bn",
    "i": "lj1", "j": "i", "k": "lx", "l": "1I!", "m": ["rn", "n"], "n": ["ri", "u", "h"],
    "o": "0ce", "p": "q", "q": "g", "r": "nt", "s": "5a", "t": "fl", "u": ["ii", "n", "v"],
    "v": "yu", "w": ["vv", "u"], "x": "z", "y": "vg", "z": "2s", "A": "4R", "B": "8R", "C": "GO",
    "D": "O", "E": "F", "F": "PE", "G": "C6", "H": "N", "I": "l1", "K": "R", "L": "I", "M": ["N"],
    "N": "HM", "O": "0Q", "P": "F", "Q": "O", "R": "BK", "S": "58", "T": "I7", "U": "V", "V": "Y",
    "W": ["VV"], "Y": "V", "Z": "2", "0": "O8", "1": "lI", "2": "Z7", "3": "8", "4": "A", "5": "S6",
    "6": "8b", "7": "1", "8": "B3", "9": "g", ".": ",", ",": ".", "-": "~", "'": "`", '"': "'",
}
HAN_LOOKS = ("未末 己已巳 土士 日曰目 人入八 千干于 大太犬 木本术 天夭夫 白自百 王玉主 田由甲申 力刀九 "
             "戊戌戍 折拆析 免兔 今令 代伐 候侯 贷货 拔拨 幕墓暮 载栽裁 历厉 治冶 处外 旦且 乌鸟 "
             "问间闻 住往 扶抉 地他 的约 和知 规现 行街 任伍 报投 第弟 有存 法注 其具 应庆 条务").split()
HAN = {c: [other for other in group if other != c] for group in HAN_LOOKS for c in group}
SPECKLES = ".,'`:;|~-"
WORD_MOST = 12
RUN = (2, 4)  # characters of a lost word where words are not parted


class Page:
    """Characters, each a cell that a fault may fill with none or several."""

    def __init__(self, text, chance):
        self.cells = list(text)
        self.chance = chance
        self.own = sorted({c for c in text if c.isalpha()}) or ["x"]

    def confuse(self, i):
        c = self.cells[i]
        strange = self.own if c.isalnum() else [""] if c.isspace() else SPECKLES
        self.cells[i] = self.chance.choice(LOOKS.get(c) or HAN.get(c) or strange)
        return 1

    def lose(self, i):
        self.cells[i] = ""
        return 1

    def speckle(self, i):
        self.cells[i] += self.chance.choice(SPECKLES)
        return 1

    def part(self, i):
        self.cells[i] = "" if self.cells[i].isspace() else self.cells[i] + " "
        return 1

    def lose_word(self, i):
        """From a random place of it on, as a fold or a stain does."""
        most = WORD_MOST if self.cells[i].isascii() else self.chance.randint(*RUN)
        end = i
        while end < len(self.cells) and end - i < most and not self.cells[end].isspace():
            self.cells[end] = ""
            end += 1
        return max(1, end - i)

    def fault(self):
        """Returns how many characters it hit."""
        i = self.chance.randrange(len(self.cells))
        kinds = (self.confuse, self.lose, self.speckle, self.part, self.lose_word)
        return self.chance.choices(kinds, (70, 9, 7, 10, 4))[0](i) if self.cells[i] else 0


def noised(text, percent, chance):
    page = Page(text, chance)
    left = round(len(text) * percent / 100)
    while left > 0:
        left -= page.fault()
    return "".join(page.cells)


def read_documents(data, name):
    done = subprocess.run(["zstd", "-dcq", data / name / "docs.jsonl.zst"], capture_output=True,
                          check=True)
    records = map(json.loads, done.stdout.decode().splitlines())
    return {record["id"]: record["text"] for record in records
            if len(record["text"]) >= LENGTH_LEAST}


def read_alike(path):
    """Pairs of originals of which it is not said that they are unlike."""
    pairs = set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if fields[-1] in ALIKE:
                pairs.add(tuple(fields[:2]))
    return pairs


def label_lines(copied, chosen, alike):
    """chosen: {original: [it and its copy]}. Levels: noise, which is to be found, and
    alike, which is left out; all else is unlike."""
    lines = ["#idA\tidB\tlevel\n"]
    lines += [f"{name}\t{name}+\tnoise\n" for name in copied]
    for a, b in sorted(alike):
        lines += [f"{x}\t{y}\talike\n" for x in chosen.get(a, ()) for y in chosen.get(b, ())]
    return lines


def make(data, name, percent, folder):
    """Writes the corpus and the labels; returns their paths."""
    documents = read_documents(data, name)
    copies, others = SIZES[name]
    drawn = random.Random(f"{name} documents").sample(sorted(documents), copies + others)
    copied = drawn[:copies]
    corpus, labels = folder / "noise.jsonl", folder / "noise.tsv"
    with open(corpus, "w", encoding="utf-8") as out:
        for one in drawn:
            out.write(json.dumps({"id": one, "text": documents[one]}) + "\n")
        for one in copied:
            text = noised(documents[one], percent, random.Random(f"{one} {percent}"))
            out.write(json.dumps({"id": one + "+", "text": text}) + "\n")
    chosen = {one: [one, one + "+"] for one in copied} | {one: [one] for one in drawn[copies:]}
    alike = read_alike(data / name / "gold.tsv")
    labels.write_text("".join(label_lines(copied, chosen, alike)), encoding="utf-8")
    return corpus, labels


def measure(bench, name, levels):
    """Rows of the preset for noise, one a level."""
    rows = []
    for percent in levels:
        corpus, labels = make(bench.data, name, percent, bench.scratch)
        found = json.loads(bench.call(
            "eval", corpus, "--preset", "noisy", "--gold", labels, "--gold-kind", "pairs",
            "--positive", "noise", "--ignore", "alike", "--sweep", "none", "--quiet",
            "--json"))["chosen"]
        rows.append({"set": name, "percent": percent, "precision": round(found["precision"], 4),
                     "recall": round(found["recall"], 4), "wrong": found["false_positives"]})
    return rows


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4]))
