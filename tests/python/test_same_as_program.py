# SPDX-License-Identifier: MIT
"""The same answers as the command line, byte for byte, on three development sets: from files by
their plans; from tables and records by their verdicts and records."""
import json
import shutil
import subprocess

import neardup
import pytest

SETS = ["reuters21578", "20news", "laws-zh"]


@pytest.fixture(scope="module", params=SETS)
def corpus(request, data_folder):
    path = data_folder / request.param / "docs.jsonl.zst"
    if not path.exists():
        pytest.skip(f"{request.param} is not there")
    return path


@pytest.fixture(scope="module")
def planned(corpus, program, tmp_path_factory):
    """The program's outputs."""
    folder = tmp_path_factory.mktemp("program")
    outputs = ["plan:plan", "pairs:pairs", "clusters:clusters", "jsonl:jsonl", "removed:removed"]
    program("dedup", corpus, "-q", *(f"-o{each.replace(':', f':{folder}/')}" for each in outputs))
    return folder


@pytest.fixture(scope="module")
def lines(corpus):
    if shutil.which("zstd") is None:
        pytest.skip("no zstd")
    return subprocess.run(["zstd", "-dcq", corpus], capture_output=True, check=True).stdout


def decisions(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")][1:-1]


def agrees(result, planned):
    """Whether the result decides as the plan does."""
    for verdict, line in zip(result, decisions(planned / "plan"), strict=True):
        assert verdict.id == line["id"]
        if verdict.reading != "words":
            continue  # compared by the bytes of its record, and a text alone has none
        assert ("keep" if verdict.kept else "drop") == line["decision"]
        if not verdict.kept:
            assert verdict.kind == line["kind"] and verdict.survivor_id == line["survivor"]
            assert verdict.similarity == pytest.approx(line["similarity"], abs=6e-7)
    return True


def test_files(corpus, planned, tmp_path):
    result = neardup.dedup(corpus, pairs=True)
    names = ["plan", "pairs", "clusters", "jsonl", "removed"]
    result.write(*(f"{name}:{tmp_path}/{name}" for name in names))
    for name in names:
        assert (tmp_path / name).read_bytes() == (planned / name).read_bytes()
    assert agrees(result, planned)


def test_tables(corpus, planned, lines, tmp_path):
    pa = pytest.importorskip("pyarrow")
    result = neardup.dedup(pa.Table.from_pylist([json.loads(line) for line in lines.splitlines()]))
    assert agrees(result, planned)
    result.write(f"jsonl:{tmp_path}/kept")
    with open(planned / "jsonl", encoding="utf-8") as theirs, open(tmp_path / "kept") as ours:
        for line, wanted in zip(ours, theirs, strict=True):
            has = {name: value for name, value in json.loads(line).items() if value is not None}
            wants = {name: value for name, value in json.loads(wanted).items() if value is not None}
            assert has == wants


def test_records(planned, lines):
    assert agrees(neardup.dedup(map(json.loads, lines.splitlines())), planned)


def test_texts_alone(corpus, lines, program, tmp_path):
    texts = [json.loads(line)["text"] for line in lines.splitlines()]
    with open(tmp_path / "texts.jsonl", "w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            print(json.dumps({"id": str(number), "text": text}), file=file)
    program("dedup", tmp_path / "texts.jsonl", "-q", f"-oplan:{tmp_path}/plan")
    assert agrees(neardup.dedup(texts), tmp_path)
