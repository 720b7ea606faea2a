# SPDX-License-Identifier: MIT
"""Inputs of every kind for the fault matrix: small, and the same every time."""
import bz2
import gzip
import io
import json
import lzma
import pathlib
import random
import subprocess
import tarfile
import zipfile
import zlib

DATA = pathlib.Path(__file__).resolve().parent.parent / "cli" / "data"

STORY = ("The ferry left the harbour late that day because the pilot had to wait for the fog to "
         "lift over the channel, and all the cargo was brought to the other shore by the evening.")
OTHER = ("Nobody was hurt when the old bridge closed for repairs, the council said, and the new "
         "one is to open for walkers before the winter comes to the valley again next year.")
NEAR = STORY.replace("late that day", "late this morning")
# Six pages of one site repeat the notice.
NOTICE = "Sign up for our newsletter and read the best stories of the week every Friday morning."
MESSAGE = ("From: a@example.org\r\nTo: b@example.org\r\nSubject: {subject}\r\n"
           "Date: Thu, 29 Jan 2026 15:30:05 +0100\r\nMessage-ID: <{subject}@example.org>\r\n"
           "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-2\r\n"
           "Content-Transfer-Encoding: quoted-printable\r\n\r\n{text}=E6\r\n")


def page(text, title="A title", charset="utf-8"):
    return (f"<!DOCTYPE html><html><head><meta charset={charset}><title>{title}</title></head>"
            f"<body><h1>{title}</h1><p>{text}</p><p>{NOTICE}</p></body></html>")


def brotli(body):
    """Stored, not compressed: one block that is not the last, and an empty one that is."""
    return ((1 << 20) | (len(body) - 1) << 4).to_bytes(3, "little") + body + b"\x03"


def chunked(body):
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def warc_record(number, body, *http):
    head = "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html", *http)) + "\r\n\r\n"
    block = head.encode() + body
    fields = ("WARC/1.0", "WARC-Type: response", f"WARC-Record-ID: <urn:x:{number}>",
              f"WARC-Target-URI: http://a.example/{number}", "Content-Type: application/http",
              f"Content-Length: {len(block)}")
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def warc():
    one, two = page(STORY).encode(), page(OTHER).encode()
    packed = zlib.compressobj(wbits=31)
    return b"".join((
        warc_record(1, one),
        warc_record(2, chunked(one), "Transfer-Encoding: chunked"),
        warc_record(3, packed.compress(two) + packed.flush(), "Content-Encoding: gzip"),
        warc_record(4, zlib.compress(two), "Content-Encoding: deflate"),
        warc_record(5, brotli(one), "Content-Encoding: br"),
        warc_record(6, page(OTHER + " žluťoučký", charset="iso-8859-2").encode("iso-8859-2"))))


def lines(records):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def tar(members, path, mode):
    with tarfile.open(path, mode) as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))


def make_texts(folder):
    (folder / "texts" / "sub").mkdir(parents=True)
    texts = {"a.txt": STORY, "b.md": "# A story\n\n" + STORY, "sub/c.txt": NEAR,
             "sub/d.html": page(OTHER), "e.srt": "1\n00:00:01,000 --> 00:00:02,000\nHello you.\n",
             "sub/f.json": lines([{"id": "f1", "text": OTHER}]), "g.bin": "left out"}
    for name, text in texts.items():
        (folder / "texts" / name).write_text(text, encoding="utf-8")
    (folder / "texts" / "link.txt").symlink_to("a.txt")
    (folder / "texts" / ".gitignore").write_text("*.md\n", encoding="utf-8")
    (folder / "twice.txt").write_text("\n\n".join((NOTICE, STORY, OTHER, NOTICE, NEAR)) + "\n",
                                      encoding="utf-8")


def make_encoded(folder):
    text = "Příliš žluťoučký kůň úpěl ďábelské ódy nad řekou, a nikdo ho neslyšel. " * 3
    (folder / "latin2.txt").write_bytes(text.encode("iso-8859-2"))
    (folder / "utf16.txt").write_bytes(text.encode("utf-16"))
    (folder / "utf16.csv").write_bytes(f'id,text\r\n1,"{STORY}"\r\n2,"{text}"\r\n'.encode("utf-16"))
    (folder / "latin2.html").write_bytes(page(text, charset="iso-8859-2").encode("iso-8859-2"))
    (folder / "unnamed.html").write_bytes(
        page(text, charset="none").encode("iso-8859-2"))


def make_records(folder):
    records = [{"id": f"r{number}", "text": text, "source": f"s{number % 2}", "title": "A title",
                "date": f"2026-01-{number + 1:02d}", "url": f"http://a.example/{number}"}
               for number, text in enumerate((STORY, OTHER, NEAR, STORY.upper(), "", OTHER + " x"))]
    text = lines(records)
    (folder / "r.jsonl").write_text(text, encoding="utf-8")
    (folder / "forms.jsonl").write_bytes((DATA / "vacancies.jsonl").read_bytes())
    (folder / "array.json").write_text(json.dumps(records, indent=1), encoding="utf-8")
    (folder / "damaged.jsonl").write_text(text + '{"id": "x", "text"\n', encoding="utf-8")
    pages = (STORY, OTHER, NEAR, STORY + OTHER, OTHER + NEAR, "x")
    (folder / "html.jsonl").write_text(lines(
        [{"id": f"h{number}", "html": page(one), "url": f"http://a.example/{number}"}
         for number, one in enumerate(pages)]), encoding="utf-8")
    for suffix, module in (("gz", gzip), ("bz2", bz2), ("xz", lzma)):
        (folder / f"r.jsonl.{suffix}").write_bytes(module.compress(text.encode()))
    rows = "".join(f'{one["id"]},{one["source"]},"{one["text"]}"\r\n' for one in records)
    (folder / "r.csv").write_text("id,source,text\r\n" + rows, encoding="utf-8", newline="")
    (folder / "gold_pairs.tsv").write_text("r0\tr2\tdup\nr0\tr1\tdiff\nr1\tr5\tdup\n",
                                           encoding="utf-8")
    (folder / "gold_clusters.tsv").write_text("id\tcluster\nr0\t1\nr1\t2\nr2\t1\nr5\t2\n",
                                              encoding="utf-8")


def make_members(folder):
    """Ten gzip members of 60 KB; of the last one two texts are alike, so that it alone is read
    again."""
    rng = random.Random(1)
    texts = [" ".join(f"w{rng.randrange(9999)}" for _ in range(500)) for _ in range(200)]
    texts[-2] = texts[-9] + " and more"
    made = [lines([{"id": f"m{number}", "text": text}]) for number, text in enumerate(texts)]
    (folder / "members.jsonl.gz").write_bytes(b"".join(
        gzip.compress("".join(made[at:at + 20]).encode(), 1) for at in range(0, 200, 20)))


def make_containers(folder):
    (folder / "r.warc").write_bytes(warc())
    (folder / "r.warc.gz").write_bytes(gzip.compress(warc()))
    (folder / "m.eml").write_text(MESSAGE.format(subject="one", text=STORY), encoding="utf-8")
    (folder / "m.mbox").write_text("".join(
        "From a@example.org Thu Jan 29 15:30:05 2026\n" + MESSAGE.format(subject=name, text=text)
        for name, text in (("one", STORY), ("two", NEAR))), encoding="utf-8")
    items = "".join(f"<item><guid>{n}</guid><title>A title</title><description>{text}"
                    "</description></item>" for n, text in enumerate((STORY, OTHER, NEAR)))
    (folder / "f.rss").write_text(f'<?xml version="1.0"?><rss version="2.0"><channel>'
                                  f"<title>News</title>{items}</channel></rss>", encoding="utf-8")
    members = {"a.txt": STORY, "sub/b.html": page(OTHER), "sub/c.txt": NEAR,
               "d.jsonl": lines([{"id": "d1", "text": OTHER}])}
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    tar(members, folder / "a.tar", "w")
    tar(members, folder / "a.tgz", "w:gz")


def make_results(folder, program):
    """Files that neardup itself writes: other compressions, plans and baselines."""
    records = str(folder / "r.jsonl")
    runs = [("dedup", records, "-o", f"jsonl:{folder}/r.jsonl.zst"),
            ("dedup", records, "-o", f"jsonl:{folder}/r.jsonl.lz4"),
            ("dedup", records, "-o", f"plan:{folder}/r_plan.jsonl",
             "-o", f"sarif:{folder}/r.sarif"),
            ("dedup", str(folder / "texts"), "-o", f"plan:{folder}/texts_plan.jsonl"),
            ("flag", str(folder / "twice.txt"), "-o", f"sarif:{folder}/flag.sarif")]
    for words in runs:
        subprocess.run([program, *words, "-q", "-j1"], check=False, capture_output=True)


def make_all(folder, program):
    for make in (make_texts, make_encoded, make_records, make_members, make_containers):
        make(folder)
    make_results(folder, program)
