# SPDX-License-Identifier: MIT
"""Examples in the documentation run as they stand, and the types hold."""
import doctest
import importlib
import importlib.util
import inspect
import os
import pathlib
import pkgutil
import subprocess
import sys

import neardup
import pytest

PACKAGE = pathlib.Path(neardup.__file__).parent
ROOT = pathlib.Path(__file__).parents[2]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
MODULES = sorted({each.name for each in pkgutil.iter_modules([str(PACKAGE)])} - {"_neardup"})


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    try:
        module = importlib.import_module(f"neardup.{name}")
    except ImportError as error:
        pytest.skip(str(error))
    assert doctest.testmod(module, optionflags=FLAGS).failed == 0


def test_package_docstring():
    assert doctest.testmod(neardup, optionflags=FLAGS).attempted > 3


def examples(path):
    """Blocks ```python with prompts, as one session."""
    lines, inside = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line.strip() == "```python"
            line = ""
        lines.append(line if inside else "")
    return "\n".join(lines)


@pytest.mark.parametrize("path", ["README.md", "tools/python/README.md"])
def test_readme(path, tmp_path, monkeypatch):
    for package in ("pyarrow", "polars", "pandas", "duckdb"):
        pytest.importorskip(package)
    text = examples(ROOT / path)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(text, {}, path, str(ROOT / path), 0)
    assert test.examples
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test)
    assert runner.failures == 0


def test_everything_public_is_described():
    for name in neardup.__all__:
        thing = getattr(neardup, name)
        assert inspect.getdoc(thing), name
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if inspect.isfunction(value) and not member.startswith("_"):
                assert value.__doc__, f"{name}.{member}"


def test_help_names_every_option():
    described = inspect.getdoc(neardup.dedup)
    for name in inspect.signature(neardup.dedup).parameters:
        assert name in described


USES = '''
import neardup

result: neardup.Result = neardup.dedup(["a", None], preset="news", never_drop=["a"], threads=2)
kept: list[int] = result.kept
kind: str = result[0].kind
sizes: list[int] = [len(group) for group in result.groups]
near: float = result.pairs[0].similarity
one: neardup.Flagged = neardup.flag("text", threshold=0.8)
many: neardup.FlagResult = neardup.flag(["text"], refrains=True)
share: float = many[0].share
alike: float = neardup.similarity("a", "b") + neardup.explain("a", "b").estimate
sketch: bytes = neardup.Sketcher(slots=64).sketch_text("a")
'''
WRONG = ['neardup.dedup(["a"], threshold="b")', 'neardup.dedup(["a"], nothing=1)', "neardup.flag()"]


def check_types(command, folder):
    environment = {**os.environ, "PYTHONPATH": "", "MYPYPATH": str(PACKAGE.parent)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    return done.returncode, done.stdout + done.stderr


def test_mypy(tmp_path):
    pytest.importorskip("mypy")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    mypy += ["--ignore-missing-imports", "--disable-error-code", "import-untyped"]
    (tmp_path / "uses.py").write_text(USES)
    status, said = check_types([*mypy, "uses.py"], tmp_path)
    assert status == 0, said
    for line in WRONG:
        (tmp_path / "wrong.py").write_text(f"import neardup\n{line}\n")
        assert check_types([*mypy, "wrong.py"], tmp_path)[0] == 1
    sources = [str(path) for path in PACKAGE.glob("_*.py*") if path.suffix != ".so"]
    status, said = check_types([*mypy, *sources], tmp_path)
    assert status == 0, said
