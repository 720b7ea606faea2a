#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the pages of passages say, against the families of the same run and the texts themselves.

usage: test_passages_page.py NEARDUP

Of made-up papers that quote each other; with $NEARDUP_DATA and zstd of Reuters-21578, too.
"""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)


def made_records(count):
    """Texts with quotations from earlier ones: cut, edited, and with little between."""
    chance = random.Random(7)
    texts = []
    for i in range(count):
        words = [f"w{chance.randrange(5000)}" for _ in range(chance.randrange(30, 90))]
        for _ in range(chance.randrange(4) if texts else 0):
            quoted = chance.choice(texts)
            start = chance.randrange(len(quoted) - 20)
            quotation = quoted[start:start + chance.randrange(20, 60)]
            if chance.random() < 0.4:
                quotation[chance.randrange(len(quotation))] = "é <edited> & 漢"
            place = chance.randrange(len(words))
            words[place:place] = quotation
        texts.append(words)
        record = {"id": f"d{i}", "source": f"paper {chance.randrange(5)}", "text": " ".join(words)}
        if chance.random() < 0.8:
            record["date"] = f"2021-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield record


def without_overlaps(places):
    """Of places of one document that overlap the longest."""
    shown = []
    for i, place in enumerate(places):
        last = places[i - 1] if i > 0 else None
        overlaps = last and last["id"] == place["id"] and \
            place["offset"] < shown[-1]["offset"] + shown[-1]["bytes"]
        if not overlaps:
            shown.append(place)
        elif place["tokens"] > shown[-1]["tokens"]:
            shown[-1] = place
    return shown


def text_of(pieces, folded):
    """The text, and whether it is all there."""
    text = ""
    for piece in pieces:
        if isinstance(piece, dict) and "folded" in piece:
            text += folded[piece["folded"]]
        elif isinstance(piece, (dict, int)):
            return text, False
        else:
            text += piece if isinstance(piece, str) else piece[0]
    return text, True


def check_place(shown, place, texts, folded):
    """Gives the words of the place."""
    text = texts[place["id"]]
    end = place["offset"] + place["bytes"]
    words = text[place["offset"]:end].decode()
    for member in ("id", "offset", "bytes", "tokens", "document_tokens"):
        assert shown[member] == place[member], (shown, place)
    assert (shown.get("source"), shown.get("date")) == (place["source"], place["date"])
    if "before" in shown:
        before, behind = text[:place["offset"]].decode(), text[end:].decode()
        assert before.endswith(shown["before"]) and behind.startswith(shown["behind"])
        assert ("before_is_cut" in shown) == (before != shown["before"])
        assert ("behind_is_cut" in shown) == (behind != shown["behind"])
    if "text" in shown:
        seen, is_all = text_of(shown["text"], folded)
        assert words == seen if is_all else words.startswith(seen), (words, seen)
    return words


def check_family(shown, family, texts, folded):
    places = without_overlaps(family["places"])
    times = {place["id"]: place["time"] for place in shown["places"] if "time" in place}
    assert shown["documents"] == len({place["id"] for place in places})
    assert shown["place_count"] == len(places)
    assert shown["source_count"] == len({place["source"] for place in places})
    if len(shown["places"]) == len(places):
        assert shown["dated"] == len(times)
        assert shown["earliest"] == collections.Counter(times.values())[min(times.values(),
                                                                            default=None)]
    wordings = {}
    for one, place in zip(shown["places"], places):
        words = check_place(one, place, texts, folded)
        if "wording" in one:
            assert wordings.setdefault(one["wording"], words) == words
    assert len(set(wordings.values())) == len(wordings)


def flows_of(families):
    """How many passages that one source had first stand later in another, by the pages' times."""
    flows = collections.Counter()
    for family in families:
        first = family["places"][0]
        if family["earliest"] == 1:
            later = {place["source"] for place in family["places"]
                     if "time" in place and place["number"] != first["number"]}
            flows.update((first["source"], source) for source in later)
    return flows


def read_page(path):
    return json.loads(DATA.search(path.read_text(encoding="utf-8")).group(1))


def check_pages(program, corpus, folder):
    subprocess.run([program, "passages", corpus, "-qf", "-o", f"families:{folder}/families.jsonl",
                    "-o", f"html:{folder}/page.html", "-o", f"pages:{folder}/pages"], check=True)
    with open(corpus, encoding="utf-8") as file:
        texts = {one["id"]: one["text"].encode() for one in map(json.loads, file)}
    with open(folder / "families.jsonl", encoding="utf-8") as file:
        families = {one["family"]: one for one in map(json.loads, file)}
    shown = []
    for path in (folder / "page.html", *folder.glob("pages/page-*.html")):
        page = read_page(path)
        for i, one in enumerate(page["families"]):
            folded = page["folded"][i] if i < len(page["folded"]) else []
            check_family(one, families[one["number"]], texts, folded)
        shown += page["families"] if path.name != "page.html" else []
    assert sorted(one["number"] for one in shown) == sorted(families)
    counts = read_page(folder / "pages" / "index.html")["counts"]
    assert counts["with_first"] == sum(one["earliest"] == 1 for one in shown)
    names = [source["name"] for source in counts["sources"]]
    flows = flows_of(shown)
    assert flows or len(names) < 2
    assert counts["matrix"] == [[flows[first, later] for later in names] for first in names]
    return len(families)


def unpacked_reuters(folder):
    packed = pathlib.Path(os.environ.get("NEARDUP_DATA") or "", "reuters21578", "docs.jsonl.zst")
    if not os.environ.get("NEARDUP_DATA") or not packed.exists() or not shutil.which("zstd"):
        return None
    plain = folder / "reuters.jsonl"
    with open(plain, "wb") as file:
        subprocess.run(["zstd", "-dcq", packed], stdout=file, check=True)
    return plain


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        corpus = folder / "made.jsonl"
        with open(corpus, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in made_records(1500))
        count = check_pages(program, corpus, folder)
        assert count > 500, count
        print(f"ok - pages of passages, made-up papers: {count} passages")
        corpus = unpacked_reuters(folder)
        if corpus is None:
            print("skip - pages of passages of Reuters: no data folder, or no zstd; "
                  "set NEARDUP_DATA")
        else:
            shutil.rmtree(folder / "pages")
            print(f"ok - pages of passages, Reuters: {check_pages(program, corpus, folder)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
