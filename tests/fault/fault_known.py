# SPDX-License-Identifier: MIT
"""What is known to be wrong today, to be mended and struck out: globs of a scenario, a fault and a
problem. A whole run of the matrix fails when one of them does not happen any more."""

OPEN_OR_READ = ("open", "stat", "read", "pread", "lseek")

KNOWN = [
    # Temporary files of runs that were killed stay.
    ("*", "* kill", "the run after it: debris*"),
    # What fails behind the last rename does not say what was written.
    ("*", "*", "status 4, but written, and not named*"),
    # Named inputs that cannot be read are passed over.
    *(("*", f"{kind} *", "status 3: *cannot *") for kind in OPEN_OR_READ),
    ("dedup-of-threads", "* on *", "half an output: *"),  # and then the folder is not opened
    *(("dedup-rejected-damaged", f"{kind} *", "another output, and no error*")
      for kind in ("open", "stat", "read", "pread")),
    *(("flag-site", f"{kind} *", "another output, and no error*")
      for kind in ("open", "stat", "read", "pread")),
    # Encodings and uchardet without memory; libarchive ends the program.
    ("*", "iconv *", "status 3: *damaged throughout*"),
    ("*", "iconv *", "another output, and no error*"),
    ("*", "memory *", "status 3: *damaged throughout*"),
    ("*", "memory *", "*the system's iconv has no converter for it*"),
    ("*", "memory *", "*cannot start thread*"),
    ("*", "memory *", "ended by -6:*std::bad_alloc*"),
    ("*", "memory *", "status 1: *Fatal Internal Error in libarchive*"),
    ("dedup-of-a-*", "memory *", "ended by -11: *"),
    ("dedup-of-a-*", "memory *", "leak: * (libarchive*"),
    ("dedup-of-a-*", "memory *", "leak: 1 descriptors"),
    ("*", "memory *", "*the archive is damaged*"),
    ("*lz4*", "memory *", "*ERROR_allocation_failed*"),
    # A record of an archive that finds no memory: passed over without a reason, or "changed".
    ("dedup-of-r-warc*", "memory *", "status 3: *"),
    ("dedup-of-r-warc*", "memory *", "*changed while it was being read*"),
    # Interrupted calls that are not made again: syncfs, and opening by libarchive.
    ("*", "sync * eintr", "status 4: *cannot sync folder*"),
    ("*", "open * eintr", "status ?: *Failed to open*"),
    # Files that are written in place.
    ("eval-*-predicted", "*", "an old output is gone: *"),
    ("eval-*-predicted", "*", "half an output: *"),
    ("generate-*", "*", "half an output: *"),
    ("generate-*", "*", "an old output is gone: *"),
    # Cleaning a folder lists it first.
    *(("*", f"{kind} *", "debris: *.tmp-*") for kind in ("opendir", "readdir", "memory")),
]
