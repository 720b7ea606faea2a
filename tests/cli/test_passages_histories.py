#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What classical histories share, against all their runs of 30 characters.

usage: test_passages_histories.py NEARDUP

Reads histories-zh/docs.jsonl.zst in $NEARDUP_DATA; skipped without it, or without zstd.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unicodedata

RUN = 30  # ideographs: as many as count 15 words
PLACES_MOST = 16
FILTER_BITS = 27


def folded(text):
    """(folded character, its bytes in the text) of each character that stays."""
    offset = 0
    for letter in text:
        length = len(letter.encode())
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if unicodedata.category(part)[0] in "LN":
                yield part, offset, offset + length
        offset += length


def is_single(letter):
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or \
        letter >= "\U00020000"


def tokens_of(text):
    """[token, begin, end]: an ideograph, or what is written together of other letters."""
    tokens = []
    for letter, begin, end in folded(text):
        joins = tokens and tokens[-1][2] == begin and not is_single(letter) and \
            not is_single(tokens[-1][0][0])
        if joins:
            tokens[-1][0] += letter
            tokens[-1][2] = end
        else:
            tokens.append([letter, begin, end])
    return tokens


class Text:
    """A document as a string of one character a token."""

    def __init__(self, record, numbers):
        tokens = tokens_of(record["text"])
        self.id = record["id"]
        self.source = record["source"]
        self.places = [(begin, end) for _, begin, end in tokens]
        self.string = "".join(chr(0x10000 + numbers.setdefault(token, len(numbers)))
                              for token, _, _ in tokens)
        self.weights = [2 if is_single(token[0]) else 4 for token, _, _ in tokens]


def repeated_runs(texts):
    """{run: [(document, place)]} of the runs of RUN tokens that stand in two places or more."""
    once, twice = bytearray(1 << FILTER_BITS), bytearray(1 << FILTER_BITS)
    mask = (1 << FILTER_BITS) - 1
    for text in texts:
        for i in range(len(text.string) - RUN + 1):
            slot = hash(text.string[i:i + RUN]) & mask
            twice[slot] |= once[slot]
            once[slot] = 1
    runs = collections.defaultdict(list)
    for number, text in enumerate(texts):
        for i in range(len(text.string) - RUN + 1):
            run = text.string[i:i + RUN]
            if twice[hash(run) & mask]:
                runs[run].append((number, i))
    return runs


def maximal_runs(texts):
    """(a, place, b, place, tokens) of what two documents share; no more of a run's places in one
    document than are looked at."""
    for places in repeated_runs(texts).values():
        counts = collections.Counter(number for number, _ in places)
        if len(counts) < 2 or max(counts.values()) > PLACES_MOST:
            continue
        for k, (b, j) in enumerate(places):
            for a, i in places[:k]:
                one, other = texts[a], texts[b]
                is_begun = i > 0 and j > 0 and one.string[i - 1] == other.string[j - 1]
                if a == b or is_begun:
                    continue
                length = RUN
                while one.string[i + length:i + length + 1] == \
                        other.string[j + length:j + length + 1] != "":
                    length += 1
                yield a, i, b, j, length


def must_be_found(weights):
    """Three quarters of a word more are needed where scripts mix."""
    return sum(weights) >= 2 * RUN + (3 if len(set(weights)) > 1 else 0)


def longest_run(one, other):
    """The most that a run in both lists of (token, weight) counts."""
    best, row = 0, {}
    where = collections.defaultdict(list)
    for j, (token, _) in enumerate(other):
        where[token].append(j)
    for token, weight in one:
        row = {j: row.get(j - 1, 0) + weight for j in where[token]}
        best = max([best, *row.values()])
    return best


def read_passages(texts, path):
    """{(a, b): [(begin, end, begin, end)]} in tokens, each seen to be what it says it is."""
    numbers = {text.id: number for number, text in enumerate(texts)}
    found = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        passage = json.loads(line)
        spans = []
        for side in ("a", "b"):
            place = passage[side]
            text = texts[numbers[place["id"]]]
            begin, end = place["first_token"], place["first_token"] + place["tokens"]
            assert place["document_tokens"] == len(text.places), place
            assert place["offset"] == text.places[begin][0], place
            assert place["offset"] + place["bytes"] == text.places[end - 1][1], place
            spans.append((begin, end, list(zip(text.string[begin:end], text.weights[begin:end]))))
        (a, a_end, one), (b, b_end, other) = spans
        assert longest_run(one, other) >= 2 * RUN, passage
        pair = numbers[passage["a"]["id"]], numbers[passage["b"]["id"]]
        found[pair].append((a, a_end, b, b_end))
    return found


def check(texts, runs, found, by_source):
    count = 0
    for a, i, b, j, length in runs:
        is_compared = not by_source or texts[a].source != texts[b].source
        if is_compared and must_be_found(texts[a].weights[i:i + length]):
            count += 1
            assert any(p[0] <= i and i + length <= p[1] and p[2] <= j and j + length <= p[3]
                       for p in found[a, b]), (texts[a].id, i, texts[b].id, j, length)
    if by_source:
        assert all(texts[a].source != texts[b].source for a, b in found)
    return count


def main(program):
    data = os.environ.get("NEARDUP_DATA")
    packed = pathlib.Path(data or "", "histories-zh", "docs.jsonl.zst")
    if not data or not packed.exists() or not shutil.which("zstd"):
        print("skip - passages of histories: no data folder, or no zstd; set NEARDUP_DATA")
        return 0
    lines = subprocess.run(["zstd", "-dcq", packed], capture_output=True, check=True).stdout
    numbers = {}
    texts = [Text(json.loads(line), numbers) for line in lines.decode().rstrip("\n").split("\n")]
    runs = list(maximal_runs(texts))
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder, "histories.jsonl")  # the program may have no zstd
        plain.write_bytes(lines)
        for name, words in (("all", []), ("between works", ["--series", "source"])):
            out = pathlib.Path(folder, "found.jsonl")
            subprocess.run([program, "passages", plain, "-qf", "-o", f"jsonl:{out}", *words],
                           check=True)
            count = check(texts, runs, read_passages(texts, out), bool(words))
            assert count > 1000, count
            print(f"ok - passages of histories, {name}: {count} runs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
