# SPDX-License-Identifier: MIT
"""datasketch on Redis: a server of its own at a free port of this machine."""
import pathlib
import shutil
import socket
import subprocess
import sys
import time

REQUIREMENTS = ["datasketch==2.0.0", "redis==8.1.0"]
NEEDS = "redis-server"
SETTINGS = {
    "candidates": "128 permutations, threshold .8, an insertion session, which buffers 50,000 "
                  "commands, saved as RDB",
    "recall": "256 permutations in 32 bands of 8, otherwise the same",
}
ANSWERS = "keys; sketches are not stored"

if __name__ == "__main__":
    import redis
    from datasketch import MinHash, MinHashLSH
    import index_peer

    OPTIONS = {"candidates": {"threshold": 0.8, "num_perm": 128},
               "recall": {"num_perm": 256, "params": (32, 8)}}

    SECONDS = 300  # that a command may take, such as one of a whole session, or SAVE

    class Server:
        """redis-server, without snapshots of its own accord."""

        def __init__(self, folder):
            self.folder = pathlib.Path(folder)
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
            self.process = subprocess.Popen(
                [shutil.which("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1",
                 "--dir", str(folder), "--save", "", "--appendonly", "no"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.client = redis.Redis(port=self.port, socket_timeout=SECONDS)
            while not self.is_ready():
                time.sleep(0.005)

        def is_ready(self):
            try:
                return self.client.ping()
            except redis.exceptions.ConnectionError:  # while it loads, too
                if self.process.poll() is not None:
                    sys.exit("redis-server does not start")
                return False

        def index(self, options):
            return MinHashLSH(**options, storage_config={
                "type": "redis", "basename": b"bench",
                "redis": {"host": "127.0.0.1", "port": self.port, "socket_timeout": SECONDS}})

        def processor(self):
            used = self.client.info("cpu")
            return used["used_cpu_user"] + used["used_cpu_sys"]

        def memory(self):
            return self.client.info("memory")["used_memory"]

        def stop(self):
            self.process.terminate()
            self.process.wait()

    def sketches_of(texts, options):
        return MinHash.generator(index_peer.shingle_sets(texts), num_perm=options["num_perm"])

    def fill(task, texts):
        server = Server(task.folder)
        options = OPTIONS[task.settings]
        index = server.index(options)
        before, used = server.memory(), server.processor()
        served = []

        def add(first, some):
            with index.insertion_session() as session:
                for i, sketch in enumerate(sketches_of(some, options)):
                    session.insert(first + i, sketch)

        def save():
            served.append(server.processor() - used)
            server.client.save()
            return index_peer.size_of(task.folder / "dump.rdb")

        found = index_peer.fill(task, texts, add, save)
        found["memory_bytes"] = server.memory() - before
        found["add_processor_seconds"] += served[0]
        server.stop()
        return found

    def ask(task, texts):
        options = OPTIONS[task.settings]
        servers = []

        def load():
            servers.append(Server(task.folder))
            servers.append(servers[0].processor())  # with what loading took
            index = servers[0].index(options)
            return lambda some: [index.query(sketch) for sketch in sketches_of(some, options)]

        found = index_peer.ask(task, texts, load)
        found["ask_processor_seconds"] += servers[0].processor() - servers[1]
        servers[0].stop()
        return found

    index_peer.main(lambda task, ids, texts: (fill if task.phase == "fill" else ask)(task, texts))
