#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts what a cleaned output left out back in its place.

usage: restore.py CLEANED REPEATS ORIGINAL; prints the ids of texts that do not come back.
"""
import json
import sys


def records(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def restore(text, spans):
    """Spans in the order of their offsets in the whole text: each goes where it was."""
    parts = bytearray(text.encode())
    for offset, piece in sorted(spans.items()):
        parts[offset:offset] = piece.encode()
    return parts.decode()


def main():
    cleaned, repeats, original = map(records, sys.argv[1:4])
    spans = {}
    for repeat in repeats:
        if "removed" in repeat:
            removed = repeat["removed"]
            spans.setdefault(repeat["id"], {})[removed["offset"]] = removed["text"]
    for record, whole in zip(cleaned, original):
        if restore(record["text"], spans.get(record["id"], {})) != whole["text"]:
            print(record["id"], "differs")
    print(len(cleaned), "texts,", sum(map(len, spans.values())), "pieces put back")


if __name__ == "__main__":
    main()
