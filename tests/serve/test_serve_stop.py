#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The end of a server: what is under way is answered, and what was answered is there.

usage: test_serve_stop.py NEARDUP [TEST...]
"""
import contextlib
import fcntl
import http.client
import json
import signal
import socket
import sys
import threading
import time

import serve_case
from serve_case import (Server, allow_connections, check, equal, make_index, raw_request, read_all,
                        statuses, text)

CLIENTS = 25
REQUESTS = 1000


def started(program, folder, *arguments):
    if not (folder / "index").exists():
        make_index(program, folder / "index")
    return Server(program, folder / "index", *arguments)


class Adder(threading.Thread):
    """Adds documents over one connection until the server closes it."""

    def __init__(self, server, number):
        super().__init__()
        self.server = server
        self.number = number
        self.acknowledged = []
        self.halves = []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port,
                                                timeout=serve_case.SECONDS_MOST)
        try:
            for i in range(100 * REQUESTS):
                name = f"{self.number}.{i}"
                connection.request("POST", "/v1/add", json.dumps({"id": name, "text": text(name)}),
                                   {"Content-Type": "application/json"})
                answer = connection.getresponse()
                said = json.loads(answer.read())
                if answer.status == 200 and said["added"]:
                    self.acknowledged.append(name)
                else:
                    self.halves.append((name, answer.status, said))
                if answer.getheader("Connection") == "close":
                    break
        except http.client.IncompleteRead as problem:
            self.halves.append(problem)
        except (http.client.HTTPException, OSError):
            pass  # closed before an answer began: the request was not taken
        connection.close()


def stop_while_adding(program, folder, number, wanted):
    with started(program, folder) as server:
        adders = [Adder(server, i) for i in range(CLIENTS)]
        for one in adders:
            one.start()
        deadline = time.monotonic() + 60
        while (sum(len(one.acknowledged) for one in adders) < wanted
               and time.monotonic() < deadline):
            time.sleep(0.005)
        status, _ = server.stop(number)
        for one in adders:
            one.join()
        equal(status, 0, f"exit status; {server.said}")
    halves = [half for one in adders for half in one.halves]
    equal(halves, [], "answers that are no whole acknowledgements")
    return [name for one in adders for name in one.acknowledged]


def test_stop_while_documents_are_added(program, folder):
    acknowledged = stop_while_adding(program, folder, signal.SIGTERM, REQUESTS)
    check(len(acknowledged) >= REQUESTS, f"{len(acknowledged)} documents only")
    with started(program, folder) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for name in acknowledged:
            connection.request("GET", f"/v1/documents/{name}")
            answer = connection.getresponse()
            answer.read()
            equal(answer.status, 200, f"{name}, which was acknowledged")
        connection.close()
        extra = server.stats()["documents"] - len(acknowledged)
        check(0 <= extra <= CLIENTS, f"{extra} documents more than were acknowledged")


def test_stop_while_a_thousand_requests_are_under_way(program, folder):
    """Each is on a connection of its own and was sent before the signal: all are answered."""
    count = allow_connections(REQUESTS)
    with started(program, folder, "--max-connections", str(count + 50)) as server:
        with contextlib.ExitStack() as stack:
            many = [stack.enter_context(server.connect()) for _ in range(count)]
            server.stats()  # answered after those before it were taken
            for i, one in enumerate(many):
                one.sendall(raw_request("POST", "/v1/add", json.dumps(
                    {"id": f"all.{i}", "text": text(i)}).encode()))
            server.process.send_signal(signal.SIGTERM)
            answers = [statuses(read_all(one)) for one in many]
        equal(server.process.wait(serve_case.SECONDS_MOST), 0, "exit status")
    equal([i for i, answer in enumerate(answers) if answer != [200]], [], "not answered")
    with started(program, folder) as server:
        equal(server.stats()["documents"], count, "documents")


def test_a_request_that_is_half_sent_is_answered(program, folder):
    whole = raw_request("POST", "/v1/add", json.dumps({"id": "a", "text": text(1)}).encode())
    with started(program, folder) as server:
        with server.connect() as half, server.connect() as idle:
            half.sendall(whole[:-20])
            time.sleep(0.3)
            server.process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            check(server.process.poll() is None, "the server waits for the rest")
            try:
                server.connect().close()
                check(False, "a new connection is taken")
            except ConnectionError:
                pass
            half.sendall(whole[-20:])
            answer = read_all(half)
            equal(statuses(answer), [200], "the answer")
            check(b"Connection: close" in answer, "it is the last one")
            equal(read_all(idle), b"", "what an idle connection is told")
        equal(server.process.wait(serve_case.SECONDS_MOST), 0, "exit status")
    with started(program, folder) as server:
        equal(server.stats()["documents"], 1, "documents")


def test_a_request_that_never_ends_does_not_keep_it(program, folder):
    with started(program, folder, "--timeout", "1") as server:
        with server.connect() as half:
            half.sendall(raw_request("POST", "/v1/add", b"x" * 100)[:-20])
            time.sleep(0.2)
            start = time.monotonic()
            status, _ = server.stop()
            check(status == 0 and time.monotonic() - start < 5, f"{status}")
            equal(statuses(read_all(half)), [408], "what it is told")


def test_a_second_signal_ends_it_at_once(program, folder):
    with started(program, folder) as server:
        with server.connect() as half:
            half.sendall(raw_request("POST", "/v1/add", b"x" * 100)[:-20])
            time.sleep(0.2)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            start = time.monotonic()
            status, _ = server.stop(signal.SIGTERM)
            equal(status, -signal.SIGTERM, "exit status")
            check(time.monotonic() - start < 2, "at once")


def test_another_process_holds_the_index(program, folder):
    """Two servers over one index: both add, each sees what the other added."""
    with started(program, folder) as one, started(program, folder) as other:
        for i in range(40):
            server = (one, other)[i % 2]
            equal(server.post("/v1/add", {"id": str(i), "text": text(i)})[0], 200, f"document {i}")
        equal((one.stats()["documents"], other.stats()["documents"]), (40, 40), "documents")
        equal(one.post("/v1/check", {"text": text(7)})[1]["match"]["id"], "7", "of the other")


def test_a_lock_that_another_process_keeps(program, folder):
    """Changes wait for it and are refused for now; questions are answered meanwhile."""
    with started(program, folder, "--lock-timeout", "0.3") as server:
        server.post("/v1/add", {"id": "1", "text": text(1)})
        with open(folder / "index" / "writer", "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            status, headers, body = server.ask("POST", "/v1/add", json.dumps(
                {"id": "2", "text": text(2)}), "application/json")
            check(status == 503 and b"process" in body, f"{status} {body}")
            equal(headers["Retry-After"], "1", "when to ask again")
            equal(server.ask("DELETE", "/v1/documents/1")[0], 503, "a removal")
            equal(server.post("/v1/check", {"text": text(1)})[1]["decision"], "known", "a check")
        equal(server.post("/v1/add", {"id": "2", "text": text(2)})[0], 200, "afterwards")


def test_idle_servers_end_quickly(program, folder):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with started(program, folder) as server:
            with socket.create_connection(("127.0.0.1", server.port)):
                start = time.monotonic()
                equal(server.stop(number)[0], 0, "exit status")
                check(time.monotonic() - start < 3, f"{time.monotonic() - start} s")


if __name__ == "__main__":
    sys.exit(serve_case.run_tests(dict(globals()), "serve"))
