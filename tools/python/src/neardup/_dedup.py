# SPDX-License-Identifier: MIT
"""The main job: which documents to keep."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from . import _neardup
from ._data import Taken, take
from ._errors import InvalidError
from ._options import resolve
from ._result import Result
from ._talk import ProgressOption, Talk, Talking


def dedup(
    data: Any,
    text: Optional[str] = None,
    *,
    id: Optional[str] = None,
    source: Optional[str] = None,
    url: Optional[str] = None,
    date: Optional[str] = None,
    title: Optional[str] = None,
    html: Optional[str] = None,
    preset: Optional[str] = None,
    threshold: Optional[float] = None,
    shingle_size: Optional[int] = None,
    char_shingles: Union[int, bool, None] = None,
    exact_tokens: bool = False,
    number_agreement: Optional[float] = None,
    unit: str = "document",
    keep: Union[str, Sequence[str], None] = None,
    never_drop: Union[str, Sequence[str], None] = None,
    allow_empty_guard: bool = False,
    max_loss: Union[float, Mapping[str, float], None] = None,
    templates: Optional[str] = None,
    rule: Optional[str] = None,
    containment: Optional[float] = None,
    lossless: bool = False,
    cluster: Optional[str] = None,
    drop_all: bool = False,
    exact: bool = False,
    recall: Optional[float] = None,
    sketch: Optional[str] = None,
    slots: Optional[int] = None,
    seed: Union[int, str, None] = None,
    audit: Optional[int] = None,
    pairs: bool = False,
    spans: bool = True,
    titles: bool = True,
    format: Optional[str] = None,
    include: Union[str, Sequence[str], None] = None,
    exclude: Union[str, Sequence[str], None] = None,
    hidden: bool = False,
    gitignore: bool = False,
    encoding: Optional[str] = None,
    max_record: Optional[int] = None,
    temp_dir: Union[str, os.PathLike[str], None] = None,
    max_temp: Optional[int] = None,
    zstd_long: bool = False,
    threads: Optional[int] = None,
    memory: Optional[int] = None,
    progress: ProgressOption = None,
) -> Result:
    """Decides which documents to keep, and why the others go.

    A document goes only with a kept one whose exact similarity to it is at or above the threshold,
    or which has the same text. Options have the names that they have on the command line, where
    `neardup dedup --help` says more of each. Ctrl-C ends a run at once.

    Args:
        data: a list, or another iterable, of str (texts; None is an empty one) or of dicts
            (records); a column or table of pyarrow, polars (LazyFrames, too), pandas, NumPy,
            DuckDB or Hugging Face datasets, or whatever has `__arrow_c_stream__`: read without
            an object of Python a row. Or a path, or a list of pathlib.Path: files and folders, as
            the command line reads them. One str is a path.
        text: the column, or member of records; "text", "content" or "body" if not given. Of
            records also a path such as "page.body".
        id, source, url, date, title: columns of those; "id", "_id" or "doc_id", "source", "site"
            or "domain", "url" or "link", "date", "published" or "timestamp", "title" or
            "headline", if there are such. Documents without an id are named by their row.
        html: the column of a web page, whose text is read, instead of text.

    What counts as a near-duplicate:
        preset: "news" (the usual one), "strict", "web", "code", "noisy" or "short"; see `presets`.
        threshold: the similarity from which two texts are near-duplicates, in (0, 1]: the share
            of their shingles that both have.
        shingle_size: tokens in a shingle, 1 to 64.
        char_shingles: compare runs of so many characters, not of words; True is 6. For text with
            damaged letters.
        exact_tokens: marks, case and accents count.
        number_agreement: the share of their numbers that texts full of numbers must have in
            common, in [0, 1].
        unit: "document", or "paragraph": then paragraphs are compared, kept and removed.

    Which documents stay:
        keep: "first", "last", "longest", "shortest", "newest", "oldest", "prefer=GLOB",
            "field:NAME:asc" or ":desc"; or several, of which each decides where those before do
            not.
        never_drop: globs; documents whose source or id matches are never removed.
        allow_empty_guard: go on when a glob of never_drop or max_loss matches nothing.
        max_loss: the run fails when a source would lose a larger share of its documents; a share,
            or globs of sources with theirs: {"reuters*": 0.1}.
        templates: of texts that fill one form with contents of their own, "keep" all, "drop" all
            but one, or "fold" what they share in texts that are written.
        rule: "jaccard", "contained" (a text goes that stands in a kept one, however much longer
            that is) or "either".
        containment: the share of a text that must stand there; 0.9 if not given.
        lossless: rule="contained", containment=1, shingle_size=3: nothing is lost.
        cluster: "leader", or "components": chains of neighbours are one group.
        drop_all: also the document that stays of each group goes.

    How pairs are found:
        exact: by an exact join, not by sketches; slower.
        recall: the share of pairs at the threshold to be found, in (0, 1); 0.99 if not given.
        sketch, slots: how texts are summarised, and the size of it; see `sketches`.
        seed: key of all hashes; "random" where somebody may have made the texts to look alike.
        audit: measure the recall on so many documents.

    What the result holds:
        pairs: all pairs of near-duplicates, for `Result.pairs` and the output "pairs".
        spans: where the longest run of words stands that a removed text shares.
        titles: titles of documents, for outputs.

    How files are read:
        format: what named files hold, in place of what they look like: "jsonl", "csv", ...
        include, exclude: patterns as in .gitignore, of files of folders.
        hidden, gitignore: read hidden files; leave out what .gitignore files name.
        encoding: of files, "auto" to tell it by their bytes.
        max_record, max_temp, temp_dir, zstd_long: limits in bytes, and where copies are kept of
            what cannot be read twice.

    How it runs:
        threads: all processors if not given; the outcome does not depend on it.
        memory: bytes to take beside what the process has; 60 % of what is free if not given. What
            needs more lies in files of temp_dir.
        progress: True for a bar, or a function that is called some times a second with a
            `Progress`; False from it ends the run with CancelledError.

    Returns:
        A `Result`, which holds decisions and, for what was in memory, the data itself.

    Raises:
        InvalidError: an option, or the data, is not what it must be; the message names it.
        NotFoundError: there is no such file, column or preset; names those there are.
        LimitError: a source would lose more than max_loss.
        InputError: reading failed. CorruptError, UnsupportedError: a file cannot be read.
        TypeError: data or options of a wrong type.

    Problems with single files and records end nothing: they go to logging.getLogger("neardup")
    and are counted in `Result.summary.skipped`.

    >>> fog = "The ferry was late on Monday because of fog, said the captain of the white boat."
    >>> result = dedup([fog, "Bread is dearer.", fog.replace("captain", "mate"), fog.upper()])
    >>> result.kept
    [0, 1, 2]
    >>> result[3].kind, result[3].survivor
    ('normalized', 0)
    """
    given = dict(locals())
    taken = take(given.pop("data"))
    talking = Talking(given.pop("progress"))
    unit = given.pop("unit")
    if unit not in ("document", "paragraph"):
        raise InvalidError(f"unit is {unit!r}, must be document or paragraph")
    options = resolve(given)
    with talking as talk:
        corpus = taken.open(options, talk)
        if unit == "paragraph":
            corpus = _neardup.open_units(corpus, options, talk)
            why_not = "the result is about paragraphs; write them, as jsonl:FILE"
            taken = Taken(taken.open, None, is_rows=False, why_not=why_not)
        native = _run(corpus, options, talk, taken)
    return Result(native, taken, options)


def _run(corpus: Any, options: dict[str, Any], talk: Talk, taken: Taken) -> Any:
    """Row i of what was in memory must be document i."""
    native = _neardup.dedup(corpus, options, talk)
    skipped = native.summary()["skipped"]
    if taken.is_rows and skipped:
        raise InvalidError(
            f"{skipped:,} rows could not be read, such as those longer than max_record; the log "
            "of neardup names them"
        )
    return native
