#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SARIF outputs against the rules of SARIF 2.1.0 (OASIS) for the objects that they hold.

usage: test_sarif.py NEARDUP

Every object of the standard is closed: it has no members but those of the standard. KINDS has the
members that we write, by the types that the standard gives them; a member that is not there is
either misspelt or has to be looked up and entered.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples" / "news"
DATA = pathlib.Path(__file__).resolve().parent / "data"

# RFC 3986: a URI or a relative reference whose first part has no colon.
URI = re.compile(r"(?:file://)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")
HASH = re.compile(r"[0-9a-f]{16}")
STABLE_ID = re.compile(r"[a-z]+(?:-[a-z]+)*")
KEY = re.compile(r"[A-Za-z]+/v[0-9]+")


def text(value):
    return isinstance(value, str) and value != ""


def whole(least):
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def one_of(*values):
    return lambda value: value in values


def like(pattern):
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def fingerprints(value):
    return isinstance(value, dict) and value != {} and all(
        KEY.fullmatch(key) and like(HASH)(one) for key, one in value.items())


def message_text(value):
    """Plain text: brackets make links, unless they are escaped (3.11.6)."""
    return text(value) and re.fullmatch(r"(?:[^\[\]\\]|\\[\[\]\\])*", value) is not None


# kind: {member: (required, check)}; a check is a function, the name of a kind, or a list of one.
KINDS = {
    "log": {"$schema": (False, text), "version": (True, one_of("2.1.0")), "runs": (True, ["run"])},
    "run": {"tool": (True, "tool"), "results": (True, ["result"])},
    "tool": {"driver": (True, "component")},
    "component": {"name": (True, text), "version": (False, text), "rules": (False, ["rule"])},
    "rule": {"id": (True, like(STABLE_ID)), "shortDescription": (False, "plain")},
    "plain": {"text": (True, text)},
    "result": {"ruleId": (False, text), "ruleIndex": (False, whole(0)),
               "level": (False, one_of("none", "note", "warning", "error")),
               "message": (True, "message"), "locations": (False, ["location"]),
               "relatedLocations": (False, ["related"]),
               "partialFingerprints": (True, fingerprints),
               "baselineState": (False, one_of("new", "unchanged", "updated", "absent")),
               "properties": (False, lambda value: isinstance(value, dict))},
    "message": {"text": (True, message_text)},
    "location": {"physicalLocation": (True, "place")},
    "related": {"id": (True, whole(0)), "physicalLocation": (True, "place"),
                "message": (True, "plain")},
    "place": {"artifactLocation": (True, "artifact"), "region": (False, "region")},
    "artifact": {"uri": (True, like(URI))},
    "region": {"startLine": (True, whole(1)), "endLine": (True, whole(1))},
}


def problems(value, kind, place):
    """What is wrong with an object, with where it is."""
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{place}: not an array"
            return
        for i, one in enumerate(value):
            yield from problems(one, kind[0], f"{place}[{i}]")
    elif callable(kind):
        if not kind(value):
            yield f"{place}: {value!r}"
    elif not isinstance(value, dict):
        yield f"{place}: not an object"
    else:
        members = KINDS[kind]
        for name in value.keys() - members.keys():
            yield f"{place}.{name}: no such member"
        for name, (required, check) in members.items():
            if name in value:
                yield from problems(value[name], check, f"{place}.{name}")
            elif required:
                yield f"{place}.{name}: missing"


def relations(log):
    """What single objects do not show."""
    for run in log["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        if len(set(rules)) != len(rules):
            yield f"rules are there twice: {rules}"
        states = {"baselineState" in result for result in run["results"]}
        if len(states) > 1:
            yield "some results have a baselineState and some have none (3.27.24)"
        for i, result in enumerate(run["results"]):
            if rules[result["ruleIndex"]] != result["ruleId"]:
                yield f"results[{i}]: ruleIndex {result['ruleIndex']} is not {result['ruleId']}"
            places = result.get("locations", []) + result.get("relatedLocations", [])
            for place in places:
                region = place["physicalLocation"].get("region")
                if region and region["endLine"] < region["startLine"]:
                    yield f"results[{i}]: lines {region}"
            numbers = [place["id"] for place in result.get("relatedLocations", [])]
            if len(set(numbers)) != len(numbers):
                yield f"results[{i}]: related locations {numbers}"


def check(log, name):
    found = list(problems(log, "log", name)) or list(relations(log))
    if found:
        raise AssertionError("\n# ".join(found[:8]))


def run(program, *arguments, folder, given=None):
    done = subprocess.run([program, *map(str, arguments)], cwd=folder, input=given,
                          capture_output=True, timeout=120, check=False)
    if done.returncode not in (0, 1, 3):
        raise AssertionError(f"neardup {arguments}: exit {done.returncode} {done.stderr.decode()}")
    return done


def sarif(program, *arguments, folder, given=None, least=1):
    """The checked SARIF file of a run."""
    done = run(program, *arguments, "-q", "-o", "sarif:-", folder=folder, given=given)
    log = json.loads(done.stdout)
    check(log, " ".join(map(str, arguments)))
    results = log["runs"][0]["results"]
    if len(results) < least:
        raise AssertionError(f"{arguments}: {len(results)} results")
    return results


PARAGRAPHS = ["The ferry [Anna](b) left the harbour late that day, since the pilot had to wait.",
              "Nobody on board was hurt, the company said, and all of the cargo was saved.",
              "Whoever saw the lamp of the signal post is asked to speak to the coast guard \\o/."]


def write_texts(folder):
    """Files with names that need escapes, of which each repeats itself and another."""
    for name in ("plain.txt", "a b/q?#%[1].txt", "ü/漢字.md"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join([*PARAGRAPHS, PARAGRAPHS[0], name]), encoding="utf-8")


def write_records(folder):
    with open(folder / "records.jsonl", "w", encoding="utf-8") as file:
        for i in range(3):
            body = "\n\n".join([*PARAGRAPHS, PARAGRAPHS[1], "x" * i])
            file.write(json.dumps({"id": f"{i}", "text": body, "title": PARAGRAPHS[2]}) + "\n")
            file.write(json.dumps({"text": body}) + "\n")


def test_dedup(program, folder):
    sarif(program, "dedup", SAMPLES, folder=folder)
    sarif(program, "dedup", SAMPLES, "--drop-all", folder=folder)
    sarif(program, "dedup", SAMPLES, "--unit", "paragraph", folder=folder)
    sarif(program, "dedup", DATA / "news.jsonl", folder=folder)
    write_texts(folder)
    sarif(program, "dedup", ".", folder=folder, least=2)
    sarif(program, "dedup", folder, folder=folder, least=2)
    sarif(program, "dedup", "plain.txt", folder=folder, least=0)
    write_records(folder)
    given = (folder / "records.jsonl").read_bytes()
    sarif(program, "dedup", "-", folder=folder, given=given, least=5)


def test_flag(program, folder):
    write_texts(folder)
    results = sarif(program, "flag", ".", folder=folder, least=3)
    lines = [result["locations"][0]["physicalLocation"]["region"] for result in results]
    assert lines == [{"startLine": 7, "endLine": 7}] * 3, lines
    sarif(program, "flag", folder, "--refrains", folder=folder, least=3)
    write_records(folder)
    given = (folder / "records.jsonl").read_bytes()
    found = sarif(program, "flag", "-", folder=folder, given=given, least=6)
    titles = [result for result in found if result["message"]["text"].startswith("Repeats the ti")]
    assert titles and not any("relatedLocations" in result for result in titles), titles
    given = b"".join(
        json.dumps({"url": f"https://a.example/{i}", "text": f"{PARAGRAPHS[0]}\n\nPage {i}"})
        .encode() + b"\n" for i in range(9))
    found = sarif(program, "flag", "-", "--site", folder=folder, given=given, least=5)
    assert {result["ruleId"] for result in found} == {"repeat-site"}, found


def states(results):
    return [result["baselineState"] for result in results]


def test_baselines(program, folder):
    for command in ("dedup", "flag"):
        texts = folder / command
        texts.mkdir()
        write_texts(texts)
        old = folder / f"{command}.sarif"
        run(program, command, ".", "-q", "-o", f"sarif:{old}", folder=texts)
        known = sarif(program, command, ".", "--baseline", old, folder=texts)
        assert set(states(known)) == {"unchanged"}, states(known)
        (texts / "new.txt").write_text("\n\n".join(PARAGRAPHS[1:] + PARAGRAPHS[1:]))
        (texts / "newer.txt").write_text("\n\n".join(PARAGRAPHS[1:] + PARAGRAPHS[1:]))
        both = sarif(program, command, ".", "--baseline", old, folder=texts)
        assert set(states(both)) == {"unchanged", "new"}, states(both)
        assert states(both).count("unchanged") == len(known), states(both)


def test_fingerprints_stay_when_text_moves(program, folder):
    prints = []
    for front in ("", "A new headline in front of it all\n\nAnd a line.\n\n"):
        (folder / "a.txt").write_text(front + "\n\n".join([*PARAGRAPHS, PARAGRAPHS[0]]))
        results = sarif(program, "flag", "a.txt", folder=folder)
        prints.append([result["partialFingerprints"] for result in results])
    assert prints[0] == prints[1], prints


def test_the_rules_find_mistakes(program, folder):
    write_texts(folder)
    done = run(program, "flag", ".", "-q", "-o", "sarif:-", folder=folder)
    good = json.loads(done.stdout)
    mistakes = [
        lambda log: log.update(version="2.1"),
        lambda log: log.pop("runs"),
        lambda log: log["runs"][0].pop("tool"),
        lambda log: log["runs"][0]["results"][0].pop("message"),
        lambda log: log["runs"][0]["results"][0].update(level="serious"),
        lambda log: log["runs"][0]["results"][0].update(baselineState="known"),
        lambda log: log["runs"][0]["results"][0].update(baselineState="new"),
        lambda log: log["runs"][0]["results"][0].update(ruleIndex=3),
        lambda log: log["runs"][0]["results"][0].update(similarity=1),
        lambda log: log["runs"][0]["results"][0]["message"].update(text="a [link](1)"),
        lambda log: log["runs"][0]["results"][0]["partialFingerprints"].update(a="b"),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
        .update(startLine=0),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
        .update(endLine=1),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        ["artifactLocation"].update(uri="a b.txt"),
    ]
    for number, mistake in enumerate(mistakes):
        bad = copy.deepcopy(good)
        mistake(bad)
        try:
            check(bad, "bad")
        except AssertionError:
            continue
        raise AssertionError(f"mistake {number} was not found")


def main(program):
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(program, pathlib.Path(folder))
                print(f"ok - sarif: {name[5:].replace('_', ' ')}", flush=True)
            except AssertionError as problem:
                failed += 1
                print(f"not ok - sarif: {name[5:].replace('_', ' ')}\n# {problem}", flush=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
