# SPDX-License-Identifier: MIT
"""The hooks for pre-commit, run by pre-commit, and the script of the GitHub Action, by bash."""
import os
import shutil
import subprocess
import sys

import pytest
from wheels import ROOT, install, run, sdist, wheel  # noqa: F401, both fixtures

yaml = pytest.importorskip("yaml")
pytest.importorskip("pre_commit")

FOG = ("The ferry was late on Monday because of fog, said the captain of the white boat. "
       "Nobody was hurt, and the boat sailed again at noon.\n")
PACKAGE = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "hooks"
version = "1"
dependencies = ["neardup @ {}"]
[tool.setuptools]
py-modules = []
"""


def git(folder, *arguments):
    return run("git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments,
               cwd=folder)


def commit_all(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")


@pytest.fixture(scope="session")
def hooks(wheel, tmp_path_factory):  # noqa: F811
    """A repository with our hooks, whose package is the wheel: nothing is compiled."""
    folder = tmp_path_factory.mktemp("hooks")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", folder)
    (folder / "pyproject.toml").write_text(PACKAGE.format(wheel.as_uri()))
    git(folder, "init", "-q")
    commit_all(folder)
    return folder, git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def texts(tmp_path):
    """A repository with two texts that are not alike."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "fog.txt").write_text(FOG)
    (tmp_path / "docs" / "bread.txt").write_text("Bread is dearer since the mill has closed.\n")
    git(tmp_path, "init", "-q")
    return tmp_path


def use_hook(texts, hooks, name, arguments):
    folder, revision = hooks
    (texts / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{
        "repo": str(folder), "rev": revision, "hooks": [{"id": name, "args": arguments}]}]}))
    commit_all(texts)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """Where pre-commit keeps what it has installed."""
    return {**os.environ, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("store"))}


def run_hook(texts, store):
    git(texts, "add", "-A")
    return subprocess.run([sys.executable, "-m", "pre_commit", "run", "--color", "never"],
                          cwd=texts, env=store, capture_output=True, text=True, check=False)


def test_hook_stops_a_copy(texts, hooks, store):
    use_hook(texts, hooks, "neardup-dedup", ["docs/"])
    (texts / "docs" / "other.txt").write_text("The mill opens again, to the joy of all.\n")
    done = run_hook(texts, store)
    assert done.returncode == 0 and "Passed" in done.stdout, done.stdout + done.stderr
    (texts / "docs" / "fog-again.txt").write_text(FOG)
    done = run_hook(texts, store)
    assert done.returncode == 1 and "docs/fog.txt:1: same text as" in done.stdout, done.stdout


def test_hook_knows_a_baseline(texts, hooks, store, runner):
    (texts / "docs" / "fog-again.txt").write_text(FOG)
    run(runner / "neardup" / "bin" / "neardup", "dedup", "docs/", "-o", "sarif:known.sarif",
        cwd=texts)
    use_hook(texts, hooks, "neardup-dedup", ["docs/", "--baseline", "known.sarif"])
    (texts / "docs" / "other.txt").write_text("The mill opens again, to the joy of all.\n")
    assert run_hook(texts, store).returncode == 0
    (texts / "docs" / "third.txt").write_text(FOG)
    assert run_hook(texts, store).returncode == 1


def test_hook_looks_at_changed_texts_only(texts, hooks, store):
    use_hook(texts, hooks, "neardup-flag", [])
    (texts / "docs" / "twice.txt").write_text(f"{FOG}\n\n{FOG}")
    done = run_hook(texts, store)
    assert done.returncode == 1 and "docs/twice.txt:4:" in done.stdout, done.stdout + done.stderr
    commit_all(texts)
    (texts / "docs" / "other.txt").write_text("The mill opens again, to the joy of all.\n")
    assert run_hook(texts, store).returncode == 0


@pytest.fixture(scope="session")
def runner(wheel, tmp_path_factory):  # noqa: F811
    """RUNNER_TEMP as the action's first step leaves it, but for where the package came from."""
    folder = tmp_path_factory.mktemp("runner")
    install(sys.executable, wheel, folder / "neardup")
    return folder


def run_action(texts, runner, **inputs):
    """The second step of the action, with defaults and environment as the runner sets them."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][1]
    values = {name: about["default"] for name, about in action["inputs"].items()} | inputs
    environment = {name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")]
                   for name, text in step["env"].items()}
    return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                          cwd=texts, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment, "RUNNER_TEMP": str(runner)})


def test_action_writes_findings_and_fails(texts, runner):
    done = run_action(texts, runner, paths="docs")
    assert done.returncode == 0, done.stderr
    (texts / "docs" / "fog-again.txt").write_text(FOG)
    done = run_action(texts, runner, paths="docs")
    assert done.returncode == 1
    assert "fog" in (texts / "neardup.sarif").read_text()
    done = run_action(texts, runner, paths="docs", baseline="neardup.sarif", sarif="now.sarif")
    assert done.returncode == 0, done.stderr


def test_action_takes_arguments(texts, runner):
    done = run_action(texts, runner, command="flag", paths="docs/fog.txt docs/bread.txt",
                      arguments="--threshold 2")
    assert done.returncode == 2 and "threshold" in done.stderr
