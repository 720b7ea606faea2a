#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints the documents of the golden index as JSON lines: the sample corpus, text by text and
paragraph by paragraph, and each paragraph with a word left out; or questions: the same with another
word left out, the first half of each text, and whole texts as they are and in capitals.

usage: documents.py [questions]
"""
import json
import pathlib
import sys

NEWS = pathlib.Path(__file__).resolve().parent.parent / "samples" / "news"


def without(text, part):
    """The text without the word that stands there."""
    words = text.split(" ")
    place = int(part * len(words))
    return " ".join(words[:place] + words[place + 1:])


def texts():
    """Names and texts, in the order of names."""
    for path in sorted(NEWS.rglob("*.txt")):
        name = path.relative_to(NEWS).as_posix()
        text = path.read_text(encoding="utf-8")
        yield name, text
        for i, paragraph in enumerate(text.split("\n\n")):
            yield f"{name}#{i}", paragraph
            yield f"{name}#{i}-", without(paragraph, 0.5)


def questions():
    for name, text in texts():
        yield f"{name}?", without(text, 0.3)
        yield f"{name}<", text[:len(text) // 2]
        if "#" not in name:
            yield f"{name}=", text
            yield f"{name}^", text.upper()


asked = sys.argv[1:] == ["questions"]
for number, (name, text) in enumerate(questions() if asked else texts()):
    day = f"2026-01-{1 + number % 28:02}"
    print(json.dumps({"id": name, "source": name.split("/")[0], "date": day, "text": text},
                     ensure_ascii=False))
