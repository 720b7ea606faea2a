#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writers and readers beside each other at one server: what it holds in the end is what it has
acknowledged. Worth most with a server that was built with the thread sanitizer.

usage: test_serve_crowd.py NEARDUP [TEST...]
NEARDUP_THREAD_SECONDS is how long they are at it, 3 if it is not set.
"""
import http.client
import json
import os
import random
import sys
import threading
import time
import urllib.parse

import serve_case
from serve_case import Server, check, equal, make_index, nearly, text

WRITERS = 8
READERS = 8
TOGETHER = 5  # documents of a batch
JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}


class Client(threading.Thread):
    """Asks until the time is over, over one connection; what goes wrong is kept."""

    def __init__(self, server, number, deadline):
        super().__init__()
        self.number, self.deadline = number, deadline
        self.chooser = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port,
                                                     timeout=serve_case.SECONDS_MOST)
        self.asked = 0
        self.problem = None

    def ask(self, method, target, body=None, headers=None):
        self.connection.request(method, target, body, headers or {})
        answer = self.connection.getresponse()
        self.asked += 1
        return answer.status, answer.read().decode()

    def run(self):
        try:
            while time.monotonic() < self.deadline:
                self.step()
        except (AssertionError, OSError, http.client.HTTPException, ValueError) as problem:
            self.problem = repr(problem)
        finally:
            self.connection.close()


class Writer(Client):
    """Adds documents, one or some at a time, puts others in their place, and removes some."""

    def __init__(self, server, number, deadline):
        super().__init__(server, number, deadline)
        self.texts = {}  # of the ids that are there
        self.removed = set()

    def record(self, name):
        self.removed.discard(name)
        self.texts[name] = text(f"{name} {self.asked}")
        return json.dumps({"id": name, "text": self.texts[name]})

    def step(self):
        names = [f"{self.number}.{self.chooser.randrange(200)}" for _ in range(TOGETHER)]
        what = self.chooser.random()
        if what < 0.6:
            status, said = self.ask("POST", "/v1/add", self.record(names[0]), JSON)
        elif what < 0.8:
            lines = "\n".join(self.record(name) for name in dict.fromkeys(names))
            status, said = self.ask("POST", "/v1/add", lines, LINES)
        else:
            was_there = self.texts.pop(names[0], None) is not None
            self.removed.add(names[0])
            status, said = self.ask("DELETE", f"/v1/documents/{urllib.parse.quote(names[0])}")
            equal(status, 200 if was_there else 404, said)
            return
        equal(status, 200, said)


class Reader(Client):
    """Asks about texts that are there, and nobody's; looks at documents and at counts."""

    def step(self):
        name = f"{self.chooser.randrange(WRITERS)}.{self.chooser.randrange(200)}"
        what = self.chooser.random()
        if what < 0.7:
            status, said = self.ask("POST", "/v1/check", json.dumps({"text": nearly(name)}), JSON)
            equal(status, 200, said)
        elif what < 0.9:
            status, said = self.ask("GET", f"/v1/documents/{name}")
            check(status in (200, 404), said)
        else:
            status, said = self.ask("GET", self.chooser.choice(("/v1/stats", "/metrics")))
            equal(status, 200, said)


def require_content(server, writers):
    texts = {name: words for one in writers for name, words in one.texts.items()}
    equal(server.stats()["documents"], len(texts), "documents")
    for name, words in texts.items():
        status, said = server.post("/v1/check", {"text": words})
        equal((status, said["match"] and said["match"]["id"]), (200, name), f"the text of {name}")
    for name in {name for one in writers for name in one.removed}:
        equal(server.ask("GET", f"/v1/documents/{name}")[0], 404, f"{name}, which was removed")


def test_writers_and_readers(program, folder):
    seconds = float(os.environ.get("NEARDUP_THREAD_SECONDS", "3"))
    make_index(program, folder / "index")
    with Server(program, folder / "index", "--sync", "batch") as server:
        deadline = time.monotonic() + seconds
        writers = [Writer(server, i, deadline) for i in range(WRITERS)]
        clients = writers + [Reader(server, WRITERS + i, deadline) for i in range(READERS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        equal([one.problem for one in clients if one.problem], [], "what went wrong")
        require_content(server, writers)
        status, _ = server.stop()
        equal(status, 0, f"exit status; {server.said[-3000:]}")
    print(f"# {sum(one.asked for one in clients)} requests")
    with Server(program, folder / "index") as server:
        require_content(server, writers)


if __name__ == "__main__":
    sys.exit(serve_case.run_tests(dict(globals()), "serve"))
