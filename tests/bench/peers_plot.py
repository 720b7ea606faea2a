# SPDX-License-Identifier: MIT
"""The plot of tests/bench/peers: speed beside what was found, one row a tool, as SVG."""
import math

WIDTH, ROW, TOP, BOTTOM = 860, 30, 64, 44
NAME_END, SPEED, QUALITY = 190, (200, 520), (580, 840)
LOW, HIGH = 0.1, 1000  # MB/s

STYLE = """
text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
.small { font-size: 11px; fill: #59636e; }
.head { font-weight: 600; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.bar { fill: #8c959f; }
.own { fill: #0969da; }
.ring { fill: none; stroke: #bc4c00; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .small { fill: #9198a1; }
  .grid { stroke: #3d444d; }
  .bar { fill: #656c76; }
  .own { fill: #4493f8; }
  .ring { stroke: #f0883e; }
}
"""


def text(x, y, words, kind="", anchor="start"):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{words}</text>'


def speed_x(value):
    part = math.log(min(max(value, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return SPEED[0] + part * (SPEED[1] - SPEED[0])


def quality_x(share):
    return QUALITY[0] + share * (QUALITY[1] - QUALITY[0])


def grid(bottom):
    for power in range(round(math.log10(LOW)), round(math.log10(HIGH)) + 1):
        x = speed_x(10 ** power)
        yield f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        yield text(x, bottom + 16, f"{10 ** power:g}", "small", "middle")
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = quality_x(share)
        yield f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        yield text(x, bottom + 16, f"{100 * share:.0f} %", "small", "middle")
    yield text(sum(SPEED) / 2, bottom + 34, "logarithmic scale", "small", "middle")


def row_marks(row, y):
    kind = "own" if row["tool"] == "neardup" else "bar"
    end = speed_x(row["mb_per_second"])
    yield text(NAME_END, y + 5, row["name"], "head" if kind == "own" else "", "end")
    yield (f'<rect class="{kind}" x="{SPEED[0]}" y="{y - 8}" width="{end - SPEED[0]:.1f}" '
           f'height="16" rx="2"/>')
    yield text(end + 6, y + 5, f"{row['mb_per_second']:.3g}")
    found = quality_x(row["found"] / row["pairs"])
    right = quality_x(row["right_08"] / max(1, row["removed"]))
    yield f'<circle class="{kind}" cx="{found:.1f}" cy="{y}" r="5"/>'
    yield f'<circle class="ring" cx="{right:.1f}" cy="{y}" r="7.5"/>'


def draw(rows, about):
    """rows: of tests/bench/peers, with "name", fastest first; about: one line below the title."""
    bottom = TOP + ROW * len(rows)
    height = bottom + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="Speed and quality of tools">',
        f"<style>{STYLE}</style>",
        text(SPEED[0], 20, "MB/s, end to end", "head"),
        text(QUALITY[0], 20, "near-duplicates", "head"),
        text(SPEED[0], 40, about, "small"),
        f'<circle class="bar" cx="{QUALITY[0] + 5}" cy="36" r="5"/>',
        text(QUALITY[0] + 16, 40, "pairs found", "small"),
        f'<circle class="ring" cx="{QUALITY[0] + 102}" cy="36" r="7"/>',
        text(QUALITY[0] + 115, 40, "removals that are right", "small"),
        *grid(bottom)]
    for i, row in enumerate(rows):
        parts += row_marks(row, TOP + ROW * i + ROW // 2)
    return "\n".join(parts) + "\n</svg>\n"
