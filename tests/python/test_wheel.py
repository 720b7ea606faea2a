# SPDX-License-Identifier: MIT
"""The wheel, installed into new environments that have no compiler, on each Python at hand."""
import os
import pathlib
import subprocess
import sys
import tarfile
import zipfile

import pytest
from wheels import ROOT, install, run, sdist, wheel  # noqa: F401, both fixtures

FOG = "The ferry was late on Monday because of fog, said the captain of the white boat."
TRY = f"""
import neardup
texts = [{FOG!r}, "Bread is dearer.", {FOG!r}.upper() + "!"]
result = neardup.dedup(texts)
assert result.filter(texts) == texts[:2], result
print(neardup.__version__)
"""


def version():
    header = (ROOT / "include" / "neardup" / "version.h").read_text()
    return header.partition('VERSION_STRING "')[2].partition('"')[0]


def pythons():
    """Interpreters of this machine that the package is for, one a minor version."""
    places = [pathlib.Path(sys.executable), *pathlib.Path("/usr/bin").glob("python3.*[0-9]"),
              *(pathlib.Path.home() / ".pyenv" / "versions").glob("3.*/bin/python3")]
    extra = os.environ.get("NEARDUP_PYTHONS", "").split(os.pathsep)
    found = {}
    for place in [*places, *(pathlib.Path(name) for name in extra if name)]:
        code = "import sys, venv, ensurepip; print(sys.implementation.name, *sys.version_info[:2])"
        done = subprocess.run([place, "-c", code], capture_output=True, text=True, check=False)
        words = done.stdout.split()
        if words[:1] == ["cpython"] and (int(words[1]), int(words[2])) >= (3, 11):
            found.setdefault(f"{words[1]}.{words[2]}", place)
    return found


@pytest.fixture(scope="session", params=pythons())
def installed(request, wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"python{request.param}")
    return folder, install(pythons()[request.param], wheel, folder)


def test_dedup_in_a_new_environment(installed):
    folder, environment = installed
    assert run(folder / "bin" / "python", "-c", TRY, env=environment).strip() == version()


def test_program_on_the_path(installed):
    folder, environment = installed
    texts = folder / "texts"
    texts.mkdir(exist_ok=True)
    for name in ("a.txt", "b.txt"):
        (texts / name).write_text(FOG)
    shown = run("neardup", "dedup", texts, "--list", "all", env=environment)
    assert "b.txt" in shown
    assert version() in run("neardup", "--version", env=environment)


def test_module_is_the_program(installed):
    folder, environment = installed
    python = folder / "bin" / "python"
    assert run(python, "-m", "neardup", "--version", env=environment) == run(
        "neardup", "--version", env=environment)
    done = subprocess.run([python, "-m", "neardup", "dedup", "/no/such"], env=environment,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 4 and "/no/such" in done.stderr


def test_what_a_wheel_holds(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    for end in (".data/scripts/neardup", "share/man/man1/neardup.1", "neardup/py.typed",
                "neardup/_neardup.abi3.so", "/licenses/LICENSE"):
        assert any(name.endswith(end) for name in names), end
    assert "-cp311-abi3-" in wheel.name


def test_wheel_for_all_machines_needs_the_c_library_only(wheel, tmp_path):
    if "manylinux" not in wheel.name:
        pytest.skip("a wheel for this machine only")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path)
        texts = [name for name in opened.namelist() if "/licenses/libraries/" in name]
    assert len(texts) >= 10
    for pattern in ("neardup/_neardup.abi3.so", "*.data/scripts/neardup"):
        (file,) = tmp_path.glob(pattern)
        needed = {line.split()[0].split(".so")[0] for line in run("ldd", file).splitlines()}
        assert needed <= {"linux-vdso", "libc", "libm", "libpthread", "libdl", "librt",
                          "/lib64/ld-linux-x86-64", "/lib/ld-linux-aarch64"}, needed


def test_sdist_holds_what_a_build_needs(sdist):
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert {"pyproject.toml", "CMakeLists.txt", "LICENSE", "src/CMakeLists.txt"} <= names
    assert not any(name.startswith(("tests/", ".ci", "tools/lint")) for name in names)
