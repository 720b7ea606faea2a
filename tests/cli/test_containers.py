#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compressed files, feeds, archives, subtitles and mail as input.

usage: test_containers.py NEARDUP
"""
import bz2
import json
import lzma
import pathlib
import random
import subprocess
import sys
import tempfile
import xml.etree.ElementTree


class Missing(Exception):
    """This build was made without a library."""


def words(seed, count=60):
    generator = random.Random(seed)
    return " ".join(f"w{generator.randrange(9973)}" for _ in range(count))


def lines(numbers):
    return "".join(json.dumps({"id": f"n{i}", "text": words(i)}) + "\n" for i in numbers).encode()


def run(program, folder, *arguments, expect=(0,)):
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    said = done.stderr.decode()
    if "this build" in said:
        raise Missing(said.strip())
    assert done.returncode in expect, f"{arguments}: status {done.returncode}: {said}"
    return done.stdout.decode(), said


def read(program, folder, *inputs, expect=(0,)):
    """The documents as neardup reads them, and what it says about them."""
    out, said = run(program, folder, "dedup", "--progress", "never", *inputs, "-o", "annotated:-",
                    expect=expect)
    return [json.loads(line) for line in out.splitlines()], said


def test_xz_and_bzip2_are_read_and_written(program, folder):
    data = lines(range(40))
    for suffix, library in (("xz", lzma), ("bz2", bz2)):
        half = len(lines(range(20)))
        packed = library.compress(data[:half]) + library.compress(data[half:])
        (folder / f"in.jsonl.{suffix}").write_bytes(packed)
        run(program, folder, "dedup", "-q", f"in.jsonl.{suffix}", "-o", f"jsonl:out.jsonl.{suffix}")
        assert library.decompress((folder / f"out.jsonl.{suffix}").read_bytes()) == data
        run(program, folder, "dedup", "-q", f"in.jsonl.{suffix}", "-o", "tree:tree")
        kept = folder / "tree" / f"in.jsonl.{suffix}"
        assert library.decompress(kept.read_bytes()) == data
        kept.unlink()
        kept.parent.rmdir()


def test_lz4_is_read_as_it_was_written(program, folder):
    data = lines(range(40))
    (folder / "in.jsonl").write_bytes(data)
    run(program, folder, "dedup", "-q", "in.jsonl", "-o", "jsonl:packed.jsonl.lz4")
    packed = (folder / "packed.jsonl.lz4").read_bytes()
    assert packed[:4] == b"\x04\x22\x4d\x18" and packed != data
    run(program, folder, "dedup", "-q", "packed.jsonl.lz4", "-o", "jsonl:out.jsonl")
    assert (folder / "out.jsonl").read_bytes() == data


def test_what_comes_before_a_truncation_counts(program, folder):
    for suffix, library in (("xz", lzma), ("bz2", bz2)):
        packed = library.compress(lines(range(20))) + library.compress(lines(range(20, 40)))
        (folder / f"cut.jsonl.{suffix}").write_bytes(packed[:-40])
        documents, said = read(program, folder, f"cut.jsonl.{suffix}", expect=(3,))
        assert 20 <= len(documents) <= 40, len(documents)
        assert "truncated" in said, said


def entry(number, body):
    return (f"<item><title>Title &amp;amp; {number}</title><link>https://a.example/{number}</link>"
            f'<guid isPermaLink="false">g{number}</guid>'
            f"<pubDate>Mon, 06 Sep 2021 00:01:0{number % 10} +0000</pubDate>{body}</item>")


def rss(entries, declaration='<?xml version="1.0"?>'):
    return (f'{declaration}<rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Quay</title>'
            "<link>https://a.example</link><language>nb</language>"
            "<image><title>Logo</title></image>" + "\n".join(entries) + "</channel></rss>")


def test_entries_of_a_feed_are_records(program, folder):
    texts = [words(i) for i in range(12)]
    forms = ["<description>{}</description>", "<description><![CDATA[<p>{}</p>]]></description>",
             "<description>&lt;p&gt;{}&lt;/p&gt;</description>",
             "<description>short</description><content:encoded><![CDATA[<div>{}</div>]]>"
             "</content:encoded><dc:creator>Ann</dc:creator>"]
    feed = rss([entry(i, forms[i % 4].format(text)) for i, text in enumerate(texts)])
    (folder / "feed.xml").write_text(feed, encoding="utf-8")
    documents, _ = read(program, folder, "feed.xml")
    assert [one["text"] for one in documents] == texts
    assert [one["id"] for one in documents] == [f"g{i}" for i in range(12)]
    assert {one["source"] for one in documents} == {"The Quay"}
    assert {one["language"] for one in documents} == {"nb"}
    root = xml.etree.ElementTree.fromstring(feed)
    for one, other in zip(documents, root.iter("item")):
        assert one["url"] == other.find("link").text and one["date"] == other.find("pubDate").text
        assert one["title"] == other.find("title").text.replace("&amp;", "&")
    assert documents[3]["author"] == "Ann"


def test_two_fetches_of_a_feed_share_their_entries(program, folder):
    bodies = [entry(i, f"<description>{words(i)}</description>") for i in range(6)]
    (folder / "1.rss").write_text(rss(bodies[:4]).replace("g", "h"), encoding="utf-8")
    (folder / "2.rss").write_text(rss(bodies[2:]), encoding="utf-8")
    out, _ = run(program, folder, "dedup", "-q", "1.rss", "2.rss", "-o", "jsonl:-")
    assert len(out.splitlines()) == 6, out


def test_a_feed_says_its_encoding(program, folder):
    text = "Fjorden lå stille før stormen, og båtene ble trukket på land i god tid."
    declaration = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    feed = rss([entry(1, f"<description>{text}</description>")], declaration)
    for name, data in (("a.xml", feed.encode("latin-1")), ("b.xml", feed.encode("utf-8"))):
        (folder / name).write_bytes(data)
        documents, _ = read(program, folder, name)
        assert [one["text"] for one in documents] == [text], documents


def test_atom_says_what_its_content_is(program, folder):
    contents = ['<content type="html">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</content>',
                '<content type="xhtml"><div xmlns="h"><p>c <b>d</b></p><p>e</p></div></content>',
                "<summary>f &lt; g</summary>",
                '<summary type="html">no</summary><content type="text">h &amp;amp; i</content>']
    entries = "".join(f"<entry><id>urn:{i}</id><title>T</title><link rel='enclosure' href='x'/>"
                      f"<link href='https://b.example/{i}'/><author><name>N</name></author>"
                      f"<updated>2021-09-06T00:00:00Z</updated>{one}</entry>"
                      for i, one in enumerate(contents))
    (folder / "a.atom").write_text("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
                                   f"<title>Log</title>{entries}</feed>", encoding="utf-8")
    documents, _ = read(program, folder, "a.atom")
    assert [one["text"] for one in documents] == ["a & b", "c d\n\ne", "f < g", "h &amp; i"]
    assert [one["url"] for one in documents] == [f"https://b.example/{i}" for i in range(4)]
    assert {(one["author"], one["language"], one["date"]) for one in documents} == {
        ("N", "en", "2021-09-06T00:00:00Z")}


def test_items_of_xml_exports_are_records(program, folder):
    data = ('<?xml version="1.0" encoding="utf-8"?>\n<items>\n' + "".join(
        f"<item><url>https://a.example/{i}</url><title>T {i}</title>"
        f"<text>{words(i % 3)} &amp; 1 &lt; 2</text><tags><value>a</value><value>b</value></tags>"
        "</item>\n" for i in range(4)) +
        "</items>")
    (folder / "items.xml").write_text(data, encoding="utf-8")
    out, _ = run(program, folder, "dedup", "-q", "items.xml", "-o", "jsonl:-")
    kept = [json.loads(line) for line in out.splitlines()]
    assert [one["text"] for one in kept] == [words(i) + " & 1 < 2" for i in range(3)], out
    assert kept[0]["tags"] == ["a", "b"] and kept[1]["url"] == "https://a.example/1"


def test_xml_without_texts_is_named(program, folder):
    sitemap = "<urlset><url><loc>https://a.example/1</loc></url></urlset>"
    for name, data, message in (("sitemap.xml", sitemap, "a sitemap holds addresses, no texts"),
                                ("drawing.xml", "<svg><text>a</text></svg>", "<svg>"),
                                ("wide.xml", "<rss>\0", None)):
        (folder / name).write_text(data, encoding="utf-16" if message is None else "utf-8")
        documents, said = read(program, folder, name, expect=(3, 4))
        assert documents == [] and (message or "UTF-16") in said, said


def cues(texts, start, mark):
    return "\n\n".join(f"{mark.format(i + 1)}00:{start + i:02}:00.000 --> 00:{start + i:02}:02.000"
                       f"\n{text}" for i, text in enumerate(texts)) + "\n"


def test_subtitles_with_other_times_are_the_same(program, folder):
    texts = [words(i, 6) for i in range(20)]
    (folder / "a.srt").write_text(cues(texts, 1, "{}\n").replace(".000", ",000"), encoding="utf-8")
    (folder / "b.srt").write_text(cues(texts, 7, "{}\n").replace(".000", ",000"), encoding="utf-16")
    tagged = [f"<v Ann><c.loud>{text}</c>" for text in texts]
    (folder / "c.vtt").write_text("WEBVTT\n\n" + cues(tagged, 3, ""), encoding="utf-8")
    documents, _ = read(program, folder, ".")
    assert [one["neardup"]["decision"] for one in documents] == ["keep", "drop", "drop"], documents
    out, _ = run(program, folder, "flag", "-q", "a.srt", "-o", "cleaned:-")
    assert json.loads(out)["text"] == "\n".join(texts) + "\n", out


def main(program):
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        told = f"containers: {name[5:].replace('_', ' ')}"
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - {told}", flush=True)
            except Missing as missing:
                print(f"skip - {told}: {missing}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"not ok - {told}\n# {problem}", flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
