# SPDX-License-Identifier: MIT
"""A pipeline of datatrove with its own reader, filter, executor and writer around the step."""
import gzip
import json

import pytest
from texts import CALM, STORM

pytest.importorskip("datatrove")
from datatrove.executor import LocalPipelineExecutor  # noqa: E402
from datatrove.pipeline.filters import LambdaFilter  # noqa: E402
from datatrove.pipeline.readers import JsonlReader  # noqa: E402
from datatrove.pipeline.writers import JsonlWriter  # noqa: E402
from neardup.datatrove import NearDup  # noqa: E402

STORY = f"{STORM} {CALM}"
TEXTS = [STORY, f"{STORM.upper()} {CALM}", CALM * 3, f"{STORY} It rains.", "drop"]


def read(folder):
    rows = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            rows.update((row["id"], row) for row in map(json.loads, lines))
    return rows


@pytest.fixture
def pipeline(tmp_path):
    (tmp_path / "in").mkdir()
    for half in (0, 1):
        with open(tmp_path / "in" / f"{half}.jsonl", "w") as file:
            for number in range(half, len(TEXTS), 2):
                row = {"id": f"n{number}", "text": TEXTS[number], "seen": f"2026-01-0{number + 1}"}
                file.write(json.dumps(row) + "\n")

    def run(tasks=1, **options):
        steps = [
            JsonlReader(str(tmp_path / "in")),
            LambdaFilter(lambda document: document.text != "drop"),
            NearDup(exclusion_writer=JsonlWriter(str(tmp_path / "gone")), **options),
            JsonlWriter(str(tmp_path / "out")),
        ]
        logs = str(tmp_path / "logs")
        stats = LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=logs).run()
        return read(tmp_path / "out"), read(tmp_path / "gone"), stats

    return run


def test_in_a_pipeline(pipeline):
    kept, gone, stats = pipeline()
    assert set(kept) == {"n0", "n2"}
    assert kept["n2"] == {"id": "n2", "text": TEXTS[2], "metadata": kept["n2"]["metadata"]}
    assert kept["n2"]["metadata"]["seen"] == "2026-01-03"
    assert set(gone) == {"n1", "n3"}
    assert gone["n1"]["metadata"]["filter_reason"] == "normalized"
    assert gone["n1"]["metadata"]["duplicate_of"] == "n0"
    assert 0.7 <= gone["n3"]["metadata"]["similarity"] < 1
    counts = {str(step.name): step for step in stats.stats}
    ours = next(step for name, step in counts.items() if "neardup" in name)
    assert ours["total"].total == 4 and ours["forwarded"].total == 2 and ours["dropped"].total == 2
    assert ours["dropped_normalized"].total == 1


def test_options_and_fields_of_the_metadata(pipeline):
    kept, gone, _ = pipeline(keep="newest", date="seen")
    assert set(kept) == {"n2", "n3"}


def test_several_tasks_are_refused(pipeline):
    with pytest.raises(ValueError, match="tasks=1"):
        pipeline(tasks=2)
