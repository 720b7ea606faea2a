#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients that are slow, greedy, many, or not speaking HTTP: each is told so or cut off, and the
others do not notice.

usage: test_serve_hostile.py NEARDUP [TEST...]
NEARDUP_IDLE is how many idle connections there are, 2000 if it is not set.
"""
import contextlib
import json
import os
import pathlib
import random
import socket
import sys
import time

import serve_case
from serve_case import (Server, allow_connections, check, equal, make_index, raw_request, read_all,
                        side_by_side, statuses, text)

ADD = json.dumps({"id": "cut", "text": text(1)}).encode()


def started(program, folder, *arguments):
    make_index(program, folder / "index")
    return Server(program, folder / "index", *arguments)


def memory(server):
    """Bytes of memory that the server has."""
    lines = pathlib.Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(lines.split("VmRSS:")[1].split()[0]) * 1024


def answers_others(server):
    """Somebody else is answered at once."""
    start = time.monotonic()
    equal(server.post("/v1/check", {"text": text(5)})[0], 200, "another client")
    check(time.monotonic() - start < 2, f"another client waits {time.monotonic() - start} s")


def drip(server, whole, pause):
    """Sends a byte now and then; gives what is answered, and after how many seconds."""
    start = time.monotonic()
    with server.connect() as one:
        for i in range(len(whole)):
            try:
                one.send(whole[i:i + 1])
            except OSError:
                break
            one.settimeout(pause)
            with contextlib.suppress(TimeoutError):
                answer = one.recv(65536, socket.MSG_PEEK)
                one.settimeout(serve_case.SECONDS_MOST)
                return (read_all(one) if answer else b""), time.monotonic() - start
        one.settimeout(serve_case.SECONDS_MOST)
        return read_all(one), time.monotonic() - start


def test_slow_senders(program, folder):
    whole = raw_request("POST", "/v1/add", ADD, more="X-Filler: " + "x" * 200 + "\r\n")
    body_at = whole.index(b"\r\n\r\n") + 4
    with started(program, folder, "--timeout", "1") as server:
        for what, beginning, most in (("of a first line", 0, 5), ("of a head", 24, 2),
                                      ("of a body", body_at, 2)):
            with server.connect() as one:
                one.sendall(whole[:beginning])
            answer, seconds = drip(Beginning(server, whole[:beginning]), whole[beginning:], 0.2)
            equal(statuses(answer), [408], f"a slow sender {what}")
            check(seconds < most + 1.5, f"a slow sender {what} is borne for {seconds} s")
            answers_others(server)
        equal(server.stats()["documents"], 0, "documents")


class Beginning:
    """Connections to a server on which something was sent already."""

    def __init__(self, server, beginning):
        self.server = server
        self.beginning = beginning

    def connect(self):
        made = self.server.connect()
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.sendall(self.beginning)
        return made


def test_silent_connections_are_closed(program, folder):
    with started(program, folder, "--timeout", "1") as server:
        start = time.monotonic()
        with server.connect() as one:
            equal(read_all(one), b"", "what a silent client is told")
        check(time.monotonic() - start < 5, "a silent client is borne too long")


def test_bodies_that_are_too_large(program, folder):
    with started(program, folder, "--max-body", "100K") as server:
        head = raw_request("POST", "/v1/check", more="Content-Type: text/plain\r\n")[:-2]
        with server.connect() as one:  # told before a byte of the body is sent
            one.sendall(head + b"Content-Length: 1000000000\r\n\r\n")
            equal(statuses(read_all(one)), [413], "a body of 1 GB")
        before = memory(server)
        for sizes in (b"Content-Length: 1000000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"):
            with server.connect() as one:
                one.sendall(head + sizes)
                piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
                with contextlib.suppress(OSError):
                    for _ in range(1000):
                        one.sendall(piece)
                equal(statuses(read_all(one)) in ([413], []), True, "a body that is sent")
        check(memory(server) - before < 8 << 20, f"memory grew by {memory(server) - before}")
        with server.connect() as one:
            one.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n"
                        + b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n" + b"ffff\r\n" + b"a" * 0xF000)
            equal(statuses(read_all(one)), [413], "chunks that are too large together")
        with server.connect() as one:
            one.sendall(head + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        b"5\r\na b c\r\n4;x=y\r\n d e\r\n0\r\n\r\n")
            equal(statuses(read_all(one)), [200], "chunks that are small enough")
        answers_others(server)


def test_bodies_that_are_too_large_together(program, folder):
    with started(program, folder, "--max-body", "64K", "--timeout", "5") as server:
        head = raw_request("POST", "/v1/check", more="Content-Type: text/plain\r\n"
                           "Content-Length: 65536\r\n")
        with contextlib.ExitStack() as stack:
            many = [stack.enter_context(server.connect()) for _ in range(48)]
            for one in many:
                with contextlib.suppress(OSError):
                    one.sendall(head + b"a" * 60000)
            time.sleep(0.5)
            told = 0
            for one in many:
                one.setblocking(False)
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    told += statuses(one.recv(4096)) == [503]
            check(8 <= told <= 24, f"{told} of 48 are told to come later")
        time.sleep(0.5)
        answers_others(server)


def test_heads_that_are_too_large(program, folder):
    with started(program, folder) as server:
        with server.connect() as one:
            one.sendall(raw_request("GET", "/v1/health", more="X: " + "y" * 100000 + "\r\n"))
            equal(statuses(read_all(one)), [431], "a long header")
        with server.connect() as one:
            one.sendall(raw_request("GET", "/v1/health", more="".join(
                f"X-{i}: y\r\n" for i in range(20000))))
            equal(statuses(read_all(one)), [431], "many headers")
        with server.connect() as one:
            one.sendall(raw_request("GET", "/" + "y" * 100000))
            equal(statuses(read_all(one)), [414], "a long target")
        answers_others(server)


def test_too_many_connections(program, folder):
    with started(program, folder, "--max-connections", "20") as server:
        with contextlib.ExitStack() as stack:
            for _ in range(20):
                stack.enter_context(server.connect())
            time.sleep(0.3)
            for _ in range(100):
                with server.connect() as one:
                    answer = read_all(one)
                    equal(statuses(answer), [503], "a connection too many")
                    check(b"Retry-After: 1" in answer, answer)
        time.sleep(0.3)
        answers_others(server)


def connections(server, wanted):
    """How many are open, once those that were closed are no longer counted."""
    deadline = time.monotonic() + 10
    while True:
        lines = server.ask("GET", "/metrics")[2].decode()
        count = int(lines.split("\nneardup_connections ")[1].split()[0])
        if count <= wanted or time.monotonic() > deadline:
            return count


def test_idle_connections(program, folder):
    wanted = allow_connections(int(os.environ.get("NEARDUP_IDLE", "2000")))
    with started(program, folder, "--max-connections", str(wanted + 50)) as server:
        with contextlib.ExitStack() as stack:
            for _ in range(wanted):
                stack.enter_context(server.connect())
            for _ in range(20):
                answers_others(server)
            equal(connections(server, wanted + 1), wanted + 1, "open connections")
            print(f"# {wanted} idle connections: {memory(server) >> 20} MiB")
        equal(connections(server, 1), 1, "connections after they were closed")


def test_pipelining(program, folder):
    with started(program, folder) as server:
        requests, wanted = [], []
        for i in range(30):
            record = json.dumps({"id": str(i), "text": text(i)}).encode()
            requests += [raw_request("POST", "/v1/add", record), raw_request("GET", f"/no/{i}"),
                         raw_request("GET", f"/v1/documents/{i}")]
            wanted += [200, 404, 200]
        requests.append(raw_request("GET", "/v1/stats", more="Connection: close\r\n"))
        with server.connect() as one:
            one.sendall(b"".join(requests))
            answers = read_all(one)
        equal(statuses(answers), wanted + [200], "answers in their order")
        check(b'"documents":30,' in answers, "all were added")


def test_requests_cut_at_every_byte(program, folder):
    whole = raw_request("POST", "/v1/add", ADD, more="Connection: close\r\n")
    body_at = len(whole) - len(ADD)

    def send_half(server, i):
        with server.connect() as one:
            one.sendall(whole[:i])
        # Half a body with an end behind it is given up only after its time.
        if i <= body_at or i % 100 == 0:
            with server.connect() as one:
                one.sendall(whole[:i])
                one.shutdown(socket.SHUT_WR)
                answer = read_all(one)
                check(all(status >= 400 for status in statuses(answer)),
                      f"after {i} bytes: {answer!r}")

    def send_halves(server, i):
        with server.connect() as one:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.sendall(whole[:i])
            one.sendall(whole[i:])
            equal(statuses(read_all(one)), [200], f"in two pieces, cut at {i}")

    with started(program, folder, "--timeout", "1") as server:
        side_by_side(lambda i: send_half(server, i), range(len(whole)))
        equal(server.stats()["documents"], 0, "documents of requests that were cut")
        side_by_side(lambda i: send_halves(server, i), range(1, len(whole)))
        equal(server.stats()["documents"], 1, "documents")


def damaged(whole, i):
    """Noise, or a request of which some bytes are others."""
    chooser = random.Random(i)
    if i % 3 == 0:
        return chooser.randbytes(chooser.randrange(1, 3000))
    sent = bytearray(whole)
    for _ in range(chooser.randrange(1, 6)):
        sent[chooser.randrange(len(sent))] = chooser.randrange(256)
    return bytes(sent)


def test_what_is_not_http(program, folder):
    whole = raw_request("POST", "/v1/add", ADD, more="Connection: close\r\n")

    def answer_of(server, sent):
        with server.connect() as one, contextlib.suppress(ConnectionError):
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)
            return statuses(read_all(one))
        return []

    with started(program, folder, "--timeout", "2") as server:
        side_by_side(lambda i: answer_of(server, damaged(whole, i)), range(300))
        for both in ("Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n",
                     "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
                     "Content-Length: 0x10\r\n", "Transfer-Encoding: gzip\r\n"):
            answer = answer_of(server, raw_request("POST", "/v1/check", b'{"text":"a"}', more=both))
            check(len(answer) <= 1, f"{both!r} is taken for several requests: {answer}")
        answers_others(server)


def test_slow_readers(program, folder):
    """Who does not read the answers has no influence on others."""
    lines = b'{"text":"a b c"}\n' * 5000
    request = raw_request("POST", "/v1/check", lines, kind="application/x-ndjson")
    with started(program, folder, "--timeout", "2") as server:
        with contextlib.ExitStack() as stack:
            for _ in range(20):
                one = stack.enter_context(server.connect())
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                one.sendall(request)
            time.sleep(1)
            answers_others(server)


if __name__ == "__main__":
    sys.exit(serve_case.run_tests(dict(globals()), "serve"))
