# SPDX-License-Identifier: MIT
"""What is known to be wrong today, to be mended and struck out: globs of a scenario, a fault and a
problem. A whole run of the matrix fails when one of them does not happen any more."""

KNOWN = [
    # libarchive ends the program, crashes or leaks; uchardet throws.
    ("*", "memory *", "ended by -6:*std::bad_alloc*"),
    ("*", "memory *", "status 1: *Fatal Internal Error in libarchive*"),
    ("dedup-of-a-*", "memory *", "ended by -11: *"),
    ("dedup-of-a-*", "memory *", "leak: * (libarchive*"),
    ("dedup-of-a-*", "memory *", "leak: 1 descriptors"),
    ("dedup-of-a-*", "memory *", "*the archive is damaged*"),
]
