# SPDX-License-Identifier: MIT
"""Sources of the libraries in a wheel: got by the registries' own clients, checked, unpacked."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile
from typing import NamedTuple

HERE = pathlib.Path(__file__).parent


class Source(NamedTuple):
    """A line of sources.txt."""

    name: str
    client: str
    package: str
    version: str
    sha256: str
    folder: str
    licence: str


def sources():
    lines = (HERE / "sources.txt").read_text().splitlines()
    return [Source(*line.split()) for line in lines if line and not line.startswith("#")]


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}")


def check(source, file):
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{file.name}: SHA-256 {found}, sources.txt has {source.sha256}")


def unpack_tar(file, into):
    """The one folder of an archive becomes the folder `into`."""
    loose = into.with_name(into.name + ".unpacked")
    with tarfile.open(file) as archive:
        archive.extractall(loose, filter="data")
    (top,) = loose.iterdir()
    top.rename(into)
    loose.rmdir()


def fetch_crates(wanted, work):
    """Cargo has its own store; a project that depends on the crates makes it fill that."""
    project = work / "crates"
    (project / "src").mkdir(parents=True, exist_ok=True)
    (project / "src" / "lib.rs").write_text("")
    lines = [f'{source.package} = "={source.version.partition("+")[0]}"' for source in wanted]
    (project / "Cargo.toml").write_text("\n".join(
        ['[package]', 'name = "crates"', 'version = "0.0.0"', 'edition = "2021"',
         '[workspace]', '[dependencies]', *lines, '']))
    run("cargo", "fetch", cwd=project)
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    for source in wanted:
        name = f"registry/cache/*/{source.package}-{source.version}.crate"
        file = next(home.glob(name), None)
        if file is None:
            raise SystemExit(f"cargo has fetched no {source.package} {source.version}")
        check(source, file)
        unpack_tar(file, work / source.name)


def fetch_npm(source, work):
    run("npm", "pack", "--silent", f"{source.package}@{source.version}", cwd=work)
    file = work / f"{source.package}-{source.version}.tgz"
    check(source, file)
    unpack_tar(file, work / source.name)


def write_apt_settings(folder):
    """Settings of apt by which it knows sources, too, whatever the machine's own say."""
    (folder / "parts").mkdir(parents=True)
    (folder / "lists" / "partial").mkdir(parents=True)
    for listed in pathlib.Path("/etc/apt/sources.list.d").glob("debian*.sources"):
        text = listed.read_text().replace("Types: deb\n", "Types: deb-src\n")
        (folder / "parts" / listed.name).write_text(text)
    settings = folder / "apt.conf"
    settings.write_text(f'''Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{folder}/parts";
Dir::State::lists "{folder}/lists";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "root";
''')
    return settings


def fetch_debian(wanted, work):
    """Checked by the .dsc, which has the sums of the rest; Debian's patches are applied."""
    folder = work / "debian"
    os.environ["APT_CONFIG"] = str(write_apt_settings(folder))
    run("apt-get", "update", cwd=folder)
    run("apt-get", "source", "--download-only",
        *(f"{source.package}={source.version}" for source in wanted), cwd=folder)
    for source in wanted:
        description = folder / f"{source.package}_{source.version}.dsc"
        check(source, description)
        run("dpkg-source", "--extract", description, work / source.name, cwd=folder)


def fetch(work):
    """Fills the folder `work`/NAME for each source, unless an earlier call did."""
    stamp = work / "fetched"
    pins = (HERE / "sources.txt").read_text()
    if stamp.exists() and stamp.read_text() == pins:
        return
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    by_client = {}
    for source in sources():
        by_client.setdefault(source.client, []).append(source)
    fetch_crates(by_client["cargo"], work)
    for source in by_client["npm"]:
        fetch_npm(source, work)
    fetch_debian(by_client["debian"], work)
    stamp.write_text(pins)
