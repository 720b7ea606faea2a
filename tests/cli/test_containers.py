#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compressed files, feeds, archives, subtitles and mail as input.

usage: test_containers.py NEARDUP
"""
import bz2
import email.message
import gzip
import io
import json
import lzma
import mailbox
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree
import zipfile


class Missing(Exception):
    """This build was made without a library."""


def words(seed, count=60):
    generator = random.Random(seed)
    return " ".join(f"w{generator.randrange(9973)}" for _ in range(count))


def lines(numbers):
    return "".join(json.dumps({"id": f"n{i}", "text": words(i)}) + "\n" for i in numbers).encode()


def run(program, folder, *arguments, expect=(0,), stdin=b""):
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=False)
    said = done.stderr.decode()
    if "this build" in said:
        raise Missing(said.splitlines()[0])
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


def test_records_of_all_lengths_come_back_from_zstd(program, folder):
    """Records larger than the look ahead, in more frames than are decoded at once."""
    records = [{"id": str(i), "text": words(i, 12000 if i % 3 == 0 else 40)} for i in range(150)]
    data = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    (folder / "in.jsonl").write_bytes(data)
    run(program, folder, "dedup", "-q", "in.jsonl", "-o", "jsonl:packed.jsonl.zst")
    for threads in (1, 2, 4):
        run(program, folder, "dedup", "-q", "-f", "-j", threads, "packed.jsonl.zst",
            "-o", "jsonl:out.jsonl")
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
    _, said = run(program, folder, "dedup", "items.xml", "-o", "ids:ids.txt")
    ids = (folder / "ids.txt").read_text(encoding="utf-8").split()
    assert len(set(ids)) == 3 and "occurs again" not in said, said
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
    (folder / "a.srt").rename(folder / "a.txt")
    documents, _ = read(program, folder, "a.txt", "b.srt")
    assert [one["neardup"]["decision"] for one in documents] == ["keep", "drop"], documents
    documents, _ = read(program, folder, "a.txt", "--format", "text")
    assert " --> " in documents[0]["text"]
    run(program, folder, "dedup", "-q", "a.txt", "-o", "tree:tree", "-o", "plan:plan.jsonl")
    assert (folder / "tree" / "a.txt").read_bytes() == (folder / "a.txt").read_bytes()
    run(program, folder, "apply", "-q", "plan.jsonl", "-o", "tree:again")
    assert (folder / "again" / "a.txt").read_bytes() == (folder / "a.txt").read_bytes()
    out, _ = run(program, folder, "flag", "-q", "a.txt", "-o", "cleaned:-")
    assert json.loads(out)["text"] == "\n".join(texts) + "\n", out


def test_subtitles_may_have_any_encoding(program, folder):
    texts = [f"{words(i, 4)} \u043d\u0430 \u043c\u043e\u0441\u0442\u0443" for i in range(9)]
    data = cues(texts, 1, "{}\n").replace(".000", ",000")
    for name, encoding in (("a", "utf-8"), ("b", "cp1251"), ("c", "utf-16-be")):
        (folder / f"{name}.srt").write_bytes(data.encode(encoding))
    out, _ = run(program, folder, "dedup", "-q", ".", "--encoding", "auto", "-o", "ids:-")
    assert out.split() == ["a.srt"], out
    documents, _ = read(program, folder, "b.srt", "--encoding", "windows-1251")
    assert documents[0]["text"] == "\n".join(texts) + "\n", documents


def pack_zip(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def pack_tar(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def texts(*pairs):
    return [(name, words(seed).encode()) for name, seed in pairs]


def test_members_of_archives_are_read_like_files(program, folder):
    members = texts(("bbc/1.txt", 1), ("bbc/\u00e9 2.md", 2), ("cnn/3.txt", 1))
    members += [("rec.jsonl", lines([1, 3])), ("more.jsonl.xz", lzma.compress(lines([4]))),
                ("page.html", b"<title>T</title><p>" + words(5).encode()),
                ("untyped", b'WEBVTT\n\n00:01.000 --> 00:02.000\n' + words(6).encode())]
    packed = {"a.zip": pack_zip(members), "a.tar": pack_tar(members),
              "a.tgz": pack_tar(members, "w:gz"), "a.tar.xz": pack_tar(members, "w:xz"),
              "a.tar.bz2": pack_tar(members, "w:bz2")}
    for name, data in packed.items():
        (folder / name).write_bytes(data)
        documents, said = read(program, folder, name)
        wanted = [1, 2, 1, 1, 3, 4, 5, 6]
        assert [one["text"].strip() for one in documents] == [words(i) for i in wanted], said
        assert [one["neardup"]["decision"] for one in documents] == [
            "keep", "keep", "drop", "drop", "keep", "keep", "keep", "keep"]
        assert [one["id"] for one in documents] == [
            f"{name}/bbc/1.txt", f"{name}/bbc/\u00e9 2.md", f"{name}/cnn/3.txt", "n1", "n3", "n4",
            f"{name}/page.html", f"{name}/untyped"]
        assert [one.get("source") for one in documents[:3]] == ["bbc", "bbc", "cnn"]


def test_archives_may_come_from_a_pipe(program, folder):
    members = texts(("bbc/1.txt", 1), ("bbc/2.txt", 2), ("cnn/3.txt", 1))
    for name, data in (("zip", pack_zip(members)), ("tar", pack_tar(members)),
                       ("tar.gz", pack_tar(members, "w:gz"))):
        for command, output in (("dedup", "ids"), ("flag", "cleaned")):
            out, _ = run(program, folder, command, "-q", "-", "-o", f"{output}:-", stdin=data)
            assert len(out.splitlines()) == (2 if output == "ids" else 3), (name, out)
        run(program, folder, "dedup", "-q", "-", "-o", "plan:plan.jsonl", "-f", stdin=data)
        out, _ = run(program, folder, "apply", "-q", "plan.jsonl", "-i", "-", "-o", "ids:-",
                     stdin=data)
        assert out.splitlines() == ["-/bbc/1.txt", "-/bbc/2.txt"], (name, out)


def test_plans_and_trees_of_archives_are_applied(program, folder):
    (folder / "in").mkdir()
    (folder / "in" / "a.zip").write_bytes(pack_zip(texts(("x/1.txt", 1), ("x/2.txt", 2))))
    (folder / "in" / "z.txt").write_text(words(2), encoding="utf-8")
    run(program, folder, "dedup", "-q", "in", "-o", "plan:plan.jsonl", "-o", "tree:tree")
    kept = {str(path.relative_to(folder / "tree")) for path in (folder / "tree").rglob("*.*")}
    assert kept == {"a.zip", "a.zip/x/1.txt", "a.zip/x/2.txt"}, kept
    out, _ = run(program, folder, "apply", "-q", "plan.jsonl", "-o", "ids:-")
    assert out.split() == ["a.zip/x/1.txt", "a.zip/x/2.txt"], out


def test_members_that_lead_out_are_named(program, folder):
    members = texts(("../up.txt", 1), ("/abs.txt", 2), ("a/../../b.txt", 3), ("./good.txt", 4),
                    ("a//b.txt", 5), ("...txt", 6), ("g/1.txt", 7), ("g/2.txt", 8), ("g/3.txt", 9))
    for name, pack in (("a.zip", pack_zip), ("a.tar", pack_tar)):
        (folder / name).write_bytes(pack(members))
        out, said = run(program, folder, "dedup", name, "-o", "ids:-", "-o", f"tree:tree-{name}",
                        expect=(3,))
        kept = ["g/1.txt", "g/2.txt", "g/3.txt", "good.txt"]
        assert sorted(out.split()) == [f"{name}/{member}" for member in kept], out
        assert "and 1 other: a member whose path is absolute or has empty" in said, said
    written = sorted(path.name for path in folder.rglob("*.txt"))
    assert written == sorted(2 * ["1.txt", "2.txt", "3.txt", "good.txt"]), written


def test_links_in_archives_are_not_followed(program, folder):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        data = words(1).encode()
        info = tarfile.TarInfo("a.txt")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
        for name, kind, target in (("b.txt", tarfile.SYMTYPE, "/etc/passwd"),
                                   ("c.txt", tarfile.LNKTYPE, "a.txt"),
                                   ("d.txt", tarfile.FIFOTYPE, "")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    (folder / "a.tar").write_bytes(out.getvalue())
    documents, _ = read(program, folder, "a.tar")
    assert [one["id"] for one in documents] == ["a.tar/a.txt"]


def test_what_an_archive_holds_unread_is_named(program, folder):
    inner = pack_zip(texts(("a.txt", 1)))
    cases = [("nested.zip", pack_zip([("in.zip", inner)]), "unpack it first"),
             ("letter.docx.zip", pack_zip([("[Content_Types].xml", b"<Types/>"),
                                           ("word/document.xml", b"<w/>")]), "Office document"),
             ("pictures.zip", pack_zip([("a.png", b"\x89PNG")]), "without a file that can be read"),
             ("long.zip", pack_zip([("a.txt", b"a " * 700000)]), "more than 1000000 bytes"),
             ("broken.zip", pack_zip(texts(("a.txt", 1)))[:60], "damaged"),
             ("broken.tar", pack_tar(texts(("a.txt", 1), ("b.txt", 2)))[:600], "")]
    for name, data, message in cases:
        (folder / name).write_bytes(data)
        documents, said = read(program, folder, name, "--max-record", "1000000", expect=(3, 4))
        assert documents == [] and message in said, f"{name}: {said}"


def test_encrypted_members_are_named(program, folder):
    data = bytearray(pack_zip(texts(("a.txt", 1), ("b.txt", 2))))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    (folder / "a.zip").write_bytes(bytes(data))
    documents, said = read(program, folder, "a.zip", expect=(3,))
    assert [one["id"] for one in documents] == ["a.zip/b.txt"] and "a.txt: encrypted" in said, said


def test_what_comes_before_damage_in_an_archive_counts(program, folder):
    packed = pack_tar(texts(*((f"{i}.txt", i) for i in range(400))), "w:gz")
    (folder / "a.tar.gz").write_bytes(packed[:len(packed) // 2])
    documents, said = read(program, folder, "a.tar.gz", expect=(3,))
    assert 100 < len(documents) < 300 and "truncated" in said, said
    packed = lzma.compress(lines(range(20))) + lzma.compress(lines(range(20, 40)))
    (folder / "b.zip").write_bytes(pack_zip([("a.jsonl.xz", packed[:-50])]))
    documents, said = read(program, folder, "b.zip", expect=(3,))
    assert len(documents) >= 20 and "b.zip/a.jsonl.xz: " in said, said


def test_web_archive_collections_are_read_once(program, folder):
    page = words(1).encode()
    record = (b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:1>\r\n"
              b"WARC-Target-URI: https://a.example/1\r\nContent-Type: text/plain\r\n"
              b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(page), page))
    pages = b'{"format":"json-pages-1.0"}\n{"url":"https://a.example/1","text":"' + page + b'"}\n'
    (folder / "a.wacz").write_bytes(pack_zip([
        ("datapackage.json", b"{}"), ("pages/pages.jsonl", pages),
        ("archive/data.warc.gz", gzip.compress(record)), ("indexes/index.cdx.gz", b"\x1f\x8b")]))
    documents, _ = read(program, folder, "a.wacz")
    assert [one["text"] for one in documents] == [words(1)]
    assert documents[0]["url"] == "https://a.example/1"


def test_chapters_of_books_are_pages(program, folder):
    chapters = [(f"OEBPS/{i}.xhtml", f"<html><body><p>{words(i)}</p></body></html>".encode())
                for i in range(3)]
    (folder / "a.epub").write_bytes(pack_zip([
        ("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<container/>"),
        ("OEBPS/content.opf", b"<package/>"), *chapters]))
    documents, _ = read(program, folder, "a.epub")
    assert [one["text"] for one in documents] == [words(i) for i in range(3)]
    assert documents[2]["id"] == "a.epub/OEBPS/2.xhtml"


def message(number, form):
    mail = email.message.EmailMessage()
    mail["From"] = f"Ann \u00d8 <ann@paper{number % 2}.example>"
    mail["Subject"] = (f"Om fj\u00e6ra nummer {number}, med en lang tittel som m\u00e5 brytes "
                       "over to linjer")
    mail["Date"] = f"Mon, 06 Sep 2021 00:01:0{number} +0000"
    mail["Message-ID"] = f"<{number}@a.example>"
    text = words(number) + " \u00e6\u00f8\u00e5\n"
    if form == "html":
        mail.set_content(f"<html><body><p>{text}</p></body></html>", subtype="html")
    else:
        mail.set_content(text, charset="iso-8859-1" if form == "latin" else "utf-8",
                         cte="base64" if form == "base64" else "quoted-printable")
    if form == "both":
        mail.add_alternative("<p>other words</p>", subtype="html")
        mail.add_attachment(b"PNG", maintype="image", subtype="png", filename="a.png")
    return mail


FORMS = ["plain", "latin", "base64", "html", "both"]


def test_messages_of_a_mailbox_are_records(program, folder):
    box = mailbox.mbox(folder / "a.mbox")
    mails = [message(i, form) for i, form in enumerate(FORMS)]
    for mail in mails:
        box.add(mail)
    box.close()
    documents, _ = read(program, folder, "a.mbox")
    assert [one["text"].strip() for one in documents] == [
        words(i) + " \u00e6\u00f8\u00e5" for i in range(5)]
    for i, (one, mail) in enumerate(zip(documents, mails)):
        assert one["id"] == f"{i}@a.example" and one["source"] == f"paper{i % 2}.example"
        assert one["title"] == mail["Subject"] and one["date"] == mail["Date"]
        assert one["author"] == mail["From"]


def test_a_message_in_a_file_is_a_document(program, folder):
    for i, form in enumerate(FORMS):
        (folder / f"{i}.eml").write_bytes(bytes(message(i, form)))
    (folder / "5.eml").write_bytes(bytes(message(0, "base64")))
    documents, _ = read(program, folder, ".")
    assert [one["id"] for one in documents] == [f"{i}.eml" for i in range(6)]
    assert [one["neardup"]["decision"] for one in documents] == ["keep"] * 5 + ["drop"]
    assert documents[3]["text"] == words(3) + " \u00e6\u00f8\u00e5"
    assert documents[1]["title"] == message(1, "latin")["Subject"]


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
