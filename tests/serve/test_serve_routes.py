#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every address of the server: what it answers, and what it refuses with which status.

usage: test_serve_routes.py NEARDUP [TEST...]
"""
import json
import os
import subprocess
import sys
import time

import serve_case
from serve_case import Server, check, equal, make_index, nearly, text

LINES = "application/x-ndjson"
TOKEN = "a-token-of-some-length"


def started(program, folder, *arguments, **more):
    if not (folder / "index").exists():
        make_index(program, folder / "index")
    return Server(program, folder / "index", *arguments, **more)


def test_documents_come_and_go(program, folder):
    with started(program, folder) as server:
        record = {"id": "a/1 ?", "text": text(1), "url": "http://example.org/1", "date":
                  "2026-01-02", "source": "paper", "title": "One"}
        status, answer = server.post("/v1/check", record)
        equal((status, answer["decision"], answer["added"]), (200, "new", False), "check")
        status, answer = server.post("/v1/check-and-add", record)
        equal((status, answer["decision"], answer["added"]), (200, "new", True), "check-and-add")
        status, answer = server.post("/v1/check", {"text": nearly(1)})
        equal((status, answer["decision"]), (200, "known"), "check of a copy")
        equal([answer["match"][name] for name in ("id", "url", "date", "source", "title")],
              ["a/1 ?", "http://example.org/1", "2026-01-02", "paper", "One"], "match")
        check(0.5 < answer["match"]["similarity"] < 1, answer)
        status, answer = server.post("/v1/check-and-add", {"id": "b", "text": nearly(1)})
        equal((answer["decision"], answer["added"]), ("known", False), "a copy is not added")
        status, answer = server.post("/v1/add", {"id": "b", "text": nearly(1)})
        equal((answer["decision"], answer["added"], answer["group_size"]), ("known", True, 2),
              "add")
        status, _, body = server.ask("GET", "/v1/documents/a/1%20%3F")
        document = json.loads(body)
        equal((status, document["title"], document["first"]), (200, "One", True), "document")
        equal(server.stats()["documents"], 2, "documents")
        equal(server.ask("DELETE", "/v1/documents/a%2f1%20%3F")[0], 200, "removal")
        equal(server.ask("DELETE", "/v1/documents/a%2f1%20%3F")[0], 404, "removal again")
        equal(server.ask("GET", "/v1/documents/a%2F1%20%3F")[0], 404, "removed document")
        equal(server.stats()["documents"], 1, "documents")


def test_texts_and_pages(program, folder):
    with started(program, folder) as server:
        status, answer = server.post("/v1/add?id=t%C3%A9&title=A+b&url=http://x/", text(2),
                                     kind="text/plain; charset=UTF-8")
        equal((status, answer["id"], answer["added"]), (200, "té", True), "a text")
        page = f"<html><title>Page</title><body><p>{text(2)}</p></body></html>"
        status, answer = server.post("/v1/check", page, kind="text/html")
        if status == 415:
            return  # without Gumbo
        equal((answer["decision"], answer["match"]["id"], answer["match"]["title"]),
              ("known", "té", "A b"), "a page")
        latin = f"Ünïcödé {text(3)}".encode("latin-1")
        status, answer = server.post("/v1/add?id=l", latin, kind="text/plain; charset=latin1")
        equal(status, 200, "a text in Latin-1")
        status, answer = server.post("/v1/check", f"Ünïcödé {text(3)}", kind="text/plain")
        equal(answer["match"]["kind"], "identical", "the same text in UTF-8")


def test_batches(program, folder):
    with started(program, folder) as server:
        lines = [json.dumps({"id": str(i), "text": text(i)}) for i in range(50)]
        lines[7] = '{"id": "7", "text": '
        lines[9] = '{"id": "9"}'
        body = "\r\n".join(lines[:20]) + "\n\n" + "\n".join(lines[20:])
        status, kind, answer = server.ask("POST", "/v1/add", body.encode(), LINES)
        answers = [json.loads(line) for line in answer.decode().splitlines()]
        equal((status, kind["Content-Type"], len(answers)), (200, LINES, 51), "answers")
        equal((answers.pop(20)["line"], len(answers)), (21, 50), "an empty line")
        equal([answers[i]["line"] for i in (7, 9)], [8, 10], "errors")
        equal([one["id"] for i, one in enumerate(answers) if i not in (7, 9)],
              [str(i) for i in range(50) if i not in (7, 9)], "ids in their order")
        equal(server.stats()["documents"], 48, "documents")
        body = "\n".join(json.dumps({"text": nearly(i)}) for i in range(50))
        answer = server.ask("POST", "/v1/check?matches=3", body.encode(), LINES)[2]
        known = [json.loads(line)["decision"] for line in answer.decode().splitlines()]
        equal([i for i, one in enumerate(known) if one == "new"], [7, 9], "unknown ones")
        status, answer = server.post("/v1/check", b'{"text":"a"}\n' * 10001, kind=LINES)
        equal(status, 413, f"10,001 records: {answer}")
        status, answer = server.post("/v1/check?matches=1000", b'{"text":"a"}\n' * 101, kind=LINES)
        equal(status, 413, f"too many matches: {answer}")
        equal(server.ask("POST", "/v1/check", b"", LINES)[0], 200, "no records")


def test_what_is_wrong_is_named(program, folder):
    with started(program, folder) as server:
        for body, kind, where in ((b'{"text": }', "application/json", 9),
                                  (b'{"text": "a\xff"}', "application/json", 11),
                                  (b"abc \xe2\x82", "text/plain", 4),
                                  (b"\xc0\xaf", "text/plain;charset=utf-8", 0)):
            status, answer = server.post("/v1/check", body, kind=kind)
            equal((status, answer.get("byte")), (400, where), f"{body!r}: {answer}")
        for record in ({"id": "x"}, {"text": [5]}, [1], "text"):
            status, answer = server.post("/v1/check", json.dumps(record))
            equal(status, 400, f"{record}: {answer}")
        status, answer = server.post("/v1/add", {"text": "no id"})
        check(status == 400 and "no id" in answer["error"], answer)
        for query in ("matches=0", "matches=x", "within=-1", "within=3y", "within=0",
                      "nothing=1", "id=1", "add_known=maybe", "a=%zz", "matches=%",
                      "&".join("matches=1" * 9)):
            status, answer = server.post("/v1/check?" + query, {"text": "a b c"})
            equal(status, 400, f"{query}: {answer}")
        equal(server.post("/v1/check?within=30d&matches=5&add_known=0", {"text": "a"})[0], 200,
              "all parameters")


def test_addresses_methods_and_types(program, folder):
    with started(program, folder) as server:
        for target in ("/v1", "/v1/check/", "/v1/documents/", "/V1/check", "//", "/%00"):
            equal(server.ask("GET", target)[0], 404, target)
        for method, target, allow in (("GET", "/v1/check", "POST"),
                                      ("POST", "/v1/stats", "GET, HEAD"),
                                      ("PUT", "/v1/documents/x", "GET, HEAD, DELETE"),
                                      ("OPTIONS", "/", "GET, HEAD"),
                                      ("BREW", "/metrics", "GET, HEAD")):
            status, headers, _ = server.ask(method, target)
            equal((status, headers["Allow"]), (405, allow), f"{method} {target}")
        for kind in (None, "application/x-www-form-urlencoded", "text", "text/plainer", ";"):
            equal(server.ask("POST", "/v1/check", b"a", kind)[0], 415, kind)
        equal(server.ask("POST", "/v1/check", b"a", "text/plain", {"Content-Encoding": "gzip"})[0],
              415, "a compressed body")
        equal(server.ask("GET", "/v1/stats", b"a")[0], 413, "a body that nobody wants")
        status, headers, body = server.ask("HEAD", "/v1/stats")
        equal((status, body, int(headers["Content-Length"]) > 100), (200, b"", True), "HEAD")


def test_what_describes_itself(program, folder):
    with started(program, folder) as server:
        status, headers, body = server.ask("GET", "/openapi.json")
        paths = json.loads(body)["paths"]
        equal((status, headers["Content-Type"]), (200, "application/json"), "openapi")
        for path, methods in paths.items():
            for method in sorted(set(methods) - {"parameters"}):
                answer = server.ask(method.upper(), path.replace("{id}", "none"))
                equal(answer[0] in (200, 400, 404, 415), True, f"{method} {path}: {answer}")
        status, headers, body = server.ask("GET", "/")
        check(b"default-src 'none'" in body and status == 200, "the policy of the page")
        equal(headers["Content-Security-Policy"], "frame-ancestors 'none'", "frames")
        equal(headers["X-Content-Type-Options"], "nosniff", "sniffing")
        equal(json.loads(server.ask("GET", "/v1/health")[2]), {"status": "ok"}, "health")


def test_answers_are_as_described(program, folder):
    """Each answer has the members that openapi.json lists, and no others."""
    with started(program, folder) as server:
        schemas = json.loads(server.ask("GET", "/openapi.json")[2])["components"]["schemas"]
        server.post("/v1/add", {"id": "1", "text": text(1)})
        known = server.post("/v1/check", {"text": nearly(1)})[1]
        document = json.loads(server.ask("GET", "/v1/documents/1")[2])
        for name, answer in (("Verdict", known), ("Match", known["match"]), ("Document", document),
                             ("Stats", server.stats())):
            equal(sorted(answer), sorted(schemas[name]["properties"]), name)
        lines = server.ask("POST", "/v1/check", b"{", LINES)[2]
        equal(set(json.loads(lines)) - set(schemas["Error"]["properties"]), {"id"}, "Error")


def metrics(server):
    """(headers, {name: value}) of what it says of itself."""
    _, headers, body = server.ask("GET", "/metrics")
    lines = (line.rsplit(" ", 1) for line in body.decode().splitlines() if line[0] != "#")
    return headers, {name: float(value) for name, value in lines}


def test_metrics_count(program, folder):
    """A request counts when its answer is sent, which its sender may know earlier."""
    wanted = {'neardup_requests_total{route="check",status="200"}': 3,
              'neardup_requests_total{route="check",status="400"}': 1,
              'neardup_requests_total{route="other",status="404"}': 1,
              'neardup_request_seconds_count{route="check"}': 4,
              'neardup_request_seconds_bucket{route="check",le="+Inf"}': 4,
              "neardup_index_documents": 1, "neardup_documents_added_total": 1}
    with started(program, folder) as server:
        for _ in range(3):
            server.post("/v1/check", {"text": "a b c"})
        server.post("/v1/check", "{")
        server.post("/v1/add", {"id": "1", "text": text(1)})
        server.ask("GET", "/nowhere")
        end = time.monotonic() + serve_case.SECONDS_MOST
        counted = {}
        while counted != wanted and time.monotonic() < end:
            headers, lines = metrics(server)
            counted = {name: lines.get(name) for name in wanted}
        equal(counted, wanted, "counts")
        check(headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers)


def test_token(program, folder):
    (folder / "token").write_text(TOKEN + "\n", encoding="ascii")
    with started(program, folder, "--token-file", folder / "token") as server:
        for said in (None, "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}",
                     "Bearer " + "b" * len(TOKEN), f"Basic {TOKEN}", TOKEN):
            headers = {"Authorization": said} if said else {}
            status, got, _ = server.ask("GET", "/v1/stats", headers=headers)
            equal((status, got["WWW-Authenticate"]), (401, "Bearer"), said)
            equal(server.ask("GET", "/nowhere", headers=headers)[0], 401, "unknown addresses")
            equal(server.ask("POST", "/v1/add", b"{}", "application/json", headers)[0], 401, said)
        for said in (f"Bearer {TOKEN}", f"bearer {TOKEN}"):
            equal(server.ask("GET", "/v1/stats", headers={"Authorization": said})[0], 200, said)
        for target in ("/", "/v1/health", "/openapi.json"):
            equal(server.ask("GET", target)[0], 200, target)
    with started(program, folder, env={**os.environ, "NEARDUP_TOKEN": TOKEN}) as server:
        equal(server.ask("GET", "/v1/stats")[0], 401, "token of the environment")


def refused_to_start(program, *arguments, env=None):
    done = subprocess.run([program, "serve", *arguments], capture_output=True, text=True,
                          check=False, timeout=serve_case.SECONDS_MOST, env=env)
    return done.returncode, done.stderr


def test_starts_that_are_refused(program, folder):
    make_index(program, folder / "index")
    index = ["--index", str(folder / "index")]
    status, said = refused_to_start(program, *index, "--listen", "0.0.0.0:0")
    check(status == 2 and "--open" in said, f"beyond this machine: {status} {said}")
    status, said = refused_to_start(program, "--index", str(folder / "none"))
    check(status == 4 and "index create" in said, f"no index: {status} {said}")
    for arguments in ((), (*index, "more"), (*index, "--listen", "nothing"),
                      (*index, "--listen", "127.0.0.1:99999"), (*index, "--timeout", "0"),
                      (*index, "--listen", "127.0.0.1:0", "--unix", "x")):
        status, said = refused_to_start(program, *arguments)
        equal(status, 2, f"{arguments}: {said}")
    for token in ("short", "a token with spaces in it"):
        status, said = refused_to_start(program, *index, env={**os.environ,
                                                              "NEARDUP_TOKEN": token})
        equal(status, 2, f"{token}: {said}")
    with Server(program, folder / "index") as server:
        status, said = refused_to_start(program, *index, "--listen", f"127.0.0.1:{server.port}")
        check(status == 4 and "in use" in said, f"a port in use: {status} {said}")


def test_other_sites_are_refused(program, folder):
    with started(program, folder) as server:
        own = f"127.0.0.1:{server.port}"
        for headers, wanted in (({"Host": "example.org"}, 421), ({"Host": "127.example.org"}, 421),
                                ({"Host": f"localhost:{server.port}"}, 200),
                                ({"Host": "[::1]"}, 200),
                                ({"Origin": "http://example.org"}, 403), ({"Origin": "null"}, 403),
                                ({"Origin": f"http://{own}"}, 200)):
            equal(server.ask("GET", "/v1/stats", headers=headers)[0], wanted, headers)


def test_open_to_all(program, folder):
    with started(program, folder, "--open", listen="0.0.0.0:0") as server:
        check("secret" in server.said, f"a warning about the secret: {server.said}")
        equal(server.ask("GET", "/v1/stats", headers={"Host": "example.org"})[0], 200, "any name")


def test_unix_socket(program, folder):
    make_index(program, folder / "index")
    path = folder / "socket"
    with Server(program, folder / "index", unix=path) as server:
        equal(server.post("/v1/check", {"text": "a b c"})[0], 200, "check")
        status, said = refused_to_start(program, "--index", str(folder / "index"), "--unix",
                                        str(path))
        check(status == 4 and "another server" in said, f"a second server: {status} {said}")
        equal(path.stat().st_mode & 0o007, 0, "what others may")
        server.process.kill()
        server.process.wait()
    check(path.exists(), "a killed server leaves its socket")
    with Server(program, folder / "index", unix=path) as server:
        equal(server.ask("GET", "/v1/health")[0], 200, "after another was killed")
        equal(server.stop()[0], 0, "exit status")
    check(not path.exists(), "the socket is removed")


def test_read_only(program, folder):
    with started(program, folder, "--read-only") as server:
        equal(server.post("/v1/check", {"text": "a b c"})[0], 200, "check")
        status, answer = server.post("/v1/add", {"id": "1", "text": "a b c"})
        check(status == 403 and "reading" in answer["error"], f"add: {status} {answer}")
        equal(server.ask("DELETE", "/v1/documents/1")[0], 403, "removal")


def test_access_log(program, folder):
    with started(program, folder, "--access-log", folder / "log") as server:
        server.post("/v1/check", {"text": "a b c"})
        server.ask("GET", '/v1/documents/"\\%0A<')
        equal(server.stop()[0], 0, "exit status")
    lines = [json.loads(line) for line in (folder / "log").read_text("utf-8").splitlines()]
    lines.sort(key=lambda one: one["method"], reverse=True)  # they are written at the end
    equal([(one["method"], one["status"], one["client"]) for one in lines],
          [("POST", 200, "127.0.0.1"), ("GET", 404, "127.0.0.1")], "lines")
    equal(lines[1]["target"], '/v1/documents/"\\%0A<', "a hostile target")
    equal(lines[0]["body_bytes"], len('{"text": "a b c"}'), "bytes")


if __name__ == "__main__":
    sys.exit(serve_case.run_tests(dict(globals()), "serve"))
