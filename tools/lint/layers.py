#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that includes follow the layers: arrows point down only.

usage: layers.py ROOT | --self-test
"""
import posixpath
import re
import sys

import lint

# What the rooms of the jobs are made of.
MEANS = ("corpus", "cluster", "lsh", "similarity", "text", "sketch", "codec", "kernel", "base")

# A folder of src/ may include from itself and from these; all may include "neardup/...".
# The cut that matters most: sketch never sees text.
LAYERS = {
    "base": (),
    "kernel": ("base",),
    "codec": ("kernel", "base"),
    "text": ("kernel", "base"),
    "arrow": ("text", "base"),
    "tables": ("arrow", "base"),
    "html": ("text", "kernel", "base"),
    "sketch": ("kernel", "base"),
    "similarity": ("text", "sketch", "kernel", "base"),
    "lsh": ("sketch", "kernel", "base"),
    "cluster": ("corpus", "sketch", "kernel", "base"),
    "corpus": ("arrow", "tables", "html", "text", "codec", "kernel", "base"),
    "spill": ("base",),
    "store": ("base",),
    "passage": ("spill", "text", "kernel", "base"),
    "repeat": ("similarity", "text", "kernel", "base"),
    "report": ("tables", "corpus", "text", "codec", "kernel", "base"),
    "page": ("report", "corpus", "text", "kernel", "base"),
    "pipeline": ("page", "report", *MEANS),
    "dedup": ("arrow", "passage", "spill", "pipeline", "report", *MEANS),
    "stages": ("dedup", "spill", "pipeline", "report", *MEANS),
    "plan": ("dedup", "pipeline", "report", *MEANS),
    "flag": ("plan", "pipeline", "report", "repeat", *MEANS),
    "reuse": ("passage", "spill", "pipeline", "report", *MEANS),
    "story": ("reuse", "dedup", "passage", "spill", "pipeline", "report", *MEANS),
    "stream": ("story", "reuse", "dedup", "passage", "spill", "pipeline", "report", *MEANS),
    "index": ("dedup", "passage", "spill", "store", "pipeline", "report", *MEANS),
    "eval": ("plan", "dedup", "pipeline", *MEANS),
}

# Outside of the library: only the public headers and headers of the same folder.
PUBLIC_ONLY = ("tools/cli", "tools/serve", "tools/python/module", "tests/examples",
               "tests/install", "include")

# The one door from the command line to the server, and from Python to what the command line
# prints.
DOORS = (("tools/cli/", "serve/serve.h"), ("tools/python/module/", "explain_print.h"))

# Headers of other projects, and the only places that may name them.
FOREIGN = {
    "xxhash.h": ("src/base/",),
    "zlib.h": ("src/codec/", "src/base/"),
    "zstd.h": ("src/codec/", "src/base/"),
    "lzma.h": ("src/codec/codec_xz",),
    "bzlib.h": ("src/codec/codec_bzip2",),
    "lz4frame.h": ("src/codec/codec_lz4",),
    "archive.h": ("src/codec/archive",),
    "archive_entry.h": ("src/codec/archive",),
    "brotli/decode.h": ("src/codec/unbrotli",),
    "gumbo.h": ("src/html/",),
    "iconv.h": ("src/html/charset",),
    "sqlite3.h": ("src/store/",),
    "microhttpd.h": ("tools/serve/serve_library",),
    "Python.h": ("tools/python/module/",),
    "uchardet/uchardet.h": ("src/html/charset_guess",),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def is_public(header):
    return header == "neardup.h" or header.startswith("neardup/")


def check_source(name, header, exists):
    """Why src/LAYER/x may not include header, or None."""
    layer = name.split("/")[1]
    if layer not in LAYERS:
        return f"layer {layer} is not in the table of layers.py"
    if is_public(header):
        return None
    below = header.split("/")[0]
    if "/" not in header or not exists("src/" + header):
        return f'"{header}" is not a header of src/: write "layer/name.h"'
    if below != layer and below not in LAYERS[layer]:
        return f"{layer} must not include {below} (\"{header}\")"
    return None


def check_public_only(name, header, exists):
    """Why a file outside of src/ may not include header, or None."""
    beside = posixpath.join(posixpath.dirname(name), header)
    is_door = any(header == door and name.startswith(room) for room, door in DOORS)
    if is_public(header) or is_door or (exists(beside) and not name.startswith("include/")):
        return None
    return f'"{header}" is neither a public header nor one of its own folder'


def layer_problems(root):
    names = set(lint.tree(root))
    for name, text in lint.sources(root, generated=True):
        if name.startswith("src/"):
            check = check_source
        elif name.startswith(tuple(folder + "/" for folder in PUBLIC_ONLY)):
            check = check_public_only
        else:
            continue
        code = lint.c_code(text, keep_strings=True)
        for match in INCLUDE.finditer(code):
            quote, header = match.groups()
            if quote == '"':
                problem = check(name, header, names.__contains__)
            elif header in FOREIGN and not name.startswith(FOREIGN[header]):
                problem = f"<{header}> may be named only in {', '.join(FOREIGN[header])}"
            else:
                problem = None
            if problem:
                yield f"{name}:{lint.line_of(code, match.start())}: {problem}"


def table_problems():
    """The table itself must be without circles."""
    def reach(layer, seen):
        for below in LAYERS[layer]:
            if below not in seen:
                seen.add(below)
                reach(below, seen)
        return seen
    return [f"{layer} includes itself through others" for layer in LAYERS
            if layer in reach(layer, set())]


def run(root):
    return lint.report([
        ("layers: the table has no circles", table_problems()),
        ("layers: includes point down only", list(layer_problems(root))),
    ])


def self_test():
    headers = {"src/text/utf8.h": "", "src/sketch/minhash.h": "", "src/base/error.h": "",
               "include/neardup/status.h": "", "tools/cli/cli.h": ""}

    def tree(name, text):
        return {**headers, name: text}
    fixtures = [
        ("includes of lower layers",
         tree("src/text/a.c", '#include "base/error.h"\n#include "neardup/status.h"\n'), None),
        ("sketch that sees text", tree("src/sketch/a.c", '#include "text/utf8.h"\n'),
         "src/sketch/a.c:1: sketch must not include text"),
        ("text that sees sketches", tree("src/text/a.c", '\n#include "sketch/minhash.h"\n'),
         "src/text/a.c:2: text must not include sketch"),
        ("base that sees text", tree("src/base/a.h", '# include "text/utf8.h"\n'),
         "base must not include text"),
        ("a header without its layer", tree("src/base/a.c", '#include "error.h"\n'),
         'write "layer/name.h"'),
        ("an unknown layer", tree("src/magic/a.c", '#include "base/error.h"\n'),
         "layer magic is not in the table"),
        ("a command that sees the inside", tree("tools/cli/a.c", '#include "base/error.h"\n'),
         "neither a public header"),
        ("a command with its own header",
         tree("tools/cli/a.c", '#include "cli.h"\n#include "neardup.h"\n'), None),
        ("a command that starts the server",
         tree("tools/cli/a.c", '#include "serve/serve.h"\n'), None),
        ("a command that sees the inside of the server",
         tree("tools/cli/a.c", '#include "serve/serve_route.h"\n'), "neither a public header"),
        ("Python that prints as a command does",
         tree("tools/python/module/a.c", '#include "explain_print.h"\n'), None),
        ("a public header that sees the inside",
         tree("include/neardup/a.h", '#include "base/error.h"\n'), "neither a public header"),
        ("xxHash outside of base", tree("src/sketch/a.c", "#include <xxhash.h>\n"),
         "may be named only in src/base/"),
        ("an include in a comment", tree("src/sketch/a.c", '/*\n#include "text/utf8.h"\n*/\n'),
         None),
    ]
    return lint.check_fixtures([(name, files, layer_problems, fragment)
                                for name, files, fragment in fixtures])


if __name__ == "__main__":
    sys.exit(lint.main(run, self_test, __doc__))
