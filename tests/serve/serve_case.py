# SPDX-License-Identifier: MIT
"""A server for a test, requests to it, and the list of tests."""
import concurrent.futures
import http.client
import json
import pathlib
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile

SECONDS_MOST = 30
CLIENTS = 32
WORDS = [f"word{i}" for i in range(3000)]
SKIPPED = 77


def text(seed, words=60):
    """A text of its own for each seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def nearly(seed, words=60):
    """The text of that seed with two other words."""
    parts = text(seed, words).split(" ")
    parts[10] = "another"
    parts[40] = "different"
    return " ".join(parts)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(found, wanted, what=""):
    check(found == wanted, f"{what}: {found!r} instead of {wanted!r}")


def make_index(program, path, *arguments):
    done = subprocess.run([program, "index", "create", str(path), *arguments],
                          capture_output=True, text=True, check=False)
    equal(done.returncode, 0, f"index create: {done.stderr}")


class Server:
    """The program on a port of its own, or at a Unix socket."""

    def __init__(self, program, index, *arguments, listen="127.0.0.1:0", unix=None, env=None):
        place = ["--unix", str(unix)] if unix else ["--listen", listen]
        self.process = subprocess.Popen(
            [program, "serve", "--index", str(index), *place, *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=env)
        self.said = ""
        self.unix = unix
        for line in self.process.stderr:
            self.said += line
            if "listening at" in line:
                break
        check("listening at" in self.said, f"the server did not start: {self.said}")
        self.port = int(re.search(r":(\d+)$", self.said.strip()).group(1)) if not unix else 0

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()

    def stop(self, number=signal.SIGTERM):
        """Ends it, and gives its exit status and what it printed."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            out, more = self.process.communicate(timeout=SECONDS_MOST)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise AssertionError("the server does not end") from None
        self.said += more
        return self.process.returncode, out

    def connect(self, seconds=SECONDS_MOST):
        if self.unix:
            made = socket.socket(socket.AF_UNIX)
            made.settimeout(seconds)
            made.connect(str(self.unix))
            return made
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def ask(self, method, target, body=None, kind=None, headers=None):
        """(status, headers, body) of an answer; kind is a Content-Type."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_MOST)
        if self.unix:
            connection.sock = self.connect()
        all_headers = {**({"Content-Type": kind} if kind else {}), **(headers or {})}
        try:
            connection.request(method, target, body=body, headers=all_headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, route, record, kind="application/json", **more):
        """(status, JSON) of a record that is sent."""
        body = record if isinstance(record, (bytes, str)) else json.dumps(record)
        body = body.encode() if isinstance(body, str) else body
        status, _, answer = self.ask("POST", route, body, kind, **more)
        return status, json.loads(answer)

    def stats(self, **more):
        return json.loads(self.ask("GET", "/v1/stats", **more)[2])


def read_all(connection):
    """All that comes until the other end closes."""
    parts = []
    try:
        while True:
            part = connection.recv(65536)
            if not part:
                break
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def raw_request(method, target, body=b"", kind="application/json", more=""):
    head = (f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n"
            + (f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else "")
            + more + "\r\n")
    return head.encode() + body


def allow_connections(wanted):
    """As many of them as this process may have, at most those wanted."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = wanted if most == resource.RLIM_INFINITY else min(wanted, most - 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (possible + 100, most))
    return possible


def side_by_side(call, values):
    """call(value) for each, by clients that wait beside each other; what fails is raised."""
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        for _ in clients.map(call, values):
            pass


def statuses(answers):
    """The statuses of answers that follow each other."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", answers)]


def run_tests(tests, group):
    """Runs the functions named test_... of a module: each gets the program and a folder."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    wanted = sys.argv[2:]
    done = subprocess.run([program, "serve", "--index", "/nowhere/at/all"], capture_output=True,
                          text=True, check=False)
    if "built without" in done.stderr:
        print(f"skip - {group}: this build has no server")
        return SKIPPED
    chosen = {name[5:]: test for name, test in tests.items() if name.startswith("test_")
              and callable(test) and (not wanted or name[5:] in wanted)}
    failed = 0
    for name, test in chosen.items():
        with tempfile.TemporaryDirectory(prefix="neardup-serve-") as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - {group}: {name.replace('_', ' ')}", flush=True)
            except (AssertionError, OSError, http.client.HTTPException, ValueError,
                    subprocess.SubprocessError) as problem:
                print(f"not ok - {group}: {name.replace('_', ' ')}\n    {problem!r}", flush=True)
                failed += 1
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0
