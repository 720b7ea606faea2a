# SPDX-License-Identifier: MIT
"""Results of tests/bench/run: the table, the file, and the machine they belong to."""
import datetime
import json
import pathlib
import platform
import re
import subprocess



def exact_cells(row):
    """(share of the exact pairs, difference in documents kept) as text."""
    exact = row.get("exact")
    if not exact:
        return "", ""
    share = f"{100 * exact['found'] / exact['pairs']:.2f}%" if exact["pairs"] else "none"
    return share, f"{row['kept'] - exact['kept']:+d}"


def share_cell(part):
    return lambda row: (f"{100 * row['parts'][part] / sum(row['parts'].values()):.0f}"
                        if "parts" in row else "")


COLUMNS = (
    # heading, width, text of a row
    ("corpus", 9, lambda row: row["corpus"]),
    ("rule", 7, lambda row: row["rule"]),
    ("thr", 3, lambda row: row["threads"]),
    ("MB/s", 6, lambda row: f"{row['mb_per_second']['best']:.0f}"),
    ("median", 6, lambda row: f"{row['mb_per_second']['median']:.0f}"),
    ("cpu s", 6, lambda row: f"{row['processor_seconds']:.2f}"),
    ("docs/s", 8, lambda row: f"{row['documents_per_second']:.0f}"),
    ("x wc", 5, lambda row: f"{row['times_wc']:.2f}"),
    ("floor %", 7, lambda row: f"{100 * row['share_of_floor']:.1f}"),
    ("RSS MB", 7, lambda row: f"{row['peak_bytes'] / 1e6:.1f}"),
    ("B/doc", 6, lambda row: f"{row['bytes_per_document']:.0f}"),
    ("kept", 8, lambda row: row["kept"]),
    ("pairs", 7, lambda row: exact_cells(row)[0]),
    ("kept+-", 6, lambda row: exact_cells(row)[1]),
)
SHARES = (
    ("read", 4, share_cell("read")),
    ("scan", 4, share_cell("scan")),
    ("token", 5, share_cell("tokenize")),
    ("hash", 4, share_cell("hash")),
    ("sketch", 6, share_cell("sketch")),
    ("enter", 5, share_cell("enter")),
    ("bands", 5, share_cell("bands")),
    ("buckets", 7, share_cell("buckets")),
    ("cand.", 5, share_cell("candidates")),
    ("verify", 6, share_cell("verify")),
    ("decide", 6, share_cell("decide")),
    ("write", 5, share_cell("write")),
    ("wait", 4, share_cell("wait")),
)


def table(rows):
    """Fixed columns for a terminal; text to the left, numbers to the right."""
    columns = COLUMNS + (SHARES if any("parts" in row for row in rows) else ())

    def cells(texts):
        parts = [f"{text:<{width}}" if i < 2 else f"{text:>{width}}"
                 for i, ((_, width, _), text) in enumerate(zip(columns, texts))]
        return " ".join(parts).rstrip()
    before = sum(width + 1 for _, width, _ in COLUMNS)
    lines = [" " * before + "share of the time, %"] if len(columns) > len(COLUMNS) else []
    lines.append(cells([head for head, _, _ in columns]))
    lines += [cells([str(text(row)) for _, _, text in columns]) for row in rows]
    return "\n".join(lines) + "\n"


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.split("\n")[0].strip()


def cpu_name():
    try:
        info = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = {key: re.search(rf"^{key}\s*: (.*)$", info, re.MULTILINE)
             for key in ("model name", "cpu family", "model")}
    name = found["model name"].group(1) if found["model name"] else platform.machine()
    # Virtual machines often tell the maker only.
    if not re.search(r"\d", name) and found["cpu family"] and found["model"]:
        name += f" family {found['cpu family'].group(1)} model {found['model'].group(1)}"
    return name


def machine(root, build):
    """What a figure depends on."""
    cache = build / "CMakeCache.txt"
    settings = cache.read_text(encoding="utf-8") if cache.exists() else ""
    compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", settings, re.MULTILINE)
    flags = {key: found.group(1) for key in
             ("CMAKE_BUILD_TYPE", "CMAKE_C_FLAGS", "CMAKE_C_FLAGS_RELEASE")
             if (found := re.search(rf"^{key}:\w+=(.*)$", settings, re.MULTILINE))}
    return {"cpu": cpu_name(), "processors": len(processors()), "system": platform.platform(),
            "compiler": first_line(compiler.group(1) if compiler else "cc", "--version"),
            "settings": flags, "date": datetime.date.today().isoformat(),
            "commit": first_line("git", "-C", str(root), "rev-parse", "--short", "HEAD")}


def processors():
    text = first_line("nproc")
    return range(int(text) if text.isdigit() else 1)


def write(path, result):
    """Lists of rows with one row a line."""
    parts = [f'  "{key}": ' + json.dumps(value) for key, value in result.items()
             if not isinstance(value, list)]
    for key in [key for key, value in result.items() if isinstance(value, list) and value]:
        rows = ",\n".join("    " + json.dumps(row) for row in result[key])
        parts.append(f'  "{key}": [\n{rows}\n  ]')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def save(folder, result, kind=""):
    """Writes [KIND-]DATE-CPU.json."""
    name = re.sub(r"[^a-z0-9]+", "-", result["machine"]["cpu"].lower()).strip("-")
    prefix = f"{kind}-" if kind else ""
    path = folder / f"{prefix}{result['machine']['date']}-{name}.json"
    folder.mkdir(exist_ok=True)
    write(path, result)
    return path
