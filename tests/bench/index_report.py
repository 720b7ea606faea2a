# SPDX-License-Identifier: MIT
"""Results of tests/bench/index_peers as Markdown."""
from peers_report import share

HEADS = ["tool", "settings", "added/s", "asked/s", "memory, B", "disk, B", "open, s", "answered",
         "pairs", "right"]


def rate(count, seconds):
    return f"{count / seconds:,.0f}" if seconds else "-"


def cells(row, corpus):
    """What HEADS says."""
    start = [row["tool"], row["settings"]]
    if "error" in row:
        return [*start, row["error"], *["-"] * (len(HEADS) - 3)]
    documents = corpus["documents"]
    return [*start, rate(documents, row["add_processor_seconds"]),
            rate(corpus["questions"], row["ask_processor_seconds"]),
            f"{row['memory_bytes'] / documents:,.0f}", f"{row['disk_bytes'] / documents:,.0f}",
            f"{row['open_seconds']:.2g}", share(row["answered"], corpus["known"]),
            share(row["right"], corpus["pairs"]), share(row["right"], row["named"])]


def tables(result):
    """For each corpus (what it is, rows of cells)."""
    for corpus in result["corpora"]:
        about = (f"{corpus['corpus']}: {corpus['documents']:,} documents in the index, "
                 f"{corpus['bytes'] / 1e6:.0f} MB; {corpus['questions']:,} questions, of which "
                 f"{corpus['known']:,} have {corpus['pairs']:,} documents at .8 or more")
        yield about, [cells(row, corpus) for row in result["rows"]
                      if row["corpus"] == corpus["corpus"]]


def machine(result):
    about = result["machine"]
    loads = [row["load"] for row in result["rows"] if "load" in row]
    return (f"{about['cpu']}, {about['processors']} processors, {about['date']}, beside other work "
            f"(load {min(loads):.0f} to {max(loads):.0f}): rates are by processor time, one thread")


def notes(result):
    """A row a tool: version, settings, what it answers."""
    rows = [["tool", "version", "settings", "an answer tells"]]
    for name, peer in result["peers"].items():
        versions = peer["requirements"] or ["this one"]
        settings = "; ".join(f"*{key}*: {text}" for key, text in peer["settings"].items())
        rows.append([name, ", ".join(versions).replace("==", " "), settings, peer["answers"]])
    return rows
