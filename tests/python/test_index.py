# SPDX-License-Identifier: MIT
"""Indexes: the same answers as the program, and what callers may do with one."""
import datetime
import gzip
import json
import multiprocessing
import os
import pickle
import subprocess
import sys

import neardup
import pytest

FERRY = (
    "The ferry to the island ran aground in thick fog on Monday, said the coast guard of Rostock."
)
BREAD = "Bread is dearer in all shops of the town since the mill burned down in the spring flood."
LONG = " ".join(f"w{i}" for i in range(120))
ROWS = [
    {"id": "a", "url": "http://x.org/a", "date": "2026-03-02", "title": "Aground", "text": FERRY},
    {"id": "b", "source": "y.org", "text": FERRY.upper()},
    {"id": "c", "text": FERRY + " Nobody was hurt."},
    {"id": "d", "text": BREAD},
]


@pytest.fixture
def seen(tmp_path):
    with neardup.Index(tmp_path / "seen") as index:
        yield index


def lines_of(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def rounded(answer):
    """With shares as JSON has them."""
    members = answer.to_dict()
    for match in filter(None, [members["match"], *members["matches"]]):
        for name, value in match.items():
            match[name] = round(value, 6) if isinstance(value, float) else value
    return members


def test_answers_are_those_of_the_program(seen, program, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    program("index", "create", tmp_path / "theirs")
    theirs = lines_of(program("index", "check-and-add", tmp_path / "theirs", path, "--as", "json"))
    ours = seen.check_and_add(ROWS)
    assert [rounded(answer) for answer in ours] == theirs
    asked = lines_of(program("check", path, "--index", tmp_path / "theirs", "--as", "json",
                             "--matches", "5"))  # fmt: skip
    assert [rounded(answer) for answer in seen.check(ROWS, matches=5)] == asked
    with neardup.Index(tmp_path / "theirs", read_only=True) as index:
        assert [rounded(answer) for answer in index.check(path, matches=5)] == asked
        assert [rounded(index.check(row, matches=5)) for row in ROWS] == asked


def test_one_document_in_its_forms(seen):
    assert seen.check(FERRY).decision == "new" and len(seen) == 0
    assert seen.check_and_add(("a", FERRY)).added
    for form in (FERRY, ("x", FERRY), {"content": FERRY, "_id": 7}, neardup.Document("x", FERRY)):
        answer = seen.check(form)
        assert answer.known and answer.match.id == "a" and answer.match.kind == "identical"
    assert seen.check({"_id": 7, "content": FERRY}).id == "7"
    assert seen.check({"key": "k", "body": FERRY}, fields={"id": "key"}).id == "k"
    assert not seen.check(BREAD).known
    assert seen.check("half a pair \ud800 of it").decision == "new"


def test_many_documents_in_their_forms(seen):
    wanted = [False, True, True, False]
    assert seen.check_and_add(ROWS).known == wanted
    assert seen.check(row["text"] for row in ROWS).known == [True] * 4
    assert seen.check([(row["id"], row["text"]) for row in ROWS])[3].same_id
    assert len(seen.check([])) == 0
    many = seen.check([BREAD, None, "x y z"] * 1200)
    assert len(many) == 3600 and many.known == [True, False, False] * 1200
    assert [answer.known for answer in many[3597:]] == [True, False, False]
    assert many.filter(list(range(3600)))[:2] == [1, 2]
    assert repr(many) == "<neardup.Answers: 3,600 documents, 1,200 known>"
    with pytest.raises(neardup.InvalidError, match="2 rows"):
        many.filter([1, 2])
    with pytest.raises(IndexError):
        many[3600]


def test_tables(seen, tmp_path):
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"id": [row["id"] for row in ROWS], "text": [row["text"] for row in ROWS]})
    answers = seen.check_and_add(table)
    told = pa.table(answers)
    told.validate(full=True)
    assert told["match_id"].to_pylist() == [None, "a", "a", None]
    assert told["decision"].to_pylist() == [answer.decision for answer in answers]
    assert answers.filter(table)["id"].to_pylist() == ["a", "d"]
    assert pa.table(seen.check([BREAD] * 2500))["document"].to_pylist() == list(range(2500))
    assert pa.table(seen)["id"].to_pylist() == ["a", "d"]
    with pytest.raises(neardup.InvalidError, match="need ids.*there are text"):
        seen.add(table.select(["text"]))
    assert seen.check(table.select(["text"])).known == [True] * 4
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    assert seen.add(reader, fields={"id": "id"})[1].added


def test_updates_and_replacing(seen):
    seen.add({**ROWS[0], "text": LONG})
    later = {**ROWS[0], "text": LONG.replace(" w60 ", " another ")}
    answer = seen.check_and_add(later)
    assert answer.update and answer.same_id and answer.replaced
    assert seen.check_and_add(later).same_id and not seen.check_and_add(later).replaced
    assert len(seen) == 1


def test_what_it_holds(seen):
    seen.add(ROWS)
    first = seen.get("a")
    assert first.title == "Aground" and first.url == "http://x.org/a" and first.first
    assert first.bytes == len(FERRY) and first.tokens == 18 and first.text is None
    assert abs(first.added - datetime.datetime.now(datetime.timezone.utc)).total_seconds() < 2e5
    assert [document.id for document in seen] == ["a", "b", "c", "d"]
    assert "a" in seen and "x" not in seen and seen.get("x") is None and 5 not in seen
    assert seen.groups() == [(first.number, 3)]
    now = seen.stat()
    assert (now.documents, now.groups, now.copies) == (4, 1, 2) and now.database_bytes > 0
    assert bool(seen) and len(seen) == 4


def test_removing(seen):
    seen.add(ROWS)
    assert seen.remove("b") == 1 and seen.remove(["b", "c", "x"]) == 1
    assert seen.expire("2026-03-02") == 0
    assert seen.expire(datetime.date(2026, 3, 3)) == 1 and "a" not in seen
    assert seen.expire(datetime.datetime(2027, 1, 1)) == 0
    with pytest.raises(ValueError, match="no date"):
        seen.expire("soon")
    with pytest.raises(TypeError):
        seen.remove([1])
    seen.compact()
    seen.verify()


def test_building_and_merging(tmp_path):
    with neardup.Index(tmp_path / "built") as built:
        assert built.build([*ROWS, ROWS[0]]) == (4, 2, 1, 0)
        with pytest.raises(neardup.InvalidError):
            built.build(ROWS)
    short = neardup.Index(tmp_path / "short", preset="short", store="sketches")
    with short, neardup.Index(tmp_path / "other") as other:
        other.add(("e", "Something else that is long enough to be told from all the others here."))
        other.merge(tmp_path / "built")
        assert [document.id for document in other] == ["e", "a", "b", "c", "d"]
        with pytest.raises(neardup.InvalidError):
            other.merge(short)
        with pytest.raises(neardup.InvalidError, match="itself"):
            other.merge(other)


def test_options_stay(tmp_path):
    path = tmp_path / "seen"
    with neardup.Index(path, threshold=0.8, store="texts", secret=b"x") as index:
        assert index.options["threshold"] == 0.8 and index.options["has_secret"]
        index.add(ROWS[0])
    with neardup.Index(path) as index:
        assert index.options["store"] == "texts" and index.get("a").text == FERRY
    neardup.Index(path, threshold=0.8).close()
    with pytest.raises(neardup.InvalidError, match="threshold 0.8, not 0.5"):
        neardup.Index(path, threshold=0.5)
    with pytest.raises(neardup.InvalidError, match="threshold 0.8"):
        neardup.Index(path, preset="news")
    with neardup.Index(tmp_path / "open"), pytest.raises(neardup.InvalidError, match="has_secret"):
        neardup.Index(tmp_path / "open", secret=b"x")


def test_refused(tmp_path):
    with pytest.raises(neardup.NotFoundError):
        neardup.Index(tmp_path / "none", create=False)
    with pytest.raises(neardup.NotFoundError):
        neardup.Index(tmp_path / "none", read_only=True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(neardup.ExistsError):
        neardup.Index(tmp_path / "full")
    for wrong in ({"threshold": 2}, {"store": "all"}, {"rule": "contained"}, {"lock_timeout": -1},
                  {"sync": "now"}, {"secret": b"x" * 65}):  # fmt: skip
        with pytest.raises(ValueError):
            neardup.Index(tmp_path / "wrong", **wrong)
    with neardup.Index(tmp_path / "seen") as index:
        for wrong in (BREAD, [BREAD], ("", BREAD)):
            with pytest.raises(neardup.InvalidError, match="id"):
                index.add(wrong)
        for wrong in (5, b"bytes", ["a", 5], [("a", 5)], {"text": 5, "id": "a"}):
            with pytest.raises(TypeError):
                index.check(wrong)
        with pytest.raises(neardup.NotFoundError, match="there are name"):
            index.check({"name": "x"})
        with pytest.raises(neardup.InvalidError, match="within_days"):
            index.check(BREAD, within_days=0)
        with pytest.raises(neardup.InvalidError, match="there are id, text"):
            index.check(BREAD, fields={"body": "text"})
    for call in (lambda: index.check(BREAD), lambda: index.stat(), lambda: list(index)):
        with pytest.raises(neardup.InvalidError, match="closed"):
            call()
    index.close()
    with neardup.Index(tmp_path / "seen", read_only=True) as index:
        with pytest.raises(neardup.InvalidError, match="reading"):
            index.add(ROWS[0])


def test_a_call_is_one_change(seen):
    with pytest.raises(neardup.InvalidError, match="no id"):
        seen.add([ROWS[0], ("", BREAD)])
    assert len(seen) == 0


def test_temporary():
    with neardup.Index(None) as index:
        index.add(ROWS)
        assert index.path is None and len(index) == 4
        with pytest.raises(TypeError):
            pickle.dumps(index)


def test_pickled(seen):
    seen.add(ROWS)
    with pickle.loads(pickle.dumps(seen)) as again:
        assert again.check(FERRY).known


def ask_behind_a_fork(index, answers):
    try:
        index.check(FERRY)
    except neardup.InvalidError as error:
        answers.put(str(error))
    with neardup.Index(index.path) as again:
        answers.put(again.check(FERRY).known)


def test_behind_a_fork(seen):
    seen.add(ROWS)
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=ask_behind_a_fork, args=(seen, answers))
    child.start()
    assert "fork" in answers.get(timeout=60) and answers.get(timeout=60) is True
    child.join()
    assert seen.check(FERRY).known


HOLDER = """
import fcntl, os, sys
lock = open(sys.argv[1], "r+")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def held(seen):
    """Another process changes the index."""
    seen.add(ROWS[0])
    lock = os.path.join(seen.path, "writer")
    command = [sys.executable, "-c", HOLDER, lock]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdout.readline()
    yield holder
    holder.communicate("go\n")


def test_waiting_for_another_process(seen, held):
    with neardup.Index(seen.path, lock_timeout=0.3) as index:
        with pytest.raises(neardup.LimitError, match="give a longer lock_timeout"):
            index.add(ROWS[1])
        assert index.check(FERRY).known
    with neardup.Index(seen.path, lock_timeout=0) as index, pytest.raises(neardup.LimitError):
        index.remove("a")


def test_an_interrupt_ends_the_waiting(seen, held):
    import signal
    import threading

    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        seen.add(ROWS[1])
    assert "b" not in seen


def test_dumps_are_those_of_the_program_and_load_again(seen, program, tmp_path):
    seen.add(ROWS)
    seen.dump(tmp_path / "dump.jsonl")
    text = (tmp_path / "dump.jsonl").read_bytes()
    assert text == program("index", "dump", seen.path).stdout and text.count(b"\n") == 5
    with gzip.open(tmp_path / "dump.gz", "wb") as packed:
        seen.dump(packed)
    packed = gzip.open(tmp_path / "dump.gz")
    for lines in (tmp_path / "dump.jsonl", packed, text.decode().split("\n")):
        with neardup.Index(None) as again:
            assert again.load(lines) == 4
            assert [each.id for each in again] == ["a", "b", "c", "d"]
            assert again.groups() == seen.groups()


def test_dumps_that_fail_leave_nothing(seen, tmp_path):
    class Full:
        def write(self, data):
            raise OSError("no space left")

    seen.add(ROWS)
    with pytest.raises(OSError, match="no space left"):
        seen.dump(Full())
    (tmp_path / "there").write_text("mine")
    with pytest.raises(neardup.ExistsError):
        seen.dump(tmp_path / "there")
    with pytest.raises(neardup.CancelledError):
        seen.dump(tmp_path / "there", force=True, progress=lambda now: False)
    assert (tmp_path / "there").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["seen", "there"]
    seen.dump(tmp_path / "there", force=True)
    assert (tmp_path / "there").stat().st_size > 1000


def test_lines_that_are_no_dump(seen, tmp_path):
    seen.add(ROWS)
    path = tmp_path / "dump"
    seen.dump(path)
    path.write_bytes(path.read_bytes() + b"\n{nonsense\n")
    with neardup.Index(None) as other:
        with pytest.raises(neardup.CorruptError) as caught:
            other.load(path)
        assert (caught.value.line, caught.value.path) == (7, str(path)) and len(other) == 0
        with pytest.raises(neardup.NotFoundError, match="nowhere"):
            other.load(tmp_path / "nowhere")
    with neardup.Index(None, shingle_size=2) as other:
        with pytest.raises(neardup.InvalidError, match="shingle"):
            other.load(path.read_bytes().splitlines())


def test_two_of_its_documents_explained(program, tmp_path):
    with neardup.Index(tmp_path / "seen", store="texts") as index:
        index.add(ROWS)
        told = index.explain("a", "c")
        assert (told.kind, told.a, told.b) == ("contained", FERRY, FERRY + " Nobody was hurt.")
        printed = program("explain", "--in", tmp_path / "seen", "a", "c").stdout.decode()
        assert str(told) == printed
        assert index.explain("a", text=BREAD).kind == "none"
        with pytest.raises(neardup.NotFoundError, match="'e'"):
            index.explain("a", "e")
        with pytest.raises(neardup.InvalidError, match="other_id"):
            index.explain("a")
    with neardup.Index(None) as index, pytest.raises(neardup.InvalidError, match="no texts"):
        index.explain("a", "b")


def test_long_changes_are_cancelled(seen):
    asked = []

    def refuse(now):
        asked.append(now)
        return False

    seen.add([{"id": str(i), "date": "2020-01-01", "text": f"{i} " * 9} for i in range(3000)])
    with pytest.raises(neardup.CancelledError):
        seen.compact(progress=refuse)
    assert len(seen) == 3000 and asked
    with pytest.raises(neardup.CancelledError):
        seen.expire("2021-01-01", progress=refuse)
    assert 0 <= len(seen) <= 3000
    seen.verify()
    asked.clear()
    seen.compact(progress=asked.append)
    assert asked
