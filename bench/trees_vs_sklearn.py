"""Trees and forests of perfmodel and of scikit-learn on the same tables: time to fit and predict on one thread, error.

usage: trees_vs_sklearn.py TREES_BENCHMARK ROWS REPEATS

TREES_BENCHMARK is the program of bench/trees_benchmark.cpp, which generates the tables. Prints a table of medians, then
one JSON object per line; a ratio is scikit-learn's time over perfmodel's (more is better).
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


def measure(table, learner, model, training, test, fit_repeats, predict_repeats):
    fit_ms = median_ms(fit_repeats, lambda: model.fit(*training))
    predict_ms = median_ms(predict_repeats, lambda: model.predict(test[0]))
    error = model.predict(test[0]) - test[1]
    return {"program": "scikit-learn", "version": sklearn.__version__, "table": table, "rows": len(training[1]),
            "learner": learner, "fit_ms": fit_ms, "predict_ms": predict_ms,
            "rmse": float(numpy.sqrt(numpy.mean(error * error)))}


def main():
    program, rows, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    lines, comparisons = [], []
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([program, folder, rows, str(repeats)], check=True, capture_output=True, text=True).stdout
        for ours in map(json.loads, output.splitlines()):
            training, test = (read_table(pathlib.Path(folder, f"{ours['table']}_{part}.f64"))
                              for part in ("training", "test"))
            if ours["learner"] == "tree":
                theirs = measure(ours["table"], "tree", DecisionTreeRegressor(random_state=0), training, test,
                                 5 * repeats, 20 * repeats)
            else:
                forest = RandomForestRegressor(n_estimators=NUM_TREES, n_jobs=1, random_state=0)
                theirs = measure(ours["table"], "forest", forest, training, test, repeats, 3 * repeats)
            lines += [ours, theirs]
            comparisons.append({"table": ours["table"], "learner": ours["learner"],
                                "fit_ratio": theirs["fit_ms"] / ours["fit_ms"],
                                "predict_ratio": theirs["predict_ms"] / ours["predict_ms"],
                                "rmse_ratio": theirs["rmse"] / ours["rmse"]})
    print(f"{'table':14} {'learner':8} {'program':13} {'fit ms':>9} {'predict ms':>11} {'RMSE':>9}")
    for i, line in enumerate(lines):
        print(f"{line['table']:14} {line['learner']:8} {line['program']:13} {line['fit_ms']:9.1f} "
              f"{line['predict_ms']:11.2f} {line['rmse']:9.5f}")
        if i % 2 == 1:
            ratio = comparisons[i // 2]
            print(f"{'':14} {'':8} {'ratio':13} {ratio['fit_ratio']:9.1f} {ratio['predict_ratio']:11.1f} "
                  f"{ratio['rmse_ratio']:9.3f}")
    for line in lines + comparisons:
        print(json.dumps(line))


main()
