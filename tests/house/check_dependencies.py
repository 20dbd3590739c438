"""The installed libraries need what docs/architecture.md says and nothing else, and carry the right sonames.

usage: check_dependencies.py SOURCE_DIR LIB_DIR LIBRARY...
"""
import pathlib
import re
import subprocess
import sys

SYSTEM = {"libc", "libm", "libstdc++", "libgcc_s", "linux-vdso", "ld-linux-x86-64", "ld-linux-aarch64", "libpthread"}
ALLOWED = {
    "perfmodel": SYSTEM,
    "perfmodel_c": SYSTEM | {"libperfmodel"},
    "perfmodel_measure": SYSTEM | {"libperfmodel", "libsqlite3"},
    "perfmodel_measure_c": SYSTEM | {"libperfmodel", "libperfmodel_c", "libperfmodel_measure", "libsqlite3"},
}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dependencies(path):
    """Names of everything that is loaded with a library, its dependencies' own included."""
    names = (line.split()[0] for line in run("ldd", str(path)).splitlines())
    return {pathlib.Path(name).name.split(".so")[0] for name in names}


def soname(path):
    return re.search(r"SONAME.*\[(.*)\]", run("readelf", "-d", str(path))).group(1)


def versions(source_dir):
    text = pathlib.Path(source_dir, "CMakeLists.txt").read_text()
    library = re.search(r"project\(perfmodel VERSION (\d+\.\d+)", text).group(1)
    c_api = re.search(r"PERFMODEL_C_API_VERSION (\d+)", text).group(1)
    return library, c_api


def main():
    source_dir, lib_dir, *libraries = sys.argv[1:]
    library_version, c_api_major = versions(source_dir)
    failures = []
    for name in libraries + [library + "_c" for library in libraries]:
        path = pathlib.Path(lib_dir, f"lib{name}.so")
        wanted = f"lib{name}.so.{c_api_major if name.endswith('_c') else library_version}"
        if soname(path) != wanted:
            failures.append(f"{path.name}: soname is {soname(path)}, not {wanted}")
        if name in ALLOWED:
            failures += [f"{path.name} needs {other}" for other in sorted(dependencies(path) - ALLOWED[name])]
    print("\n".join(failures))
    return bool(failures)


sys.exit(main())
