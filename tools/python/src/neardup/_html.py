# SPDX-License-Identifier: MIT
"""What notebooks show. Texts are never markup: everything that was not written here is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._explain import Explanation
    from ._flag import Flagged, FlagResult
    from ._result import Result

GROUPS_SHOWN = 5
MEMBERS_SHOWN = 4
CONTEXT = 60
PASSAGE = 300
# Of longer texts only the beginning is compared for what is shown.
TEXT_MOST = 200_000


def _text(value: str) -> str:
    """Marks of direction in a text turn nothing around it."""
    return f"<bdi>{escape(value)}</bdi>"


def _count(value: int) -> str:
    return f"{value:,}"


def _table(rows: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<tr><td style="text-align:left">{name}</td><td style="text-align:right">{value}</td></tr>'
        for name, value in rows
    )
    return f"<table>{lines}</table>"


def _excerpt(text: str, start: int, end: int) -> str:
    before = text[max(0, start - CONTEXT) : start]
    behind = text[end : end + CONTEXT]
    shown = text[start:end]
    if len(shown) > PASSAGE:
        shown = f"{shown[: PASSAGE * 2 // 3]} (...) {shown[-PASSAGE // 3 :]}"
    front = "... " if start > CONTEXT else ""
    rest = " ..." if end + CONTEXT < len(text) else ""
    return _text_marked(front + before, shown, behind + rest)


def _text_marked(before: str, shown: str, behind: str) -> str:
    return f"<bdi>{escape(before)}<mark>{escape(shown)}</mark>{escape(behind)}</bdi>"


def explanation(self: Explanation) -> str:
    """Figures, and the longest runs that both texts have."""
    figures = [
        ("decision", f"{'similar' if self.similar else 'not similar'} ({escape(self.kind)})"),
        ("similarity", f"{self.similarity:.4f}"),
        ("of the first in the second", f"{self.containment_a:.4f}"),
        ("of the second in the first", f"{self.containment_b:.4f}"),
    ]
    lines = [_table(figures)]
    for span in self.spans:
        a = _excerpt(self.a, span.a_start, span.a_end)
        b = _excerpt(self.b, span.b_start, span.b_end)
        lines.append(f"<p>{_count(span.tokens)} tokens<br>{a}<br>{b}</p>")
    return "<div>" + "".join(lines) + "</div>"


def _passages(result: Result, numbers: list[int]) -> dict[int, str]:
    """For each of the documents, the longest passage that it shares with its survivor."""
    from ._explain import explain_named

    wanted = sorted({each for number in numbers for each in (number, result[number].survivor)})
    texts = {number: text[:TEXT_MOST] for number, text in zip(wanted, result.texts(wanted))}
    passages = {}
    for number in numbers:
        survivor = texts[result[number].survivor]
        shared = explain_named(survivor, texts[number], result.options, 1, "", "")
        if shared.spans:
            span = shared.spans[0]
            passages[number] = _excerpt(texts[number], span.b_start, span.b_end)
    return passages


def _member(result: Result, number: int, passages: dict[int, str]) -> str:
    verdict = result[number]
    reason = f"{escape(verdict.kind)}, similarity {verdict.similarity:.2f}"
    passage = passages.get(number, "")
    return f"<li>{_text(verdict.id)}: {reason}<br>{passage}</li>"


def _groups(result: Result) -> str:
    groups = result.groups[:GROUPS_SHOWN]
    shown = {
        group.survivor: [each for each in group.documents if each != group.survivor][:MEMBERS_SHOWN]
        for group in groups
    }
    try:
        passages = _passages(result, [each for members in shown.values() for each in members])
    except Exception:  # the counts are shown all the same
        passages = {}
    lines = []
    for group in groups:
        members = "".join(_member(result, each, passages) for each in shown[group.survivor])
        more = len(group) - 1 - len(shown[group.survivor])
        rest = f"<li>and {_count(more)} more</li>" if more else ""
        head = f"{_text(result[group.survivor].id)} and {_count(len(group) - 1)} like it"
        lines.append(f"<details><summary>{head}</summary><ul>{members}{rest}</ul></details>")
    return "".join(lines)


def result(self: Result) -> str:
    """Counts, and the largest groups with what they share."""
    counts: Any = self.summary
    rows = [("documents", _count(counts.documents)), ("kept", _count(counts.kept))]
    rows += [
        (kind, _count(getattr(counts, kind)))
        for kind in ("identical", "normalized", "contained", "near", "templates", "skipped")
        if getattr(counts, kind)
    ]
    rows.append(("groups", _count(counts.groups)))
    return f"<div>{_table(rows)}{_groups(self)}</div>"


def flagged(self: Flagged) -> str:
    """The text with its repeats marked, or a list of them where it is not at hand."""
    if self.text is None:
        return _table([(escape(each.role), escape(each.kind)) for each in self.repeats])
    pieces = []
    end = 0
    for repeat in sorted(self.repeats, key=lambda each: each.start):
        if repeat.start >= end:
            pieces.append(escape(self.text[end : repeat.start]))
            shown = escape(self.text[repeat.start : repeat.end])
            pieces.append(f'<mark title="{escape(repeat.kind)}">{shown}</mark>')
            end = repeat.end
    pieces.append(escape(self.text[end:]))
    return f'<div style="white-space:pre-wrap"><bdi>{"".join(pieces)}</bdi></div>'


def flag_result(self: FlagResult) -> str:
    """Counts, and the first documents."""
    counts = self.summary
    rows = [
        ("documents", _count(counts.documents)),
        ("with repeats", _count(counts.flagged)),
        ("repeats", _count(counts.repeats)),
    ]
    rows += [
        (_text(each.id), f"{len(each)} ({100 * each.share:.1f} %)") for each in self[:GROUPS_SHOWN]
    ]
    return f"<div>{_table(rows)}</div>"
