# SPDX-License-Identifier: MIT
"""The adapters of rivals: what they state, and an environment of its own for each."""
import ast
import json
import shutil
import subprocess
import sys


def adapters(folder, names):
    """{name: {"path", "requirements", and what else they state}} of the rivals asked for."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        literals = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and node.targets[0].id.isupper():
                try:
                    literals[node.targets[0].id.lower()] = ast.literal_eval(node.value)
                except ValueError:
                    pass
        if "requirements" in literals:
            name = path.stem.removeprefix("index_").replace("_", "-")
            found[name] = {"path": path, **literals}
    unknown = set(names or ()) - set(found) - {"neardup"}
    if unknown:
        sys.exit(f"peers: no {', '.join(sorted(unknown))}; there are neardup, {', '.join(found)}")
    return {name: found[name] for name in names or found if name in found}


def install(name, adapter, folder):
    """Makes the rival's environment: (its Python, versions of all packages), or says why not."""
    if not adapter["requirements"]:
        return sys.executable, {}
    needed = adapter.get("needs")
    if needed and not shutil.which(needed):
        return None, f"no {needed} on this machine"
    home = folder / name
    python = home / "bin" / "python"
    wanted = "\n".join(adapter["requirements"])
    stamp = home / "requirements.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(home, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", home],
                        [python, "-m", "pip", "-q", "install", "--disable-pip-version-check",
                         *adapter["requirements"]]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return None, (done.stderr.strip() or "no message").splitlines()[-1]
        stamp.write_text(wanted, encoding="utf-8")
    listed = subprocess.run([python, "-m", "pip", "list", "--format", "json",
                             "--disable-pip-version-check"],
                            capture_output=True, text=True, check=True)
    return python, {item["name"]: item["version"] for item in json.loads(listed.stdout)}
