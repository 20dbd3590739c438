"""Shows what bench/peers.sh measured, as a table or as the page docs/results/speed.md with speed.json.

usage: speed_report.py table RESULTS
       speed_report.py page RESULTS BUILD_FOLDER COMMAND

RESULTS holds one JSON object per line. The page keeps its text; what lies between its markers is replaced.
"""
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

PAGE = pathlib.Path("docs/results/speed.md")
PACKAGES = ("libtorch-dev", "libopenblas0-pthread", "libxgboost-dev", "libopencv-ml-dev", "libdlib-dev",
            "python3-sklearn", "python3-numpy", "libeigen3-dev")


def figure(line, key):
    value = line[key]
    if line["case"].startswith("bytes"):
        return f"{value / 1e6:.2f} MB"
    if value >= 1e4:
        return f"{value / 1e3:.1f} ms"
    return f"{value:.3g} us" if value < 1000 else f"{value:.0f} us"


def spread(line, side):
    """The quartiles, in percent of the median."""
    if f"{side}_p25_us" not in line or line[f"{side}_us"] == 0:
        return ""
    below, above = (100 * (line[f"{side}_{p}_us"] / line[f"{side}_us"] - 1) for p in ("p25", "p75"))
    return f"{below:+.0f} {above:+.0f} %"


def rows_of(lines):
    for line in lines:
        yield (line["case"], figure(line, "ours_us"), spread(line, "ours"), line["peer"], figure(line, "peer_us"),
               spread(line, "peer"), f"{line['ratio']:.2f}", f"{line['goal']:g}",
               "yes" if line["ratio"] >= line["goal"] else "no")


HEADER = ("case", "perfmodel", "quartiles", "peer", "peer's", "quartiles", "ratio", "goal", "met")


def print_table(lines):
    rows = [HEADER, *rows_of(lines)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def output_of(*command):
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


def package_version(name):
    return output_of("dpkg-query", "-W", "-f", "${Version}", name) or "not a package here"


def cpu_name():
    match = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return match.group(1) if match else platform.machine()


def compiler(build):
    cache = pathlib.Path(build, "CMakeCache.txt").read_text()
    program = re.search(r"CMAKE_CXX_COMPILER:[A-Z]+=(.*)", cache).group(1)
    return output_of(program, "--version").splitlines()[0]


def what_was_run(build, command):
    return {
        "command": command,
        "commit": output_of("git", "describe", "--always", "--dirty", "--exclude", "*"),
        "machine": {"cpu": cpu_name(), "cpus": os.cpu_count(), "kernel": platform.release(),
                    "load_average": os.getloadavg()[0]},
        "instruction_set": os.environ.get("PERFMODEL_INSTRUCTION_SET", "the best of this processor"),
        "compiler": compiler(build),
        "packages": {name: package_version(name) for name in PACKAGES},
    }


def facts(run):
    machine = run["machine"]
    yield f"- Command: `{run['command']}`, commit {run['commit']}."
    yield (f"- Machine: {machine['cpu']}, {machine['cpus']} CPUs, Linux {machine['kernel']}; load average at the end "
           f"{machine['load_average']:.1f} (1 is this run alone).")
    yield f"- Compiler: {run['compiler']}. Instruction set: {run['instruction_set']}."
    yield "- Peers, from Debian: " + ", ".join(f"{name} {version}" for name, version in run["packages"].items()) + "."


def markdown_table(lines):
    yield "| " + " | ".join(HEADER) + " |"
    yield "|" + " --- |" * len(HEADER)
    for row in rows_of(lines):
        yield "| " + " | ".join(row) + " |"


def fill(text, marker, lines):
    begin, end = f"<!-- {marker} begin -->\n", f"<!-- {marker} end -->"
    before, rest = text.split(begin)
    return before + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1]


def write_page(lines, run):
    text = fill(PAGE.read_text(), "run", facts(run))
    PAGE.write_text(fill(text, "table", markdown_table(lines)))
    with PAGE.with_suffix(".json").open("w") as file:
        json.dump({**run, "results": lines}, file, indent=1)
        file.write("\n")


def main():
    lines = [json.loads(line) for line in pathlib.Path(sys.argv[2]).read_text().splitlines()]
    if sys.argv[1] == "table":
        print_table(lines)
    else:
        write_page(lines, what_was_run(*sys.argv[3:]))


main()
