"""Includes follow the arrows of docs/architecture.md, third parties stay where they belong, files stay short.

usage: check_arrows.py SOURCE_DIR
"""
import pathlib
import re
import sys

# component -> the components it may include, besides itself
ARROWS = {
    "core": set(),
    "config": {"core"},
    "data": {"core"},
    "network": {"core"},
    "predict": {"data", "core"},
    "learner": {"predict", "data", "core"},
    "transfer": {"learner", "predict", "data", "config", "core"},
    "layer_time": {"learner", "predict", "network", "data", "core"},
    "store": {"core"},
    "sysfs": {"core"},
    "board": {"sysfs", "config", "core"},
    "knob": {"board", "sysfs", "config", "core"},
    "power": {"board", "sysfs", "core"},
    "simulated_board": {"board", "sysfs", "core"},
    "measure": {"store", "knob", "power", "board", "sysfs", "config", "data", "core"},
    "layer_timing": {"measure", "layer_time", "learner", "network", "data", "core"},
    "train_torch": {"learner", "predict", "data", "core"},
    "train_xgboost": {"learner", "predict", "data", "core"},
    "train_layers": {"learner", "predict", "data", "core"},
}
# folder of include/perfmodel/ -> the components whose headers lie there, where it is not one of the same name
PUBLIC_FOLDERS = {
    "knob": {"sysfs", "board", "knob", "simulated_board"},
    "measure": {"store", "measure"},
    "train": {"layer_timing", "train_torch", "train_xgboost", "train_layers"},
}
# third party (start of an include) -> where it may be included
THIRD_PARTIES = {
    r"Eigen/|unsupported/Eigen": r"src/|tests/transfer/|bench/peers/",
    r"LBFGS": r"src/(learner|train_torch)/",
    r"fmt/": r"(src|tests|examples|bench)/|capi/\w+\.cpp$",
    r"nlohmann/": r"(src|tests|examples|bench)/",
    r"torch/|ATen/|c10/|caffe2/": r"src/(train_torch|layer_timing)/|tests/train/|bench/peers/",
    r"xgboost/": r"src/train_xgboost/|tests/train/|bench/peers/",
    r"sqlite3": r"src/store/|tests/measure/",
    r"CLI/": r"(examples|bench)/",
    r"opencv2/|dlib/": r"bench/peers/",
}
MAX_LINES = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def components_of(folder):
    return PUBLIC_FOLDERS.get(folder, {folder})


def included_components(include):
    """The components an include may mean: of a public header, or of an internal one ("core/file.h")."""
    parts = include.split("/")
    if parts[0] == "perfmodel" and len(parts) == 3:
        return components_of(parts[1])
    return {parts[0]} if len(parts) == 2 and parts[0] in ARROWS else set()


def check_file(path, name):
    text = path.read_text()
    includes = INCLUDE.findall(text)
    if text.count("\n") > MAX_LINES:
        yield f"{name}: {text.count(chr(10))} lines, at most {MAX_LINES}"
    for include in includes:
        for third_party, allowed in THIRD_PARTIES.items():
            if re.match(third_party, include) and not re.match(allowed, name):
                yield f"{name} includes {include}"
    parts = name.split("/")
    if parts[0] == "src" and len(parts) > 2:
        own = {parts[1]}
    elif parts[:2] == ["include", "perfmodel"]:
        own = components_of(parts[2])
    else:
        return
    if not own <= ARROWS.keys():
        yield f"{name}: no arrows are known for {', '.join(sorted(own - ARROWS.keys()))}"
        return
    reachable = own.union(*(ARROWS[component] for component in own))
    for include in includes:
        targets = included_components(include)
        if targets and not targets & reachable:
            yield f"{name} includes {include}, against the arrows"
        if parts[0] == "include" and not include.startswith("perfmodel/") and "/" in include:
            yield f"{name}: a public header includes {include}"


def main():
    root = pathlib.Path(sys.argv[1])
    failures = []
    for folder in ("include", "src", "capi", "examples", "tests", "bench", "cmake"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".h", ".cpp", ".c", ".py", ".cmake", ".sh"}:
                failures += check_file(path, path.relative_to(root).as_posix())
    print("\n".join(failures))
    return bool(failures)


sys.exit(main())
