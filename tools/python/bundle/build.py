# SPDX-License-Identifier: MIT
"""Builds the libraries of a wheel for an old C library, or another machine, with zig."""
import os
import pathlib
import platform
import shutil
import stat

import fetch

HERE = pathlib.Path(__file__).parent

XZ = ["-DBUILD_TESTING=OFF", "-DXZ_NLS=OFF", "-DXZ_DOC=OFF", "-DXZ_TOOL_XZ=OFF",
      "-DXZ_TOOL_XZDEC=OFF", "-DXZ_TOOL_LZMADEC=OFF", "-DXZ_TOOL_LZMAINFO=OFF",
      "-DXZ_TOOL_SCRIPTS=OFF"]
# Only what neardup asks of libarchive: members of archives in formats that need no other library.
ARCHIVE = [f"-DENABLE_{name}=OFF" for name in (
    "OPENSSL", "LIBB2", "LIBXML2", "EXPAT", "PCREPOSIX", "LIBGCC", "CNG", "TAR", "CPIO", "CAT",
    "XATTR", "ACL", "TEST", "LZ4")] + ["-DBUILD_SHARED_LIBS=OFF",
                                                "-DPOSIX_REGEX_LIB=NONE"]


def write_tool(folder, name, zig, arguments):
    """Build systems want a compiler to be one file."""
    file = folder / name
    file.write_text(f'#!/bin/sh\nexec {zig} {arguments} "$@"\n')
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def write_toolchain(folder, target, zig):
    """Compilers of the target, and what CMake must know of them; the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = target.partition("-")[0]
    # What zig adds to find undefined behaviour needs its own runtime.
    flags = f"-target {target} -fno-sanitize=all"
    for name, arguments in (("cc", f"cc {flags}"), ("ar", "ar"), ("ranlib", "ranlib")):
        write_tool(folder, name, zig, arguments)
    file = folder / "toolchain.cmake"
    other = machine != platform.machine()
    file.write_text(f"""{"set(CMAKE_SYSTEM_NAME Linux)" if other else ""}
set(CMAKE_SYSTEM_PROCESSOR {machine})
set(CMAKE_C_COMPILER {folder}/cc)
set(CMAKE_ASM_COMPILER {folder}/cc)
set(CMAKE_AR {folder}/ar)
set(CMAKE_RANLIB {folder}/ranlib)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
list(APPEND CMAKE_FIND_ROOT_PATH "$ENV{{NEARDUP_BUNDLE}}")
""")
    return file


def cmake(source, build, prefix, toolchain, *options):
    fetch.run("cmake", "-G", "Ninja", "-S", source, "-B", build,
              f"-DCMAKE_TOOLCHAIN_FILE={toolchain}", f"-DCMAKE_INSTALL_PREFIX={prefix}",
              "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_LIBDIR=lib",
              "-DCMAKE_POSITION_INDEPENDENT_CODE=ON", "-DCMAKE_POLICY_VERSION_MINIMUM=3.5",
              *options, cwd=HERE)
    fetch.run("cmake", "--build", build, cwd=HERE)
    fetch.run("cmake", "--install", build, cwd=HERE)


def build_microhttpd(source, build, prefix, tools, target):
    build.mkdir(parents=True, exist_ok=True)
    machine = target.partition("-")[0]
    if not (build / "Makefile").exists():  # looking at the system takes minutes
        fetch.run(source / "configure", f"--host={machine}-linux-gnu", f"--prefix={prefix}",
                  f"CC={tools}/cc", f"AR={tools}/ar", f"RANLIB={tools}/ranlib",
                  "CFLAGS=-O2 -fPIC -w",
                  "--disable-shared", "--disable-doc", "--disable-examples", "--disable-https",
                  "--disable-curl", "--disable-dauth", "--disable-bauth", cwd=build)
    fetch.run("make", "-C", "src/microhttpd", "install", cwd=build)
    fetch.run("make", "-C", "src/include", "install", cwd=build)
    fetch.run("make", "install-pkgconfigDATA", cwd=build)


def copy_licences(sources_folder, prefix):
    """The text that each library comes with; SQLite's is the blessing its header opens with."""
    folder = prefix / "licenses"
    folder.mkdir(parents=True, exist_ok=True)
    for source in fetch.sources():
        if source.licence == "-":
            text = (HERE / f"{source.name}.LICENSE").read_text()
        else:
            text = (sources_folder / source.name / source.licence).read_text(errors="replace")
        if source.licence.endswith(".h"):
            text = text[:text.index("*/") + 2] + "\n"
        (folder / f"{source.name}.txt").write_text(text)


def use_library(folder, source):
    """Crates and packages hold more than the library: only its own folder goes on."""
    whole, part = folder / "fetched" / source.name, folder / "sources" / source.name
    part.parent.mkdir(exist_ok=True)
    if not part.exists():
        part.symlink_to((whole / source.folder).resolve())


def build(work, target, zig):
    """Fills `work`/TARGET/prefix and gives it and the toolchain file."""
    fetch.fetch(work / "fetched")
    for source in fetch.sources():
        use_library(work, source)
    sources, place = work / "sources", work / target
    prefix = place / "prefix"
    toolchain = write_toolchain(place / "tools", target, zig)
    os.environ["NEARDUP_BUNDLE"] = str(prefix)
    stamp = place / "built"
    inputs = "".join((HERE / name).read_text() for name in
                     ("sources.txt", "CMakeLists.txt", "isal.cmake", "cxx_runtime.c",
                      "build.py"))
    if stamp.exists() and stamp.read_text() == inputs:
        return prefix, toolchain
    stamp.unlink(missing_ok=True)
    shutil.rmtree(prefix, ignore_errors=True)
    builds = place / "build"
    cmake(HERE, builds / "plain", prefix, toolchain, f"-DSOURCES={sources}")
    cmake(sources / "lzma", builds / "lzma", prefix, toolchain, *XZ)
    cmake(sources / "archive", builds / "archive", prefix, toolchain, *ARCHIVE)
    for shared in (prefix / "lib").glob("*.so*"):  # libarchive makes both
        shared.unlink()
    build_microhttpd(sources / "microhttpd", builds / "microhttpd", prefix, place / "tools",
                     target)
    copy_licences(sources, prefix)
    stamp.write_text(inputs)
    return prefix, toolchain
