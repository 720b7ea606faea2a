# SPDX-License-Identifier: MIT
"""trafilatura with neardup in the place of its own `deduplicate`."""
import random

import neardup
import pytest
from neardup import columns

pa = pytest.importorskip("pyarrow")
trafilatura = pytest.importorskip("trafilatura")
from trafilatura.deduplication import LRUCache  # noqa: E402

WIRE = (
    "The national weather service said on Friday that wind speeds of more than 120 kilometres an "
    "hour had been measured along the whole coast, which had not been seen since 1987."
)
TOWNS = {
    "Aberlour": "fishermen mended nets",
    "Brixmouth": "the ferry to the islands stayed out",
    "Cawsand": "a school roof was lifted off",
    "Dunbeath": "power failed in forty streets",
    "Eastquay": "the market hall was flooded",
}
WORDS = "sea wall council meeting mayor engineer repair budget boats crew rescue quay".split()


def own(town):
    """What stands in the report from this town only, and there at its end once more."""
    told = TOWNS[town]
    return (
        f"In {town} {told} while crews of volunteers from neighbouring villages came with pumps, "
        "sandbags and soup, and stayed until the tide had turned again before dawn."
    )


def page(town, site):
    filling = " ".join(random.Random(town).choices(WORDS, k=40)).capitalize() + "."
    paragraphs = "".join(f"<p>{text}</p>" for text in (own(town), filling, WIRE, own(town)))
    return (
        f"<html><head><title>Storm in {town}</title></head><body><nav><a href='/'>{site}</a></nav>"
        f"<article><h1>Storm in {town}</h1>{paragraphs}</article><footer>{site}</footer></body>"
        "</html>"
    )


@pytest.fixture
def pages():
    """Five reports with a paragraph of an agency, and a mirror of the first."""
    return [page(town, "The Post") for town in TOWNS] + [page("Aberlour", "Mirror")]


def extract(pages):
    """The recipe: extract, clean each text of its repeats, drop the copies."""
    texts = pa.array([trafilatura.extract(page) for page in pages])
    cleaned = pa.array(columns.clean(texts))
    return neardup.dedup(cleaned).filter().to_pylist()


def test_copies_go_and_shared_paragraphs_stay(pages):
    texts = extract(pages)
    assert len(texts) == 5
    for town, text in zip(TOWNS, texts):
        assert text.count(own(town)) == 1
        assert text.count(WIRE) == 1


def test_what_its_own_deduplicate_does(pages):
    """Why there is a recipe: paragraphs go by how often they were met before, copies stay."""
    cache = LRUCache(maxsize=4096)
    texts = [trafilatura.extract(page, deduplicate=cache) for page in pages]
    assert texts[0].count(own("Aberlour")) == 2
    assert [WIRE in text for text in texts] == [True, True, True, False, False, False]
    assert texts[5]  # what is left of the mirror
