#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write src/text/fold_tables.{c,h}, the folding tables, from the Unicode Character Database.

usage: fold_tables.py [--ucd DIR] [--out DIR] [--check]

--check writes nothing and fails when the files in --out differ from what would be written.
The rules are those of src/text/fold.h. The database is Debian's package unicode-data.
"""
import argparse
import collections
import pathlib
import re
import sys

UNICODE_VERSION = "15.0.0"
CODE_POINTS = 0x110000
BLOCK_BITS = 7
KEPT_MARK_ORDERS = (0, 7, 8, 9)
SYLLABLES = range(0xAC00, 0xAC00 + 11172)

BREAK, WORD, MARK, SINGLE = range(4)
KIND_ONE, KIND_MANY, KIND_SYLLABLE = range(3)
CLASS_SHIFT, ORDER_SHIFT, KIND_SHIFT = 21, 23, 26
LENGTH_SHIFT = 16
RECORD_BREAK = KIND_ONE << KIND_SHIFT | BREAK << CLASS_SHIFT
RECORD_VANISH = KIND_MANY << KIND_SHIFT

SINGLE_SCRIPTS = {"Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"}
# Letters of script Common that are written among kana and ideographs: the closing mark, the
# vertical repeat marks, the prolonged sound mark.
SINGLE_COMMON = {0x3006, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x30FC}

# What stands for damage is a token of its own.
REPLACEMENT = 0xFFFD

# Letters whose names say which letter of ASCII they vary, but which do not decompose: with a
# stroke, a hook, a tail, without the dot.
VARIED_LETTER = re.compile(r"LATIN (?:CAPITAL|SMALL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")
# Forms of alef with a hamza or a wasla that do not decompose as their kin do.
VARIED_ALEF = {0x0671: 0x0627, 0x0672: 0x0627, 0x0673: 0x0627}


class Database:
    """What the folding needs of the Unicode Character Database."""

    def __init__(self, folder):
        self.folder = folder
        self.category = ["Cn"] * CODE_POINTS
        self.combining = {}
        self.decomposition = {}
        self.casefold = {}
        self.variation = dict(VARIED_ALEF)
        self.ignorable = set()
        self.script = {}
        self.read_unicode_data()
        self.read_casefolding()
        for first, last, value in self.properties("DerivedCoreProperties.txt"):
            if value == "Default_Ignorable_Code_Point":
                self.ignorable.update(range(first, last + 1))
        for fields in self.lines("ArabicShaping.txt"):
            if fields[2] == "C":  # tatweel and its kin, which only stretch a word
                self.ignorable.add(int(fields[0], 16))
        for first, last, value in self.properties("Scripts.txt"):
            for code_point in range(first, last + 1):
                self.script[code_point] = value

    def lines(self, name, versioned=True):
        text = (self.folder / name).read_text(encoding="utf-8")
        if versioned and not text.startswith(f"# {name[:-4]}-{UNICODE_VERSION}.txt"):
            sys.exit(f"{self.folder / name} is not of Unicode {UNICODE_VERSION}")
        for line in text.splitlines():
            line = line.split("#", 1)[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]

    def properties(self, name):
        for fields in self.lines(name):
            first, _, last = fields[0].partition("..")
            yield int(first, 16), int(last or first, 16), fields[1]

    def read_unicode_data(self):
        first = None
        for fields in self.lines("UnicodeData.txt", versioned=False):
            code_point = int(fields[0], 16)
            if fields[1].endswith(", First>"):
                first = code_point
                continue
            start = first if fields[1].endswith(", Last>") else code_point
            for each in range(start, code_point + 1):
                self.category[each] = fields[2]
            if fields[3] != "0":
                self.combining[code_point] = int(fields[3])
            if fields[5]:
                mapping = re.sub(r"^<[^>]*>\s*", "", fields[5])
                self.decomposition[code_point] = [int(x, 16) for x in mapping.split()]
            self.read_variation(code_point, fields)

    def read_variation(self, code_point, fields):
        letter = VARIED_LETTER.fullmatch(fields[1])
        if code_point >= 0x80 and fields[2] == "Nd":
            self.variation[code_point] = ord("0") + int(fields[6])
        elif code_point >= 0x80 and letter:
            self.variation[code_point] = ord(letter[1].lower())

    def read_casefolding(self):
        for fields in self.lines("CaseFolding.txt"):
            if fields[1] in ("C", "F"):
                self.casefold[int(fields[0], 16)] = [int(x, 16) for x in fields[2].split()]


def step(ucd, code_point):
    if code_point in ucd.decomposition:
        return ucd.decomposition[code_point]
    return ucd.casefold.get(code_point) or [ucd.variation.get(code_point, code_point)]


def closure(ucd, code_point):
    """NFKD, full case folding and variations of one code point, repeated until nothing changes."""
    sequence = [code_point]
    while True:
        changed = []
        for each in sequence:
            changed += step(ucd, each)
        if changed == sequence:
            return sequence
        sequence = changed


def kept(ucd, code_point):
    return (code_point not in ucd.ignorable
            and ucd.combining.get(code_point, 0) in KEPT_MARK_ORDERS)


def token_class(ucd, code_point):
    category = ucd.category[code_point]
    if code_point == REPLACEMENT:
        return SINGLE
    if category[0] == "M":
        return MARK
    is_single_script = ucd.script.get(code_point) in SINGLE_SCRIPTS
    if category[0] == "L":
        return SINGLE if is_single_script or code_point in SINGLE_COMMON else WORD
    if category[0] == "N":
        is_ideographic_number = category == "Nl" and ucd.script.get(code_point) == "Han"
        return SINGLE if is_ideographic_number else WORD
    return BREAK


def attributes(ucd, code_point):
    """The bits above the code point: class, mark order."""
    kind = token_class(ucd, code_point)
    order = ucd.combining.get(code_point, 0)
    if order and kind != MARK:
        sys.exit(f"U+{code_point:04X} has a combining class but is no mark")
    return kind << CLASS_SHIFT | KEPT_MARK_ORDERS.index(order) << ORDER_SHIFT


class Pool:
    """All expansions in one array, equal parts shared."""

    def __init__(self):
        self.elements = []

    def place(self, sequence):
        limit = len(self.elements) - len(sequence)
        for offset in range(limit + 1):
            if self.elements[offset:offset + len(sequence)] == sequence:
                return offset
        self.elements += sequence
        return len(self.elements) - len(sequence)


def record(ucd, pool, code_point):
    """The packed folding of a code point; see the comment in the generated header."""
    if code_point in SYLLABLES:
        return KIND_SYLLABLE << KIND_SHIFT | WORD << CLASS_SHIFT
    folded = [each for each in closure(ucd, code_point) if kept(ucd, each)]
    if len(folded) == 1 and code_point != REPLACEMENT:
        delta = (folded[0] - code_point) & ((1 << CLASS_SHIFT) - 1)
        return KIND_ONE << KIND_SHIFT | attributes(ucd, folded[0]) | delta
    sequence = [each | attributes(ucd, each) for each in folded]
    offset = pool.place(sequence) if sequence else 0
    return KIND_MANY << KIND_SHIFT | len(sequence) << LENGTH_SHIFT | offset


def tail(records):
    """Where the table may end, and the only range behind it that is not RECORD_BREAK."""
    vanishing = [each for each in range(0xE0000, CODE_POINTS) if records[each] != RECORD_BREAK]
    if vanishing != list(range(vanishing[0], vanishing[-1] + 1)) or any(
            records[each] != RECORD_VANISH for each in vanishing):
        sys.exit("the characters from U+E0000 on are not as simple as the tables assume")
    used = max(each for each in range(0xE0000) if records[each] != RECORD_BREAK) + 1
    return -(-used >> BLOCK_BITS) << BLOCK_BITS, vanishing


def stages(values):
    """Two-stage table of `values`: which block, and the blocks."""
    size = 1 << BLOCK_BITS
    known, index, blocks = {}, [], []
    for start in range(0, len(values), size):
        block = tuple(values[start:start + size])
        if block not in known:
            known[block] = len(known)
            blocks += block
        index.append(known[block])
    return index, blocks


def array(kind, name, values):
    lines, line = [], ""
    for value in values:
        item = str(value) + ","
        if len(line) + len(item) > 100:
            lines.append(line)
            line = ""
        line += item
    lines.append(line)
    return f"const {kind} {name}[{len(values)}] = {{\n" + "\n".join(lines) + "\n};\n"


HEADER = """\
/* Generated by tools/gen/fold_tables.py from Unicode {version}; do not edit. */
/* SPDX-License-Identifier: MIT */
/* The folding of every code point, packed. */
#ifndef NDUP__TEXT_FOLD_TABLES_H
#define NDUP__TEXT_FOLD_TABLES_H

#include <stdint.h>

#define NDUP__UNICODE_VERSION "{version}"

/* A record packs the folding of one code point:
 *
 *   bits  0-20  KIND_ONE: what to add (modulo 2^21) to the code point
 *               KIND_MANY: bits 0-15 offset in ndup__fold_pool, bits 16-20 length, 0 = vanishes
 *   bits 21-22  class (ndup__token_class)
 *   bits 23-24  mark order: 0, or 1 2 3 for the combining classes 7 8 9
 *   bits 26-27  kind
 *
 * An element of the pool has the folded code point itself in bits 0-20. U+FFFD is KIND_MANY, of one
 * element, so that the loops for what is common leave it to the paths that count damage. */
#define NDUP__FOLD_CODE_POINT_MASK 0x1FFFFFu
#define NDUP__FOLD_OFFSET_MASK 0xFFFFu
#define NDUP__FOLD_LENGTH_SHIFT {length_shift}u
#define NDUP__FOLD_LENGTH_MASK 0x1Fu
#define NDUP__FOLD_CLASS_SHIFT {class_shift}u
#define NDUP__FOLD_CLASS_MASK 3u
#define NDUP__FOLD_ORDER_SHIFT {order_shift}u
#define NDUP__FOLD_ORDER_MASK 3u
#define NDUP__FOLD_KIND_SHIFT {kind_shift}u
#define NDUP__FOLD_KIND_ONE {kind_one}u
#define NDUP__FOLD_KIND_MANY {kind_many}u
#define NDUP__FOLD_KIND_SYLLABLE {kind_syllable}u
#define NDUP__FOLD_BLOCK_BITS {block_bits}u

/* Code points from FOLD_LIMIT on stand for themselves and end a token, but for one range of
 * characters that vanish. Both are records of the table, too. */
#define NDUP__FOLD_LIMIT 0x{limit:X}u
#define NDUP__FOLD_VANISH_FIRST 0x{vanish_first:X}u
#define NDUP__FOLD_VANISH_LAST 0x{vanish_last:X}u
#define NDUP__FOLD_RECORD_BREAK 0x{record_break:X}u
#define NDUP__FOLD_RECORD_VANISH 0x{record_vanish:X}u

extern const {index_type} ndup__fold_index[{index}]; /* code point >> BLOCK_BITS -> block */
extern const uint16_t ndup__fold_blocks[{blocks}]; /* block, low bits -> number of the record */
extern const uint32_t ndup__fold_records[{records}];
extern const uint32_t ndup__fold_pool[{pool}];

#endif
"""

SOURCE = """\
/* Generated by tools/gen/fold_tables.py from Unicode {version}; do not edit. */
/* SPDX-License-Identifier: MIT */
/* The folding of every code point, packed. */
#include "text/fold_tables.h"

"""


def generate(folder):
    ucd = Database(folder)
    pool = Pool()
    records = [record(ucd, pool, code_point) for code_point in range(CODE_POINTS)]
    limit, vanishing = tail(records)
    # The commonest records get the shortest numbers, so that the source is small.
    common = [packed for packed, _ in collections.Counter(records[:limit]).most_common()]
    numbers = {packed: number for number, packed in enumerate(common)}
    index, blocks = stages([numbers[packed] for packed in records[:limit]])
    index_type = "uint8_t" if max(index) < 256 else "uint16_t"
    header = HEADER.format(
        version=UNICODE_VERSION, length_shift=LENGTH_SHIFT, class_shift=CLASS_SHIFT,
        order_shift=ORDER_SHIFT, kind_shift=KIND_SHIFT, kind_one=KIND_ONE, kind_many=KIND_MANY,
        kind_syllable=KIND_SYLLABLE,
        block_bits=BLOCK_BITS, limit=limit,
        vanish_first=vanishing[0], vanish_last=vanishing[-1], record_break=RECORD_BREAK,
        record_vanish=RECORD_VANISH, index_type=index_type, index=len(index), blocks=len(blocks),
        records=len(numbers), pool=len(pool.elements))
    source = SOURCE.format(version=UNICODE_VERSION) + "\n".join([
        array(index_type, "ndup__fold_index", index),
        array("uint16_t", "ndup__fold_blocks", blocks),
        array("uint32_t", "ndup__fold_records", numbers),
        array("uint32_t", "ndup__fold_pool", pool.elements)])
    return {"fold_tables.h": header, "fold_tables.c": source}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--ucd", type=pathlib.Path, default="/usr/share/unicode")
    parser.add_argument("--out", type=pathlib.Path, default=root / "src" / "text")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = []
    for name, text in generate(options.ucd).items():
        path = options.out / name
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path))
    if stale:
        sys.exit("not what the generator writes: " + ", ".join(stale))


if __name__ == "__main__":
    main()
