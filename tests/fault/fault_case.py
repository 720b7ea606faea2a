# SPDX-License-Identifier: MIT
"""One run of the program with one fault, and what is wrong with how it ended."""
import ctypes
import dataclasses
import errno
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile

SECONDS_MAX = 60
PREPARED_PAGES = 4  # of a small disk: folders and the report
OLD = b"an old output\n"
SKIPPED, FAILED = 3, 4
RETURNED = 2
# Figures that differ from run to run, with their units.
FIGURES = re.compile(rb"[0-9][0-9.,]*(e-?\d+)?( ?([kMG]?B(/s)?|s|ms|%))?")

# Errors that a class of calls meets (those of interpose.c). ENOMEM is what memory gives by itself.
NO_FILE = (errno.EACCES, errno.EIO, errno.EMFILE)
NO_CHANGE = (errno.EIO, errno.ENOSPC, errno.EROFS)
ERRNOS = {
    "memory": (errno.ENOMEM,), "thread": (errno.EAGAIN,), "iconv": (errno.ENOMEM,),
    "map": (errno.ENOMEM,), "open": NO_FILE, "create": (errno.ENOSPC, errno.EACCES, errno.EMFILE),
    "temporary": (errno.ENOSPC, errno.EACCES, errno.EMFILE), "fopen": NO_FILE,
    "opendir": (*NO_FILE, errno.ENOMEM), "readdir": (errno.EIO,),
    "stat": (errno.EACCES, errno.EIO), "lseek": (errno.EIO,), "read": (errno.EIO,),
    "pread": (errno.EIO,), "write": (errno.ENOSPC, errno.EIO),
    "pwrite": (errno.ENOSPC, errno.EIO), "sync": (errno.EIO,),
    "flush": (errno.ENOSPC,), "close": (errno.EIO,), "truncate": (errno.EIO,),
    "lock": (errno.ENOLCK,), "rename": NO_CHANGE, "link": NO_CHANGE, "unlink": NO_CHANGE,
    "mkdir": (errno.EACCES, errno.ENOSPC), "rmdir": (errno.EIO,),
}
INTERRUPTED = ("open", "create", "read", "pread", "write", "pwrite", "sync", "close")
MOVES_BYTES = ("read", "pread", "write", "pwrite")
# What may be passed over, with status 3, when it happens to a file that was found in a folder.
OF_A_FILE = {errno.EACCES, errno.EIO}
ON_THE_WAY_TO_A_FILE = ("open", "read", "pread", "stat", "opendir", "readdir")
# When these fail, what should have been removed stays.
CLEANING = ("unlink", "rmdir")


class ClassCount(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char * 16), ("calls", ctypes.c_uint64)]


class Report(ctypes.Structure):
    """fault_report of interpose.c"""
    _fields_ = [("armed", ctypes.c_uint64), ("finished", ctypes.c_uint64),
                ("injected", ctypes.c_uint64), ("live_blocks", ctypes.c_uint64),
                ("live_bytes", ctypes.c_uint64), ("live_descriptors", ctypes.c_uint64),
                ("live_handles", ctypes.c_int64), ("class_count", ctypes.c_uint64),
                ("classes", ClassCount * 32), ("places", (ctypes.c_char * 80) * 8)]

    def calls(self):
        return {one.name.decode(): one.calls for one in self.classes[:self.class_count]}


@dataclasses.dataclass(frozen=True)
class Fault:
    # A class of calls; disk: one with room for `at` pages; time: a kill; stdout: is full
    kind: str = ""
    mode: str = ""  # once, on, eintr, short, kill; of a disk: full, limit
    error: int = 0
    at: int = 0

    def __str__(self):
        error = f" {errno.errorcode[self.error]}" if self.error else ""
        return f"{self.kind} {self.at} {self.mode}{error}"

    def is_harmless(self):
        """Interrupted and short calls are made again: nothing may come of them."""
        return self.mode in ("eintr", "short")


@dataclasses.dataclass
class Outcome:
    status: int
    stdout: bytes
    stderr: str
    files: dict  # path: bytes
    left: list  # what is in the folder for temporary files
    report: Report


def read_files(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}


def same(a, b):
    return a == b or FIGURES.sub(b"0", a) == FIGURES.sub(b"0", b)


class Bench:
    """The program, the interposer and the inputs; runs scenarios in folders of their own."""

    def __init__(self, program, library, inputs, sanitized=False):
        self.program, self.library, self.inputs = str(program), str(library), inputs
        self.sanitized = sanitized

    def environment(self, fault, folder):
        values = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8",
                  "COLUMNS": "80", "HOME": str(folder), "TMPDIR": str(folder / "tmp"),
                  "LD_PRELOAD": self.library, "FAULT_REPORT": str(folder / "report"),
                  **{name: value for name, value in os.environ.items()
                     if name.endswith("SAN_OPTIONS") or name == "FAULT_TRACE"}}
        if fault.kind in ERRNOS:
            values.update(FAULT_CLASS=fault.kind, FAULT_AT=str(fault.at), FAULT_MODE=fault.mode,
                          FAULT_ERRNO=str(fault.error))
        return values

    def prepare(self, scenario, folder):
        for name in ("out", "tmp"):
            (folder / name).mkdir()
        for path in scenario.outputs:
            (folder / "out" / path).parent.mkdir(exist_ok=True)
            (folder / "out" / path).write_bytes(OLD)
        (folder / "report").write_bytes(bytes(ctypes.sizeof(Report)))

    def words(self, scenario):
        """One thread, unless the scenario says otherwise, so that calls have the same numbers."""
        words = [word.replace("{in}", str(self.inputs)) for word in scenario.words]
        has_threads = words[0] in ("dedup", "flag", "eval") and "-j2" not in words
        return [self.program, *words, *(["-j1"] if has_threads else [])]

    def run_in(self, scenario, fault, folder):
        limit = fault.at * 4096

        def limit_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        is_limited = fault.kind == "disk" and fault.mode == "limit"
        is_stopped = fault.kind == "time"
        stdin = self.inputs / scenario.stdin if scenario.stdin else os.devnull
        full = open("/dev/full", "wb") if fault.kind == "stdout" else subprocess.PIPE
        with open(stdin, "rb") as given, subprocess.Popen(
                self.words(scenario), stdin=given, stdout=full, stderr=subprocess.PIPE,
                cwd=folder / "out", env=self.environment(fault, folder), restore_signals=False,
                preexec_fn=limit_files if is_limited else None) as child:
            try:
                texts = child.communicate(timeout=fault.at / 1e6 if is_stopped else SECONDS_MAX)
            except subprocess.TimeoutExpired:
                child.kill()
                texts = child.communicate()
        if full is not subprocess.PIPE:
            full.close()
        status = child.returncode
        if status == -signal.SIGKILL and not is_stopped and fault.mode != "kill":
            status = -signal.SIGALRM  # our own doing: there was no end
        return Outcome(status, texts[0] or b"", texts[1].decode("utf-8", "replace"),
                       read_files(folder / "out"), [str(path) for path in
                                                    (folder / "tmp").iterdir()],
                       Report.from_buffer_copy((folder / "report").read_bytes()))

    def run(self, scenario, fault=Fault()):
        """(outcome, outcome of the run after it, if the first one was killed)"""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="neardup-fault-"))
        mounted = False
        try:
            if fault.kind == "disk" and fault.mode == "full":
                mounted = mount(folder, fault.at + PREPARED_PAGES + len(scenario.outputs))
            self.prepare(scenario, folder)
            outcome = self.run_in(scenario, fault, folder)
            if outcome.status != -signal.SIGKILL:
                return outcome, None
            for path in scenario.folders:
                shutil.rmtree(folder / "out" / path, ignore_errors=True)
            again = self.run_in(scenario, Fault(), folder)
            return outcome, again
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=True)
            shutil.rmtree(folder, ignore_errors=True)


def mount(folder, pages):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={pages * 4096}", "tmpfs", folder],
                   check=True, capture_output=True)
    return True


def can_mount():
    folder = tempfile.mkdtemp(prefix="neardup-fault-")
    try:
        mount(folder, 16)
        subprocess.run(["umount", folder], check=True)
        return True
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        os.rmdir(folder)


def is_debris(scenario, path, clean):
    return path not in clean.files and path not in scenario.outputs


def is_twin(scenario, path, outcome):
    """Where an input could not be read, its copy is kept and stands in the folder."""
    folder = path.split("/")[0]
    return (outcome.status == 3 and "/" in path and ".neardup-tmp-" not in path
            and (folder in scenario.folders
                 or any(one.startswith(folder + "/") for one in scenario.outputs)))


def debris_problems(scenario, outcome, clean):
    for path in outcome.files:
        if is_debris(scenario, path, clean) and not is_twin(scenario, path, outcome):
            yield f"debris: {path}"
    for path in outcome.left:
        yield f"debris among temporary files: {path}"


def file_problems(scenario, outcome, clean):
    """Of a run that did not end well: outputs are old or new, each as a whole."""
    for path, content in outcome.files.items():
        if not is_debris(scenario, path, clean) and content != OLD and not same(
                content, clean.files.get(path, OLD)):
            yield f"half an output: {path}"
    for path in scenario.outputs:
        if path not in outcome.files:
            yield f"an old output is gone: {path}"


def leak_problems(report):
    """Where main() returned: exit() from deeper, as the command line does without memory for a list
    of words, leaves everything to the system."""
    if report.finished != RETURNED:
        return
    if report.live_blocks:
        places = ", ".join(place.value.decode() for place in report.places if place.value)
        yield f"leak: {report.live_blocks} blocks ({places})"
    if report.live_handles:
        yield f"leak: {report.live_handles} streams, folders or encodings"
    if report.live_descriptors:
        yield f"leak: {report.live_descriptors} descriptors"


def clean_problems(outcome, clean):
    """Of a run that says that all went well."""
    if not same(outcome.stdout, clean.stdout):
        yield "other text on standard output, and no error"
    if set(clean.files) - set(outcome.files):
        yield f"no output, and no error: {sorted(set(clean.files) - set(outcome.files))}"
    for path, content in clean.files.items():
        if not same(outcome.files.get(path, content), content):
            yield f"another output, and no error: {path}"


def failure_problems(scenario, fault, outcome, clean):
    """Of a run that says that it failed."""
    if "neardup: " not in outcome.stderr:
        yield f"no message: {outcome.stderr[:100]!r}"
    if fault.kind == "memory" and "memory" not in outcome.stderr:
        yield f"a lack of memory is called: {outcome.stderr[-300:]!r}"
    new = {path for path, content in outcome.files.items() if content != OLD} & set(clean.files)
    # What went wrong behind the last rename cannot be undone, but it can be said.
    if not all(path in outcome.stderr or f":{path.split('/')[0]}\n" in outcome.stderr
               for path in new):
        yield f"status 4, but written, and not named: {sorted(new)}"
    yield from file_problems(scenario, outcome, clean)


def judge_again(scenario, again, clean):
    if again.status != clean.status:
        yield f"status {again.status}: {again.stderr[:200]!r}"
        return
    yield from clean_problems(again, clean)
    yield from debris_problems(scenario, again, clean)


def may_pass_over(scenario, fault):
    return (scenario.finds and fault.error in OF_A_FILE
            and fault.kind in ON_THE_WAY_TO_A_FILE)


def judge(scenario, fault, outcome, again, clean):
    """What is wrong, in words; nothing if all is well."""
    if outcome.status == -signal.SIGKILL:
        yield from file_problems(scenario, outcome, clean)
        yield from (f"the run after it: {problem}"
                    for problem in judge_again(scenario, again, clean))
        return
    if outcome.status < 0 or outcome.status > FAILED:
        yield f"ended by {outcome.status}: {outcome.stderr[-200:]!r}"
        return
    yield from leak_problems(outcome.report)
    if fault.kind not in CLEANING:
        yield from debris_problems(scenario, outcome, clean)
    if outcome.status == clean.status and not (fault.kind == "stdout" and clean.stdout):
        yield from clean_problems(outcome, clean)
    elif outcome.status == FAILED and not fault.is_harmless():
        yield from failure_problems(scenario, fault, outcome, clean)
    elif not (outcome.status == SKIPPED and may_pass_over(scenario, fault)):
        yield f"status {outcome.status}: {outcome.stderr[:200]!r}"
