# SPDX-License-Identifier: MIT
"""Options: each reaches the library, and what is wrong with one is said by its name."""
import neardup
import pytest
from conftest import FOX

COPY = FOX.replace("goose", "duck")
PART = FOX[: FOX.index(", and nobody")]


def kept(texts, **options):
    return neardup.dedup(texts, **options).kept


def test_matching():
    assert kept([FOX, COPY], threshold=0.9) == [0, 1]
    assert kept([FOX, COPY], preset="strict") == [0, 1]
    assert kept([FOX, COPY], shingle_size=1, threshold=0.9) == [0]
    assert kept([FOX, FOX.upper()], exact_tokens=True) == [0, 1]
    assert kept([FOX, FOX.replace("o", "0")], char_shingles=2, threshold=0.4) == [0]
    assert kept([FOX, COPY], char_shingles=True) == [0]
    assert neardup.dedup([FOX], char_shingles=True).options["shingle_size"] == 6


def test_which_stay():
    rows = [
        {"id": "a", "source": "x", "text": FOX, "date": "2026-01-02", "rank": 2},
        {"id": "b", "source": "y", "text": COPY + " So it was.", "date": "2026-01-01", "rank": 1},
    ]
    assert kept(rows) == [0]
    for keep in ("last", "longest", "oldest", "prefer=y", "field:rank:asc", ["prefer=z", "last"]):
        assert kept(rows, keep=keep) == [1]
    assert kept(rows, never_drop="y") == [1]
    assert kept(rows, never_drop=["x", "y"]) == [0, 1]
    assert kept(rows, drop_all=True) == []
    assert kept([PART, FOX], rule="contained") == [1]
    assert kept([PART + " Also a newer end.", FOX], rule="contained", containment=0.5) == [1]
    assert kept([PART, FOX], lossless=True) == [1]
    assert kept([FOX, COPY], cluster="components") == [0]
    assert kept([FOX, COPY], exact=True) == [0]


def test_max_loss():
    rows = [{"source": "x", "text": FOX}] * 30
    with pytest.raises(neardup.LimitError):
        kept(rows, max_loss=0.1)
    with pytest.raises(neardup.LimitError):
        kept(rows, max_loss={"x*": 0.5})
    assert kept(rows, max_loss=1) == [0]
    with pytest.raises(neardup.InvalidError, match="share from 0 to 1"):
        kept(rows, max_loss=10)


def test_search():
    result = neardup.dedup(
        [FOX, COPY], recall=0.999, sketch="kmins", slots=256, seed=7, audit=2, threads=1
    )
    assert result.kept == [0] and result.summary.audit_documents == 2
    assert result.options["seed"] == 7
    seeds = {neardup.dedup([FOX], seed="random").options["seed"] for _ in range(4)}
    assert len(seeds) == 4


def test_what_the_result_holds():
    rows = [{"text": FOX, "title": "Fox"}, {"text": COPY, "title": "Duck"}]
    assert neardup.dedup(rows)[1].span and neardup.dedup(rows)[1].title == "Duck"
    bare = neardup.dedup(rows, spans=False, titles=False)
    assert bare[1].span is None and bare[1].title == ""


def test_files(tmp_path):
    (tmp_path / "a.txt").write_text(FOX)
    (tmp_path / "b.dat").write_text(COPY)
    (tmp_path / ".c.txt").write_text(COPY)
    assert neardup.dedup(tmp_path).ids == ["a.txt"]
    assert neardup.dedup(tmp_path, include="*.dat").ids == ["b.dat"]
    assert neardup.dedup(tmp_path, hidden=True).ids == [".c.txt", "a.txt"]
    (tmp_path / "latin.txt").write_bytes("Straße und Käse".encode("latin-1"))
    latin = neardup.dedup(tmp_path / "latin.txt", encoding="windows-1252")
    assert latin.texts([0]) == ["Straße und Käse"]
    (tmp_path / "x.py").write_text("def f(a):\n    return a + 1\n")
    assert "x.py" in neardup.dedup(tmp_path, preset="code").ids


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"threshold": 0}, neardup.InvalidError, "threshold"),
        ({"threshold": "high"}, TypeError, "threshold must be a number, not str"),
        ({"shingle_size": 65}, neardup.InvalidError, "shingle size"),
        ({"shingle_size": -1}, ValueError, "shingle_size is -1, must be 0 to"),
        ({"shingle_size": 2.5}, TypeError, "shingle_size must be a whole number, not float"),
        ({"threads": True}, TypeError, "threads must be a whole number"),
        ({"preset": "none"}, neardup.NotFoundError, "there are news, strict"),
        ({"preset": 1}, TypeError, "preset must be a str, not int"),
        ({"sketch": "none"}, neardup.NotFoundError, "minhash"),
        ({"keep": "best"}, neardup.InvalidError, "best"),
        ({"keep": [1]}, TypeError, "keep must be a str or a list"),
        ({"rule": "any"}, ValueError, "must be jaccard, contained or either"),
        ({"cluster": "chain"}, ValueError, "must be leader or components"),
        ({"templates": "no"}, ValueError, "must be keep, drop or fold"),
        ({"unit": "page"}, ValueError, "must be document or paragraph"),
        ({"rule": "contained", "exact": True}, neardup.InvalidError, "exact"),
        ({"exact_tokens": True, "char_shingles": 3}, neardup.InvalidError, "both say"),
        ({"shingle_size": 3, "char_shingles": 3}, neardup.InvalidError, "leave one out"),
        ({"lossless": True, "rule": "either"}, neardup.InvalidError, "leave one out"),
        ({"never_drop": "none*"}, neardup.NotFoundError, "none"),
        ({"text": "a\0b"}, ValueError, "text holds a zero byte"),
        ({"progress": 3}, TypeError, "progress must be True or a function"),
        ({"sieve": 3}, TypeError, "sieve"),
    ],
)
def test_what_is_wrong_is_said(options, error, message):
    with pytest.raises(error, match=message):
        neardup.dedup([FOX, COPY], **options)


def test_errors_are_of_one_kind(tmp_path):
    for name in neardup.__all__:
        kind = getattr(neardup, name)
        if name.endswith("Error"):
            assert issubclass(kind, neardup.Error)
    path = tmp_path / "none.jsonl"
    with pytest.raises(neardup.Error) as caught:
        neardup.dedup(path)
    assert caught.value.code == "NOT_FOUND"
