#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Web pages and archives as servers, crawlers and editors leave them: the same text each time.

usage: test_web_met.py NEARDUP
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import test_web_archives as archives  # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
NAMESPACE = "http://www.w3.org/1999/xhtml"
PARAGRAPHS = [archives.words(i, 40) + "." for i in range(4)]


def as_met(head, body, number):
    """A response with this head, up to its empty line."""
    return archives.record("response", head.encode() + b"\r\n\r\n" + body, number,
                           Content_Type="application/http; msgtype=response")


def dedup(program, *arguments, expect=(0,)):
    """The documents, and what was said."""
    done = subprocess.run([program, "dedup", "--progress", "json", "-o", "annotated:-",
                           *map(str, arguments)], capture_output=True, timeout=60, check=False)
    assert done.returncode in expect, (done.returncode, done.stderr)
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith(b"{")]
    said = [event["message"] for event in events if event["event"] in ("notice", "problem")]
    return [json.loads(line) for line in done.stdout.splitlines()], said


def test_the_same_page_from_any_server(program, folder):
    html = archives.page(archives.words(1))
    zipped = gzip.compress(html)
    heads = [("HTTP/1.1 200 OK\r\nContent-Type: text/html", html),
             ("http/1.1 200 OK\r\ncontent-type:text/html;;charset=", html),
             ("HTTP/2 200\r\nContent-Type:\r\n text/HTML", html),
             ("ICY 200 OK\r\nContent-Type: text/html, text/html", html),
             ("\r\nHTTP/1.1 0200\r\nContent-Type: */*", html),
             ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html", html),
             ("HTTP/1.1 200 OK\r\nno field\r\nContent-Type: html", html),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: UTF-8", html),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: none", zipped),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html", zipped),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip, gzip",
              gzip.compress(zipped)),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip, chunked",
              archives.chunked(zipped)),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html", archives.chunked(html)),
             ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: aws-chunked", html)]
    data = b"".join(as_met(head, body, i) for i, (head, body) in enumerate(heads))
    documents, said = dedup(program, archives.write(folder, data))
    assert said == [], said
    assert archives.texts_of(documents) == {f"urn:test:{i}": archives.words(1)
                                            for i in range(len(heads))}, documents


def test_binary_bytes_are_passed_over_by_name(program, folder):
    data = archives.response(archives.page(archives.words(1)), 1)
    data += archives.response(PDF, 2) + archives.response(gzip.compress(PDF), 3)
    data += archives.response(PNG, 4, content_type="text/plain")
    data += archives.record("resource", PDF, 5, Content_Type="text/html")
    path = archives.write(folder, data)
    documents, said = dedup(program, path)
    assert [one["id"] for one in documents] == ["urn:test:1"], documents
    notice = "4 records that are said to be pages or texts are not: 3 PDF, 1 PNG image"
    assert said == [notice], said
    done = subprocess.run([program, "flag", path], capture_output=True, timeout=60, check=False)
    assert b"are not: 3 PDF, 1 PNG image" in done.stderr, done.stderr


def test_binary_files_and_fields_are_refused_by_name(program, folder):
    pages = folder / "pages"
    pages.mkdir()
    (pages / "good.html").write_bytes(archives.page(archives.words(1)))
    (pages / "image.html").write_bytes(PNG)
    documents, said = dedup(program, pages, expect=(3,))
    assert [one["id"] for one in documents] == ["good.html"], documents
    assert said == ["this is a PNG image, which is not read: it holds no text"], said
    lines = [{"id": "1", "html": "<p>A page of words.</p>"},
             {"id": "2", "html": "%PDF-1.7\n1 0 obj"}]
    path = archives.write(folder, "".join(json.dumps(one) + "\n" for one in lines).encode(),
                          "pages.jsonl")
    documents, said = dedup(program, path, "--html-field", "html", expect=(3,))
    assert [one["id"] for one in documents] == ["1"], documents
    assert said == ["this is a PDF, not a web page"], said


def xhtml_pages():
    marked = [f"<p>{one}</p>" for one in PARAGRAPHS]
    plain = "".join(marked)
    root = f"<html xmlns=\"{NAMESPACE}\">"
    prefixed = plain.replace("<p>", "<h:p>").replace("</p>", "</h:p>")
    sections = "".join(f"<p><![CDATA[{one}]]></p>" for one in PARAGRAPHS)
    return {"1.html": f"<!DOCTYPE html><title>t</title>{plain}",
            "2.xhtml": f"<html><head><title/><script src='a'/></head><body>{plain}</body></html>",
            "3.html": f"<?xml version='1.0'?>{root}<head><style/></head><body><iframe/>{plain}"
                      "</body></html>",
            "4.html": f"<h:html xmlns:h='{NAMESPACE}'><h:body>{prefixed}</h:body></h:html>",
            "5.html": f"{root}<body><a id='a'/><textarea/>{sections}</body></html>",
            "6.html": f"<body><noscript><div></noscript>{plain}",
            "7.html": "<body>" + "<br>".join(PARAGRAPHS),
            "8.html": f"<div role='menu'>{plain}</div>"}


def test_the_same_page_in_any_markup(program, folder):
    pages = folder / "pages"
    pages.mkdir()
    for name, page in xhtml_pages().items():
        (pages / name).write_text(page, encoding="utf-8")
    documents, said = dedup(program, pages)
    assert said == [], said
    texts = {document["id"]: document["text"] for document in documents}
    assert texts == {name: "\n\n".join(PARAGRAPHS) for name in xhtml_pages()}, texts


def test_the_same_page_in_any_encoding(program, folder):
    text = "Přístavní úřad v Ostviku uzavřel jižní nábřeží, protože potápěči našli prohnilé piloty."
    late = "<title>" + "x" * 5000 + "</title>"
    pages = {"1.html": ("utf-8", "<meta charset=utf-8>"),
             "2.html": ("utf-8", "<meta charset=iso-8859-1>"),
             "3.html": ("iso-8859-2", "<!-- <meta charset=utf-8> --><meta charset=iso-8859-2>"),
             "4.html": ("iso-8859-2", "<script>'<meta charset=utf-8>'</script>"
                                      "<meta charset=iso-8859-2>"),
             "5.html": ("windows-1250", f"{late}<meta charset=windows-1250>"),
             "6.html": ("utf-16-le", "")}
    (folder / "pages").mkdir()
    for name, (encoding, head) in pages.items():
        (folder / "pages" / name).write_bytes(f"<html>{head}<p>{text}</p>".encode(encoding))
    documents, said = dedup(program, folder / "pages")
    assert said == [], said
    texts = {document["id"]: document["text"] for document in documents}
    assert texts == {name: text for name in pages}, texts


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if not archives.reads_pages(program):
        print("skip - web: this build lacks libgumbo or zlib")
        return 0
    tests = {name: value for name, value in globals().items() if name.startswith("test_")
             and callable(value)}
    failed = 0
    for name, test in tests.items():
        with tempfile.TemporaryDirectory(prefix="neardup-web-") as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - web: {name[5:].replace('_', ' ')}")
            except (AssertionError, subprocess.SubprocessError) as problem:
                print(f"not ok - web: {name[5:].replace('_', ' ')}\n    {problem}")
                failed += 1
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
