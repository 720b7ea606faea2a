# SPDX-License-Identifier: MIT
"""neardup itself, as a command: reading the JSON lines and printing the answers included."""
import json
import resource
import subprocess
import time

REQUIREMENTS = []
SETTINGS = {
    "add": "index add --sync batch, word sets kept; threshold .8, no rule about numbers",
    "build": "index build, word sets kept",
    "sketches": "index build --store sketches",
}
ANSWERS = ("id, url, date and title of up to 64 documents that were new when they came, "
           "similarity and containment both ways, exact (an interval with sketches), kind, group")

if __name__ == "__main__":
    import index_peer

    MATCHING = ("--threshold", "0.8", "--number-agreement", "0")
    ONE = ("--threads", "1", "--quiet")

    def fill(task):
        index = task.folder / "index"
        store = ("--store", "sketches") if task.settings == "sketches" else ()
        watch = index_peer.Watch()
        if task.settings == "add":
            subprocess.run([task.program, "index", "create", index, *MATCHING, "-q"], check=True)
            subprocess.run([task.program, "index", "add", index, task.input, "--sync", "batch",
                            "--as", "none", *ONE], check=True)
        else:
            subprocess.run([task.program, "index", "build", index, task.input, *MATCHING, *store,
                            *ONE], check=True)
        return {**watch.read("add"), "disk_bytes": index_peer.size_of(index)}

    def first_answer(task):
        """Seconds from the start of the program to an answer."""
        start = time.monotonic()
        with open(task.input, encoding="utf-8") as lines, subprocess.Popen(
                [task.program, "check", "--index", task.folder / "index", "-", *ONE], text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
            run.stdin.write(lines.readline())
            run.stdin.flush()
            run.stdout.readline()
            return time.monotonic() - start

    def ask(task):
        opened = first_answer(task)
        watch = index_peer.Watch()
        done = subprocess.run([task.program, "check", "--index", task.folder / "index", task.input,
                               "--matches", "64", "--as", "json", *ONE], check=True,
                              capture_output=True, text=True)
        measured = watch.read("ask")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        matches = [[answer["match"], *answer["matches"]] if answer["match"] else []
                   for answer in answers]
        return {"open_seconds": opened, **measured,
                "memory_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
                "answers": [[one["id"] for one in found] for found in matches]}

    index_peer.main(lambda task, ids, texts: (fill if task.phase == "fill" else ask)(task))
