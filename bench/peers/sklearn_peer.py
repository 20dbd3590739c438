"""Trees, a forest and a Gaussian process against scikit-learn, in one process through perfmodel's C API.

usage: sklearn_peer.py FOLDER ROUNDS LIBPERFMODEL_C

FOLDER is what make_peer_inputs filled. scikit-learn fits its own tree and forest on the same rows with the same
settings; its Gaussian process gets the hyperparameters and points of perfmodel's, so that both must answer the same.
Prints one JSON object per comparison.
"""
import ctypes
import json
import pathlib
import struct
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_size_t, c_void_p

import numpy
from sklearn.ensemble import RandomForestRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel
from sklearn.tree import DecisionTreeRegressor

NUM_FEATURES = 9
NUM_TREES = 100
NUM_POINTS = 84
ERROR_RATIO = 1.05  # forests of one setting are different draws: their errors agree to a few percent
PROCESS_RELATIVE = 1e-6


class Prediction(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("mean", c_double), ("lower", c_double), ("upper", c_double),
                ("in_domain", c_int32), ("reserved", c_int32)]


class Model:
    """A model file in perfmodel's C library, with rows to answer and room for the answers."""

    def __init__(self, library, path, rows):
        self.library = library
        self.handle = c_void_p()
        self.check(library.perfmodel_model_load(str(path).encode(), byref(self.handle)))
        self.rows = numpy.ascontiguousarray(rows)
        self.predictions = (Prediction * len(rows))()
        self.predictions[0].struct_size = ctypes.sizeof(Prediction)

    def check(self, status):
        if status != 0:
            raise RuntimeError(self.library.perfmodel_last_error().decode())

    def predict(self):
        self.check(self.library.perfmodel_model_predict(
            self.handle, self.rows.ctypes.data_as(POINTER(c_double)), *self.rows.shape, self.predictions))

    def answers(self, field):
        names = [name for name, _ in Prediction._fields_]
        kinds = {c_size_t: "u8", c_double: "f8", c_int32: "i4"}
        layout = numpy.dtype([(name, kinds[kind]) for name, kind in Prediction._fields_])
        assert layout.itemsize == ctypes.sizeof(Prediction) and field in names
        return numpy.frombuffer(self.predictions, dtype=layout)[field]


def load_library(path):
    library = ctypes.CDLL(path)
    library.perfmodel_last_error.restype = c_char_p
    library.perfmodel_model_load.argtypes = [c_char_p, POINTER(c_void_p)]
    library.perfmodel_model_predict.argtypes = [c_void_p, POINTER(c_double), c_size_t, c_size_t, POINTER(Prediction)]
    return library


def read_table(path):
    values = numpy.fromfile(path, dtype="<f8").reshape(-1, NUM_FEATURES + 1)
    return numpy.ascontiguousarray(values[:, :-1]), values[:, -1].copy()


def read_model_file(path):
    """The description of a model and its tensors (docs/formats.md)."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    types = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "U8": "u1"}
    tensors = {name: numpy.frombuffer(data[8 + length:][slice(*entry["data_offsets"])], dtype=types[entry["dtype"]])
               .reshape(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
    return json.loads(header["__metadata__"]["model"]), tensors


class Process:
    """scikit-learn's Gaussian process with what perfmodel's model file says, and the transforms around it."""

    def __init__(self, path, rows, targets):
        self.info, tensors = read_model_file(path)
        outer = self.info["evaluator"]
        assert outer["kind"] == "transformed" and outer["target"]["kind"] == "scale", outer["kind"]
        process, self.columns, self.scale = outer["inner"], outer["columns"], outer["target"]["scale"]
        assert process["kind"] == "gaussian_process" and not process["linear_mean"]
        lengths = 1 / tensors["model/inner/inverse_length_scales"]
        shape = {"matern52": lambda: Matern(lengths, nu=2.5), "squared_exponential": lambda: RBF(lengths)}
        kernel = (ConstantKernel(process["signal_variance"]) * shape[process["kernel"]]()
                  + WhiteKernel(process["noise_variance"]))
        self.base = process["base"]
        points = tensors["model/inner/points"]
        distances = numpy.abs(self.transform(rows)[None] - points[:, None]).max(axis=2)
        assert distances.min(axis=1).max() < 1e-12, "not the points that were fitted"
        self.regressor = GaussianProcessRegressor(kernel, alpha=0, optimizer=None)
        self.regressor.fit(points, self.scale * targets[distances.argmin(axis=1)] - self.base)

    def transform(self, rows):
        columns = []
        for values, column in zip(rows.T, self.columns):
            if column["used"]:
                assert column["shape"] in ("identity", "log"), column["shape"]
                values = numpy.log(values) if column["shape"] == "log" else values
                columns.append((values - column["mean"]) / column["deviation"])
        return numpy.ascontiguousarray(numpy.array(columns).T)

    def check(self, ours, rows):
        """Both answer the same mean and deviation. perfmodel's is in its interval: mean x factor^(deviation / |mean|)."""
        mean, deviation = self.regressor.predict(self.transform(rows), return_std=True)
        mean, deviation = (mean + self.base) / self.scale, deviation / abs(self.scale)
        numpy.testing.assert_allclose(ours.answers("mean"), mean, rtol=PROCESS_RELATIVE)
        upper_factor = self.info["interval"]["upper_factor"]
        assert upper_factor > 1, "no interval to read the deviation from"
        ratio = numpy.log(ours.answers("upper") / ours.answers("mean")) / numpy.log(upper_factor)
        numpy.testing.assert_allclose(ratio * numpy.abs(mean), deviation, rtol=PROCESS_RELATIVE,
                                      atol=PROCESS_RELATIVE * numpy.abs(mean).max())


def time_in_turn(rounds, *works):
    """Microseconds of each piece of work in each round, after one that warms up."""
    times = [[] for _ in works]
    for round_index in range(-1, rounds):
        for work, samples in zip(works, times):
            start = time.perf_counter()
            work()
            if round_index >= 0:
                samples.append(1e6 * (time.perf_counter() - start))
    return times


def compare(case, goal, rounds, ours, theirs):
    times = time_in_turn(rounds, ours, theirs)
    (ours_p25, ours_us, ours_p75), (peer_p25, peer_us, peer_p75) = (numpy.percentile(t, (25, 50, 75)) for t in times)
    figures = {"ours_us": ours_us, "peer": "scikit-learn", "peer_us": peer_us, "ratio": peer_us / ours_us, "goal": goal,
               "ours_p25_us": ours_p25, "ours_p75_us": ours_p75, "peer_p25_us": peer_p25, "peer_p75_us": peer_p75}
    print(json.dumps({"case": case, **{key: float(f"{value:.6g}") if isinstance(value, float) else value
                                       for key, value in figures.items()}, "rounds": rounds}), flush=True)


def rmse(answers, targets):
    return float(numpy.sqrt(numpy.mean((answers - targets) ** 2)))


def compare_trees(case, goal, rounds, ours, regressor, training, test):
    regressor.fit(*training)
    rows = test[0].astype(numpy.float32)  # what scikit-learn's trees compare in, so that it need not convert
    ours.predict()
    errors = rmse(ours.answers("mean"), test[1]), rmse(regressor.predict(rows), test[1])
    if not 1 / ERROR_RATIO < errors[0] / errors[1] < ERROR_RATIO:
        raise RuntimeError(f"{case}: RMSE on the test rows {errors[0]:.6g} and {errors[1]:.6g}, expected within 5 %")
    compare(case, goal, rounds, ours.predict, lambda: regressor.predict(rows))


def main():
    folder, rounds, library = pathlib.Path(sys.argv[1]), int(sys.argv[2]), load_library(sys.argv[3])
    training, test = read_table(folder / "training.f64"), read_table(folder / "test.f64")
    count = len(test[1])
    compare_trees(f"tree, {count} rows", 1, rounds, Model(library, folder / "tree.safetensors", test[0]),
                  DecisionTreeRegressor(random_state=0), training, test)
    compare_trees(f"forest of {NUM_TREES} trees, {count} rows", 5, rounds,
                  Model(library, folder / "forest.safetensors", test[0]),
                  RandomForestRegressor(n_estimators=NUM_TREES, n_jobs=1, random_state=0), training, test)
    ours = Model(library, folder / "gp.safetensors", test[0])
    process = Process(folder / "gp.safetensors", training[0][:NUM_POINTS], training[1][:NUM_POINTS])
    ours.predict()
    process.check(ours, test[0])
    transformed = process.transform(test[0])
    compare(f"Gaussian process, {NUM_POINTS} points, mean and variance of {count} rows", 5, rounds, ours.predict,
            lambda: process.regressor.predict(transformed, return_std=True))


main()
