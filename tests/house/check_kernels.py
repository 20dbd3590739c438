"""Objects compiled for newer instruction sets share no function with the rest of the program.

The linker keeps one copy of an inline function or template, from whichever object: were it one of these, a processor
without the instructions would stop at it. So all that they define weakly must lie in the namespace of their set.

usage: check_kernels.py OBJECT...
"""
import pathlib
import re
import subprocess
import sys


def shared_symbols(path):
    """Names of weak definitions outside of perfmodel::simd::<set>, but for the reference to the handler of exceptions."""
    output = subprocess.run(["nm", "-C", "--defined-only", str(path)], check=True, capture_output=True, text=True)
    for line in output.stdout.splitlines():
        _, kind, name = line.split(maxsplit=2)
        own = re.search(r"\bperfmodel::simd::avx\w+::", name)
        if kind in "WVu" and not own and not name.startswith("DW.ref."):
            yield name


def main():
    kernels = [path for path in map(pathlib.Path, sys.argv[1:]) if path.name.startswith("kernels_avx")]
    if not kernels:
        sys.exit("no objects of kernels among the arguments")
    shared = [(path.name, name) for path in kernels for name in shared_symbols(path)]
    for path, name in shared:
        print(f"{path}: defines {name}, which other objects may define too")
    return bool(shared)


sys.exit(main())
