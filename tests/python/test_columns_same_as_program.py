# SPDX-License-Identifier: MIT
"""Functions over columns against what runs say of whole sets of texts."""
import json

import neardup
import pytest
from neardup import columns

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
import neardup.polars  # noqa: E402


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="module", params=["repeats-dev", "20news", "laws-zh"])
def texts(request, data_folder, program, tmp_path_factory):
    """A file of the texts alone: titles have a say in what is a repeat."""
    path = data_folder / request.param / "docs.jsonl.zst"
    if not path.exists():
        pytest.skip(f"{request.param} is not there")
    folder = tmp_path_factory.mktemp("texts")
    program("dedup", path, "-q", "--never-drop-from=*", f"-ojsonl:{folder}/all.jsonl")
    with open(folder / "texts.jsonl", "w", encoding="utf-8") as lines:
        for text in read(folder / "all.jsonl"):
            lines.write(json.dumps({"text": text}) + "\n")
    return folder / "texts.jsonl"


def test_cleaned(texts, program, tmp_path):
    program("flag", texts, "-q", f"-ocleaned:{tmp_path}/cleaned.jsonl")
    given, wanted = read(texts), read(tmp_path / "cleaned.jsonl")
    assert pa.array(columns.clean(pa.array(given))).to_pylist() == wanted
    assert given != wanted


def test_fingerprints(texts):
    """The same for a copy of the same words and its survivor, another for any other copy."""
    given = pl.Series("t", read(texts))
    found = pl.DataFrame(given).select(pl.col("t").neardup.fingerprint()).to_series().to_list()
    removed = [verdict for verdict in neardup.dedup(given) if not verdict.kept]
    for verdict in removed:
        same = found[verdict.document] == found[verdict.survivor]
        assert same == (verdict.kind in ("identical", "normalized"))
    assert removed
