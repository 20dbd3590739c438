"""Trees and forests of perfmodel and of scikit-learn on the same tables: time to fit and predict on one thread, error.

usage: trees_vs_sklearn.py TREES_BENCHMARK ROWS ROUNDS

TREES_BENCHMARK is the program of bench/trees_benchmark.cpp, which generates the tables. Both take turns, round by round, so
that a machine that slows down slows both. Prints a table of medians over the rounds, then one JSON object per line; a
ratio is scikit-learn's over perfmodel's (times: more is better; errors: equal within noise).
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import sklearn
from sklearn.ensemble import RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

NUM_FEATURES = 9
NUM_TREES = 100


def read_table(path):
    values = numpy.fromfile(path, dtype="<f8").reshape(-1, NUM_FEATURES + 1)
    return numpy.ascontiguousarray(values[:, :-1]), values[:, -1].copy()


def median_ms(repeats, work):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def make_model(learner):
    if learner == "tree":
        return DecisionTreeRegressor(random_state=0)
    return RandomForestRegressor(n_estimators=NUM_TREES, n_jobs=1, random_state=0)


def measure(ours, folder):
    """What scikit-learn does on the tables of one of perfmodel's results."""
    training, test = (read_table(pathlib.Path(folder, f"{ours['table']}_{part}.f64")) for part in ("training", "test"))
    model = make_model(ours["learner"])
    fit_ms = median_ms(3 if ours["learner"] == "tree" else 1, lambda: model.fit(*training))
    predict_ms = median_ms(10 if ours["learner"] == "tree" else 3, lambda: model.predict(test[0]))
    error = model.predict(test[0]) - test[1]
    return {**ours, "program": "scikit-learn", "version": sklearn.__version__, "fit_ms": fit_ms,
            "predict_ms": predict_ms, "rmse": float(numpy.sqrt(numpy.mean(error * error)))}


def run_round(program, rows):
    """Results of perfmodel and of scikit-learn, in pairs."""
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([program, folder, rows, "1"], check=True, capture_output=True, text=True).stdout
        return [(ours, measure(ours, folder)) for ours in map(json.loads, output.splitlines())]


def medians(results):
    return {**results[0], **{key: statistics.median(result[key] for result in results)
                             for key in ("fit_ms", "predict_ms", "rmse")}}


def main():
    program, rows, num_rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rounds = [run_round(program, rows) for _ in range(num_rounds)]
    lines = []
    print(f"{'table':14} {'learner':8} {'program':13} {'fit ms':>9} {'predict ms':>11} {'RMSE':>9}")
    for pairs in zip(*rounds):
        ours, theirs = (medians(results) for results in zip(*pairs))
        ratio = {"table": ours["table"], "learner": ours["learner"],
                 **{f"{key}_ratio": theirs[f"{key}{unit}"] / ours[f"{key}{unit}"]
                    for key, unit in (("fit", "_ms"), ("predict", "_ms"), ("rmse", ""))}}
        for line in (ours, theirs):
            print(f"{line['table']:14} {line['learner']:8} {line['program']:13} {line['fit_ms']:9.1f} "
                  f"{line['predict_ms']:11.2f} {line['rmse']:9.5f}")
        print(f"{'':14} {'':8} {'ratio':13} {ratio['fit_ratio']:9.1f} {ratio['predict_ratio']:11.1f} "
              f"{ratio['rmse_ratio']:9.3f}")
        lines += [ours, theirs, ratio]
    for line in lines:
        print(json.dumps(line))


main()
