# SPDX-License-Identifier: MIT
"""Results of tests/bench/peers as text and as a Markdown table."""


def share(part, whole):
    """Cut off, not rounded: 100 % means all."""
    return f"{int(10000 * part / whole) / 100:.4g} %" if whole else "-"


def by_processor(row):
    """MB for each second of processor time."""
    size = row["mb_per_second"] * row["seconds"]
    return f"{size / row['processor_seconds']:.3g}" if row["processor_seconds"] else "-"


def cells(row):
    """What HEADS says."""
    start = [row["tool"], row["settings"], str(row["workers"])]
    if "error" in row:
        return start + [row["error"]]
    scored = "pairs" in row
    return start + [f"{row['mb_per_second']:.3g}", by_processor(row),
                    f"{row['peak_bytes'] / 1e6:.0f}",
                    share(row["found"], row["pairs"]) if scored else "-",
                    share(row["right_08"], row["removed"]) if scored else "-",
                    share(row["right_05"], row["removed"]) if scored else "-", str(row["kept"])]


FORM = "{:<14} {:<11} {:>3} {:>8} {:>8} {:>7} {:>8} {:>8} {:>8} {:>7}"
HEADS = ("tool", "settings", "thr", "MB/s", "MB/cpu s", "RSS MB", "pairs", "right .8",
         "right .5", "kept")


def line(row):
    parts = cells(row)
    if "error" in row:
        return " ".join(f"{part:<{width}}" for part, width in zip(parts, (14, 11, 3, 0)))
    return FORM.format(*parts)


def table(result):
    about = result["machine"]
    lines = [f"{about['cpu']}, {about['processors']} processors; {about['date']}; "
             f"{about['commit']}"]
    for name in dict.fromkeys(row["corpus"] for row in result["rows"]):
        lines += ["", name, FORM.format(*HEADS)]
        lines += [line(row) for row in result["rows"] if row["corpus"] == name]
    return "\n".join(lines)
