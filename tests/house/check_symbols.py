"""Each C library exports exactly what its .symbols file lists.

usage: check_symbols.py SOURCE_DIR LIB_DIR LIBRARY...
"""
import pathlib
import subprocess
import sys


def listed(path):
    lines = (line.strip() for line in path.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def exported(library):
    """Names of the defined dynamic symbols, without their version and without the version's own entry."""
    output = subprocess.run(["nm", "-D", "--defined-only", str(library)], check=True, capture_output=True, text=True)
    fields = (line.split() for line in output.stdout.splitlines())
    return {name.split("@")[0] for _, kind, name in fields if kind != "A"}


def main():
    source_dir, lib_dir, *libraries = sys.argv[1:]
    failed = False
    for library in libraries:
        wanted = listed(pathlib.Path(source_dir, "capi", f"{library}_c.symbols"))
        found = exported(pathlib.Path(lib_dir, f"lib{library}_c.so"))
        for name in sorted(wanted ^ found):
            print(f"lib{library}_c.so:", "lacks" if name in wanted else "exports, but should not,", name)
            failed = True
    return failed


sys.exit(main())
