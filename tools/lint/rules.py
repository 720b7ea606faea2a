#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""House rules that a compiler does not know.

usage: rules.py ROOT | --self-test
"""
import pathlib
import re
import statistics
import sys

import lint

# Calls that only the files named may make; a member (x->free(), x.abort()) is not a call of these.
OWNED_CALLS = [
    ("the heap", ("malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign"),
     ("src/base/alloc.c",)),
    ("opening and replacing files",
     ("open", "openat", "creat", "fopen", "freopen", "fdopen", "rename", "renameat", "unlink",
      "unlinkat", "remove", "mkstemp"), ("src/base/file.c",)),
    ("ending the program", ("exit", "_exit", "_Exit", "quick_exit", "abort"), ()),
    ("printing", ("printf", "vprintf", "puts", "putchar", "perror"), ()),
]
# Standard streams belong to the program, not to the library.
STREAMS = re.compile(r"\b(stdout|stderr)\b")

MAX_COLUMNS = 100
MAX_FILE_LINES = 1000
MAX_FUNCTION_LINES = 120
# Figures to hold: (what, median, 90th percentile) in lines.
FILE_FIGURES = ("files", 200, 600)
FUNCTION_FIGURES = ("functions", 18, 60)

SCRIPT_SUFFIXES = {".py", ".sh", ".cmake", ".in"}
TEXT_SUFFIXES = lint.C_SUFFIXES | SCRIPT_SUFFIXES | {
    ".md", ".txt", ".css", ".js", ".html", ".toml", ".json", ".yml", ".yaml", ".glob", ".exact"}
NAMES_FREE_TO_REPEAT = {"CMakeLists.txt", "README.md", "__init__.py", "__main__.py"}
# Modules of the package are named for those who import them.
IMPORTED = "tools/python/src/"

# Written in pieces so that this file does not break its own rules.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
REGISTRIES = re.compile("|".join(host.replace("!", r"\.") for host in (
    "pypi!org", "pythonhosted!org", "registry!npmjs", "npmjs!com", "crates!io", "rubygems!org",
    "repo1!maven", "repo!maven", "proxy!golang", "deb!debian", "archive!ubuntu", "conan!io")))
MACHINE_PATHS = re.compile(r"(?<![\w.$}~-])/(?:" "work|root|home" r")/[\w.]")


def is_script(root, name):
    """Python, shell and CMake sources, also those without a suffix."""
    path = pathlib.PurePosixPath(name)
    if path.suffix in SCRIPT_SUFFIXES or path.name == "CMakeLists.txt":
        return True
    return path.suffix == "" and lint.read(root, name).startswith("#!")


def text_files(root):
    for name in lint.tree(root):
        path = pathlib.PurePosixPath(name)
        if lint.is_data(name) or path.name.startswith("LICENSE"):
            continue
        if path.suffix in TEXT_SUFFIXES or path.suffix == "":
            yield name, lint.read(root, name)


def owned_call_problems(root):
    for name, text in lint.sources(root, ("src/",)):
        code = lint.c_code(text)
        for what, calls, owners in OWNED_CALLS:
            if name in owners:
                continue
            pattern = r"(?<![\w.>])(" + "|".join(calls) + r")\s*\("
            for match in re.finditer(pattern, code):
                where = f"only in {', '.join(owners)}" if owners else "not in the library"
                yield (f"{name}:{lint.line_of(code, match.start())}: {match.group(1)}(): "
                       f"{what} is done {where}")


def stream_problems(root):
    for name, text in lint.sources(root, ("src/",)):
        code = lint.c_code(text)
        for match in STREAMS.finditer(code):
            yield (f"{name}:{lint.line_of(code, match.start())}: {match.group(1)}: "
                   "the library does not print")


def heading_problems(root):
    """The first lines: SPDX, then what the file is for."""
    for name, text in lint.sources(root, generated=True):
        lines = text.split("\n")
        if lint.is_generated(text):
            lines = lines[1:]  # these open by naming their generator
        if lines[0] != "/* SPDX-License-Identifier: MIT */":
            yield f"{name}:1: the first line is not the SPDX line"
        elif len(lines) < 2 or not re.match(r"/\* \S", lines[1]):
            yield f"{name}:2: the second line is not a comment that says what the file is for"
    for name in lint.tree(root):
        if not is_script(root, name) or lint.is_data(name):
            continue
        if pathlib.PurePosixPath(name).suffix == ".in" and ".cmake" not in name:
            continue
        lines = lint.read(root, name).split("\n") + ["", "", ""]
        first = 1 if lines[0].startswith("#!") else 0
        if lines[first] != "# SPDX-License-Identifier: MIT":
            yield f"{name}:{first + 1}: no SPDX line"
        elif not re.match(r'(# \S|[rb]?"""\S|@PACKAGE)', lines[first + 1]):
            yield f"{name}:{first + 2}: no line that says what the file is for"


def unique_name_problems(root):
    seen = {}
    for name in lint.tree(root):
        path = pathlib.PurePosixPath(name)
        if (path.suffix not in lint.C_SUFFIXES | {".py"} or lint.is_data(name)
                or path.name in NAMES_FREE_TO_REPEAT or name.startswith(IMPORTED)):
            continue
        if path.name in seen:
            yield f"{name}: {seen[path.name]} has the same name"
        seen.setdefault(path.name, name)


def width_problems(root):
    for name in lint.tree(root):
        suffix = pathlib.PurePosixPath(name).suffix
        if lint.is_data(name) or not (suffix in lint.C_SUFFIXES or is_script(root, name)):
            continue
        text = lint.read(root, name)
        if lint.is_generated(text):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > MAX_COLUMNS:
                yield f"{name}:{number}: {len(line)} columns, at most {MAX_COLUMNS}"
            if line != line.rstrip() or "\t" in line:
                yield f"{name}:{number}: tab or blanks at the end of the line"


def functions(text):
    """(first line, lines) of each function of a C file laid out by .clang-format."""
    lines = text.split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number - 1
        elif line == "}" and start is not None:
            yield start, number - start + 1
            start = None


def long_problems(root):
    for name, text in lint.sources(root):
        count = text.count("\n")
        if count > MAX_FILE_LINES:
            yield f"{name}: {count} lines, at most {MAX_FILE_LINES}"
        for line, length in functions(text):
            if length > MAX_FUNCTION_LINES:
                yield f"{name}:{line}: function of {length} lines, at most {MAX_FUNCTION_LINES}"


def percentile_90(values):
    return sorted(values)[min(len(values) - 1, len(values) * 9 // 10)]


def figures(root):
    """Lengths of the source files and functions of the product, without tests."""
    files, bodies = [], []
    for name, text in lint.sources(root, ("src/", "include/", "tools/cli/")):
        files.append(text.count("\n"))
        if name.endswith(".c"):
            bodies.extend(length for _, length in functions(text))
    return [(FILE_FIGURES, files), (FUNCTION_FIGURES, bodies)]


def figure_problems(root):
    for (what, median_limit, p90_limit), lengths in figures(root):
        if lengths:
            for name, value, limit in (("median", statistics.median(lengths), median_limit),
                                       ("p90", percentile_90(lengths), p90_limit)):
                if value > limit:
                    yield f"{what}: {name} is {value} lines, at most {limit}"


def unfinished_problems(root):
    for name, text in text_files(root):
        for match in UNFINISHED.finditer(text):
            yield f"{name}:{lint.line_of(text, match.start())}: {match.group(1)}"


def place_problems(root):
    for name, text in text_files(root):
        for pattern, what in ((REGISTRIES, "package registry"), (MACHINE_PATHS, "machine path")):
            for match in pattern.finditer(text):
                yield f"{name}:{lint.line_of(text, match.start())}: {what}: {match.group(0)}"


RULES = [
    ("heap, files, exit and printing stay where they belong", owned_call_problems),
    ("the library leaves the standard streams alone", stream_problems),
    ("files open with SPDX and purpose", heading_problems),
    ("file names are unique", unique_name_problems),
    (f"lines have at most {MAX_COLUMNS} columns", width_problems),
    ("files and functions are short", long_problems),
    ("typical lengths hold", figure_problems),
    ("nothing is marked as unfinished", unfinished_problems),
    ("no registries, no machine paths", place_problems),
]


def run(root):
    for (what, _, _), lengths in figures(root):
        if lengths:
            print(f"# {len(lengths)} {what}: median {statistics.median(lengths):g} lines, "
                  f"p90 {percentile_90(lengths)}, longest {max(lengths)}")
    return lint.report([(f"rules: {name}", list(rule(root))) for name, rule in RULES])


def self_test():
    head = "/* SPDX-License-Identifier: MIT */\n/* Purpose. */\n"
    long_body = "int f(void)\n{\n" + "    g();\n" * 120 + "}\n"
    middle_body = "int f(void)\n{\n" + "    g();\n" * 20 + "}\n"
    registry = "https://" + "pypi" + ".org/simple"
    fixtures = [
        ("malloc in a layer", {"src/text/a.c": "x = malloc(3);\n"}, owned_call_problems,
         "src/text/a.c:1: malloc()"),
        ("malloc in alloc.c", {"src/base/alloc.c": "x = malloc(3);\n"}, owned_call_problems, None),
        ("malloc in a comment, a string, a member, a longer name",
         {"src/text/a.c": '/* malloc(3) */ "free(x)"; ndup__free(x); y->free(x); z.abort();\n'},
         owned_call_problems, None),
        ("fopen", {"src/corpus/a.c": "\nf = fopen (p, m);\n"}, owned_call_problems,
         "a.c:2: fopen()"),
        ("exit", {"src/corpus/a.c": "exit(1);\n"}, owned_call_problems, "exit()"),
        ("snprintf", {"src/corpus/a.c": "snprintf(b, 3, f);\n"}, owned_call_problems, None),
        ("printf", {"src/corpus/a.c": "printf(f);\n"}, owned_call_problems, "printf()"),
        ("stderr", {"src/corpus/a.c": "fputs(f, stderr);\n"}, stream_problems, "stderr"),
        ("a missing SPDX line", {"src/a.c": "/* Purpose. */\n"}, heading_problems, "a.c:1"),
        ("a missing purpose", {"src/a.c": "/* SPDX-License-Identifier: MIT */\nint a;\n"},
         heading_problems, "a.c:2"),
        ("a script without SPDX", {"tools/run": "#!/bin/sh\necho\n"}, heading_problems,
         "tools/run:2"),
        ("good headings", {"src/a.c": head, "a.py": '# SPDX-License-Identifier: MIT\n"""X."""\n'},
         heading_problems, None),
        ("two files of one name", {"src/text/a.c": head, "src/lsh/a.c": head},
         unique_name_problems, "has the same name"),
        ("modules that users import", {"a.py": head, "tools/python/src/neardup/a.py": head},
         unique_name_problems, None),
        ("a line of 101 columns", {"src/a.c": "x" * 101 + "\n"}, width_problems, "101 columns"),
        ("100 columns that are more bytes", {"src/a.c": "\u0e01" * 100 + "\n"}, width_problems,
         None),
        ("blanks at the end", {"src/a.c": "int a; \n"}, width_problems, "blanks at the end"),
        ("a long function", {"src/a.c": long_body}, long_problems, "function of 123 lines"),
        ("a long file", {"src/a.c": "int a;\n" * 1001}, long_problems, "1001 lines"),
        ("a generated long file", {"src/a.c": "/* Generated by x.py */\n" + "int a;\n" * 1001},
         long_problems, None),
        ("long functions throughout", {"src/a.c": middle_body * 3}, figure_problems,
         "functions: median is 23"),
        ("an unfinished mark", {"README.md": "TO" + "DO: all\n"}, unfinished_problems,
         "README.md:1"),
        ("a registry", {"a.md": registry + "\n"}, place_problems, "package registry"),
        ("a machine path", {"a.md": "see /ho" + "me/joe/x\n"}, place_problems, "machine path"),
        ("an innocent path", {"a.md": "https://example.org/ho" + "me/x and tools/ro" + "ot/x\n"},
         place_problems, None),
    ]
    return lint.check_fixtures(fixtures)


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
