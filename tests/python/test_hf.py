# SPDX-License-Identifier: MIT
"""Datasets of Hugging Face: what stays, and all that must stay the same."""
import datetime

import pytest
from texts import CALM, STORM

datasets = pytest.importorskip("datasets")
import neardup  # noqa: E402
import neardup.hf  # noqa: E402

TEXTS = [f"{STORM} {CALM}", f"{STORM.upper()} {CALM}", CALM * 3, f"{STORM} {CALM}!", "", "x y"]
FEATURES = datasets.Features(
    {
        "text": datasets.Value("string"),
        "label": datasets.ClassLabel(names=["no", "yes"]),
        "tags": datasets.Sequence(datasets.Value("string")),
        "seen": datasets.Value("timestamp[s]"),
    }
)


def make(texts=TEXTS, **changes):
    count = len(texts)
    columns = {
        "text": texts,
        "label": [i % 2 for i in range(count)],
        "tags": [[str(i)] for i in range(count)],
        "seen": [datetime.datetime(2026, 1, 1 + i) for i in range(count)],
    }
    return datasets.Dataset.from_dict({**columns, **changes}, features=FEATURES)


def numbers(rows):
    return [int(row["tags"][0]) for row in rows]


def test_a_dataset_keeps_all_but_the_rows():
    dataset = make()
    kept = neardup.hf.dedup(dataset)
    assert numbers(kept) == [0, 2, 4, 5]
    assert kept.features == FEATURES
    assert kept.info.features == dataset.info.features
    assert kept[1] == dataset[2]
    assert numbers(neardup.hf.dedup(dataset, keep="newest", date="seen")) == [2, 3, 4, 5]


def test_the_fingerprint_follows_from_dataset_and_options():
    first, again, last = (neardup.hf.dedup(make(), keep=k) for k in ("first", "first", "last"))
    assert first._fingerprint == again._fingerprint
    assert len({first._fingerprint, last._fingerprint, make()._fingerprint}) == 3


def test_a_dataset_that_is_mapped_shuffled_or_formatted():
    dataset = make()
    backwards = dataset.select(range(len(dataset) - 1, -1, -1))
    assert numbers(neardup.hf.dedup(backwards)) == [5, 4, 3, 2]
    assert numbers(neardup.hf.dedup(dataset.filter(lambda row: row["label"] == 1))) == [1, 5]
    formatted = dataset.with_format("numpy", columns=["label"])
    kept = neardup.hf.dedup(formatted)
    assert kept.format["type"] == "numpy" and kept.format["columns"] == ["label"]
    assert len(kept) == 4


def test_other_column_and_wrong_column():
    renamed = make().rename_column("text", "story")
    assert numbers(neardup.hf.dedup(renamed, "story")) == [0, 2, 4, 5]
    with pytest.raises(neardup.NotFoundError, match="stroy"):
        neardup.hf.dedup(renamed, "stroy")


def test_nothing():
    assert len(neardup.hf.dedup(make().select([]))) == 0


def test_a_streamed_dataset():
    streamed = make().to_iterable_dataset(num_shards=2)
    kept = neardup.hf.dedup(streamed)
    assert isinstance(kept, datasets.IterableDataset)
    assert numbers(kept) == numbers(kept) == [0, 2, 4, 5]
    assert kept.features == FEATURES
    assert numbers(kept.take(2)) == [0, 2]
    assert numbers(neardup.hf.dedup(streamed, keep="newest", date="seen")) == [2, 3, 4, 5]


def test_a_streamed_dataset_is_shuffled_behind():
    kept = neardup.hf.dedup(make().to_iterable_dataset(num_shards=3))
    assert kept.num_shards == 1
    shuffled = kept.shuffle(seed=3, buffer_size=10)
    assert sorted(numbers(shuffled)) == [0, 2, 4, 5]
    assert numbers(kept.filter(lambda row: row["label"] == 0)) == [0, 2, 4]


def test_a_streamed_dataset_that_changes_is_told():
    given = [{"text": text} for text in TEXTS]
    kept = neardup.hf.dedup(datasets.IterableDataset.from_generator(lambda: iter(given)))
    given[4] = {"text": "Another."}
    with pytest.raises(neardup.ChangedError, match="row 4"):
        list(kept)


def test_images_pass_unread():
    pil = pytest.importorskip("PIL.Image")
    features = datasets.Features({"text": datasets.Value("string"), "image": datasets.Image()})
    images = [pil.new("RGB", (2, 2), (10 * i, 0, 0)) for i in range(len(TEXTS))]
    dataset = datasets.Dataset.from_dict({"text": TEXTS, "image": images}, features=features)
    for each in (dataset, dataset.to_iterable_dataset()):
        rows = list(neardup.hf.dedup(each))
        assert [row["image"].getpixel((0, 0))[0] for row in rows] == [0, 20, 40, 50]


def test_a_streamed_dataset_of_unknown_features():
    def rows():
        for number, text in enumerate(TEXTS):
            yield {"text": text, "tags": [str(number)]}

    kept = neardup.hf.dedup(datasets.IterableDataset.from_generator(rows))
    assert numbers(kept) == [0, 2, 4, 5]


@pytest.mark.parametrize("streams", [False, True])
def test_splits_are_looked_at_together(streams):
    def split(texts):
        return make(texts).to_iterable_dataset() if streams else make(texts)

    kind = datasets.IterableDatasetDict if streams else datasets.DatasetDict
    splits = kind({"train": split(TEXTS), "test": split([CALM * 3, f"{STORM.upper()} {CALM}"])})
    kept = neardup.hf.dedup(splits)
    assert isinstance(kept, kind)
    assert [numbers(kept[name]) for name in ("train", "test")] == [[0, 2, 4, 5], []]
    kept = neardup.hf.dedup(splits, never_drop=["test"])
    assert [numbers(kept[name]) for name in ("train", "test")] == [[4, 5], [0, 1]]
