# SPDX-License-Identifier: MIT
"""How time, memory and disk grow with the number of documents: tests/bench/run --scale."""
import math
import os
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

COPIES = 10  # of a hundred documents
SAMPLES_PER_SECOND = 20
MULTIPLES = {"k": 10**3, "m": 10**6}


def number(text):
    """1500, 100k or 15m."""
    return int(float(text.rstrip("km")) * MULTIPLES.get(text[-1], 1))


def shown(count):
    for letter, times in (("m", 10**6), ("k", 10**3)):
        if count >= times and count % times == 0:
            return f"{count // times}{letter}"
    return str(count)


def make_texts(build, folder, count, size):
    """The path of a corpus, made if need be."""
    path = folder / f"texts-{shown(count)}-{size}.jsonl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with open(part, "wb") as out:
            subprocess.run([build / "tests" / "bench_texts", str(count), str(size), str(COPIES)],
                           stdout=out, check=True)
        part.rename(path)
    return path


def open_bytes(process):
    """Bytes of disk under the files that a process has open and nobody else can see."""
    total = 0
    try:
        for link in pathlib.Path(f"/proc/{process}/fd").iterdir():
            if os.readlink(link).endswith("(deleted)"):
                total += os.stat(link).st_blocks * 512
    except OSError:
        pass  # it ended, or closed the file meanwhile
    return total


class DiskWatch(threading.Thread):
    """The most that a process had on disk in unnamed files."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.most, self.ended = process, 0, threading.Event()

    def run(self):
        while not self.ended.wait(1 / SAMPLES_PER_SECOND):
            self.most = max(self.most, open_bytes(self.process))


def run_once(command):
    """(seconds, processor seconds, peak bytes of memory, of disk)."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = DiskWatch(process.pid)
    watch.start()
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.ended.set()
    watch.join()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{said.decode()}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, watch.most


def measure(build, path, memory, threads, runs):
    """The runs over one corpus, each into a folder without outputs."""
    done = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="neardup-scale-", dir=path.parent) as out:
            command = [build / "neardup", "dedup", path, "--threshold", "0.8",
                       "--number-agreement", "0", "--threads", str(threads),
                       "-o", f"plan:{out}/plan", "-o", f"ids:{out}/ids"]
            done.append(run_once(command + (["--memory", memory] if memory else [])))
    return done


def row_of(count, size, path, memory, threads, runs):
    best = min(runs)
    return {"documents": count, "text_bytes": size, "input_bytes": path.stat().st_size,
            "memory": memory or "default", "threads": threads,
            "seconds": {"best": round(best[0], 3),
                        "median": round(statistics.median(run[0] for run in runs), 3)},
            "processor_seconds": round(min(run[1] for run in runs), 3),
            "peak_bytes": max(run[2] for run in runs),
            "disk_bytes": max(run[3] for run in runs)}


def measure_all(build, folder, counts, size, memories, threads, runs, keep):
    """Rows of all corpora, small ones first; small ones are run more often."""
    rows = []
    for count in counts:
        path = make_texts(build, folder, count, size)
        for memory in memories:
            times = runs if count >= 10**7 else 3 * runs
            rows.append(row_of(count, size, path, memory, threads,
                               measure(build, path, memory, threads, times)))
            print(line_of(rows[-1]), flush=True)
        if not keep:
            path.unlink()
    return rows


FORM = "{:>9} {:>6} {:>8} {:>9} {:>9} {:>9} {:>8} {:>9} {:>8} {:>9}"
HEAD = FORM.format("documents", "bytes", "memory", "best s", "median s", "cpu s", "us/doc",
                   "RSS MB", "disk MB", "disk/doc")


def line_of(row):
    count = row["documents"]
    return FORM.format(shown(count), row["text_bytes"], row["memory"],
                       f"{row['seconds']['best']:.2f}", f"{row['seconds']['median']:.2f}",
                       f"{row['processor_seconds']:.2f}",
                       f"{1e6 * row['seconds']['best'] / count:.2f}",
                       f"{row['peak_bytes'] / 1e6:.0f}", f"{row['disk_bytes'] / 1e6:.0f}",
                       f"{row['disk_bytes'] / count:.0f}")


# The plot: three panels above each other over one logarithmic axis of documents.

WIDTH, PANEL, GAP, LEFT, RIGHT, TOP = 860, 130, 46, 90, 150, 50
PANELS = (("time", "µs a document", lambda row: 1e6 * row["seconds"]["best"] / row["documents"]),
          ("memory", "MB at the peak", lambda row: row["peak_bytes"] / 1e6),
          ("disk", "bytes a document", lambda row: row["disk_bytes"] / row["documents"]))
STYLE = """
text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
.small { font-size: 11px; fill: #59636e; }
.head { font-weight: 600; }
.grid { stroke: #d1d9e0; }
.series0 { stroke: #8c959f; fill: #8c959f; }
.series1 { stroke: #0969da; fill: #0969da; }
.series2 { stroke: #bc4c00; fill: #bc4c00; }
polyline { fill: none !important; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .small { fill: #9198a1; } .grid { stroke: #3d444d; }
}
"""


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{words}</text>'


def nice_top(value):
    """A round number that is not less."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(power * step for step in (1, 2, 5, 10) if power * step >= value)


class Plot:
    def __init__(self, rows):
        self.rows = rows
        self.memories = list(dict.fromkeys(row["memory"] for row in rows))
        counts = sorted({row["documents"] for row in rows})
        self.low, self.high = math.log10(counts[0]), math.log10(counts[-1])
        self.counts = counts

    def x(self, count):
        share = (math.log10(count) - self.low) / max(self.high - self.low, 1e-9)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def panel(self, number_of, top):
        name, unit, value = PANELS[number_of]
        most = nice_top(max(value(row) for row in self.rows))
        y_of = lambda amount: top + PANEL * (1 - amount / most)  # noqa: E731
        yield text(LEFT, top - 12, f"{name}, {unit}", "head")
        for part in (0, .5, 1):
            y = y_of(part * most)
            yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
            yield text(LEFT - 8, y + 4, f"{part * most:g}", "small", "end")
        for i, memory in enumerate(self.memories):
            points = [(self.x(row["documents"]), y_of(value(row))) for row in self.rows
                      if row["memory"] == memory]
            listed = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline class="series{i % 3}" points="{listed}"/>'
            for x, y in points:
                yield f'<circle class="series{i % 3}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'

    def draw(self):
        height = TOP + len(PANELS) * (PANEL + GAP) + 10
        yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
               f'role="img" aria-label="Time, memory and disk by number of documents">')
        yield f"<style>{STYLE}</style>"
        for i in range(len(PANELS)):
            yield from self.panel(i, TOP + i * (PANEL + GAP))
        bottom = TOP + len(PANELS) * (PANEL + GAP) - GAP
        for count in self.counts:
            yield text(self.x(count), bottom + 20, shown(count), "small", "middle")
        yield text((LEFT + WIDTH - RIGHT) / 2, bottom + 38, "documents", "small", "middle")
        for i, memory in enumerate(self.memories):
            y = TOP + 18 * i
            yield f'<circle class="series{i % 3}" cx="{WIDTH - RIGHT + 24}" cy="{y}" r="5"/>'
            words = "memory as it comes" if memory == "default" else f"--memory {memory}"
            yield text(WIDTH - RIGHT + 36, y + 4, words, "small")
        yield "</svg>"


def plot(rows):
    return "\n".join(Plot(rows).draw()) + "\n"
