#!/usr/bin/env python3
"""Loads a predictor through perfmodel's C API (ctypes alone), says what it knows, and predicts a network.

usage: predict_network.py PREDICTOR.safetensors NETWORK [--batch N] [--library libperfmodel_c.so]

NETWORK is the name of a built-in network (lenet, resnet50, ...) or a JSON file of docs/formats-network.md.
"""
import argparse
import ctypes
import json
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p

KIND_NAMES = ("conv2d", "pool2d", "dense", "batch_norm2d", "layer_norm", "add", "concat", "activation", "global_pool2d",
              "softmax", "matmul")


class TimeEstimate(ctypes.Structure):
    _fields_ = [("mean_ms", c_double), ("lower_ms", c_double), ("upper_ms", c_double)]


class LayerTime(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("preprocess", TimeEstimate), ("execution", TimeEstimate),
                ("postprocess", TimeEstimate), ("in_domain", c_int32), ("reserved", c_int32)]


class NetworkTime(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("total", TimeEstimate), ("in_domain", c_int32), ("reserved", c_int32),
                ("covered_layers_fraction", c_double), ("covered_flops_fraction", c_double),
                ("covered_bytes_fraction", c_double), ("interval_level", c_double)]


class Perfmodel:
    """The C library; a call that fails raises RuntimeError with the library's own words."""

    # function -> its arguments; each returns a status
    SIGNATURES = {
        "predictor_load": [c_char_p, POINTER(c_void_p)],
        "predictor_environment": [c_void_p, c_char_p, c_char_p, c_size_t, POINTER(c_size_t)],
        "predictor_kinds": [c_void_p, POINTER(c_int32), c_size_t, POINTER(c_size_t)],
        "predictor_predict_network": [c_void_p, c_void_p, POINTER(NetworkTime), POINTER(LayerTime), c_size_t,
                                      POINTER(c_size_t)],
        "network_builtin": [c_char_p, c_int64, POINTER(c_void_p)],
        "network_read": [c_char_p, POINTER(c_void_p)],
        "network_with_batch": [c_void_p, c_int64, POINTER(c_void_p)],
        "network_num_nodes": [c_void_p, POINTER(c_size_t)],
        "network_node_name": [c_void_p, c_size_t, c_char_p, c_size_t, POINTER(c_size_t)],
    }

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.perfmodel_last_error.restype = c_char_p
        for name, arguments in self.SIGNATURES.items():
            getattr(self.library, f"perfmodel_{name}").argtypes = arguments
        for name in ("predictor_destroy", "network_destroy"):
            getattr(self.library, f"perfmodel_{name}").argtypes = [c_void_p]
            getattr(self.library, f"perfmodel_{name}").restype = None

    def call(self, name, *arguments):
        if getattr(self.library, f"perfmodel_{name}")(*arguments) != 0:
            raise RuntimeError(self.library.perfmodel_last_error().decode())

    def make(self, name, *arguments):
        """Calls a function that makes a handle; the caller destroys it."""
        handle = c_void_p()
        self.call(name, *arguments, byref(handle))
        return handle

    def text(self, name, *arguments):
        """Calls a function that writes a string: once for its size, once for its bytes."""
        size = c_size_t()
        self.call(name, *arguments, None, 0, byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self.call(name, *arguments, buffer, size, None)
        return buffer.value.decode()


def open_network(perfmodel, name_or_path, batch):
    if not name_or_path.endswith(".json"):
        return perfmodel.make("network_builtin", name_or_path.encode(), batch)
    as_read = perfmodel.make("network_read", name_or_path.encode())
    try:
        return perfmodel.make("network_with_batch", as_read, batch)
    finally:
        perfmodel.library.perfmodel_network_destroy(as_read)


def knowledge(perfmodel, predictor):
    kinds, num_kinds = (c_int32 * len(KIND_NAMES))(), c_size_t()
    perfmodel.call("predictor_kinds", predictor, kinds, len(kinds), byref(num_kinds))
    keys = ("device_name", "framework", "framework_version")
    environment = {key: perfmodel.text("predictor_environment", predictor, key.encode()) for key in keys}
    return {**environment, "layer_kinds": [KIND_NAMES[kind] for kind in kinds[:num_kinds.value]]}


def predict(perfmodel, predictor, network):
    """Times of a network in milliseconds: its total, and one dictionary per layer. Without an interval its ends are
    None."""
    num_layers = c_size_t()
    perfmodel.call("network_num_nodes", network, byref(num_layers))
    total = NetworkTime(struct_size=ctypes.sizeof(NetworkTime))
    times = (LayerTime * num_layers.value)()
    times[0].struct_size = ctypes.sizeof(LayerTime)
    perfmodel.call("predictor_predict_network", predictor, network, byref(total), times, num_layers, None)
    layers = [{"layer": perfmodel.text("network_node_name", network, i), "pre_ms": time.preprocess.mean_ms,
               "exe_ms": time.execution.mean_ms, "post_ms": time.postprocess.mean_ms,
               "in_domain": bool(time.in_domain)} for i, time in enumerate(times)]
    has_interval = total.interval_level > 0
    return {"total_ms": total.total.mean_ms, "lower_ms": total.total.lower_ms if has_interval else None,
            "upper_ms": total.total.upper_ms if has_interval else None, "interval_level": total.interval_level,
            "in_domain": bool(total.in_domain), "layers": layers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("predictor")
    parser.add_argument("network")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--library", default="libperfmodel_c.so.0", help="path of libperfmodel_c (default: %(default)s)")
    arguments = parser.parse_args()

    try:
        perfmodel = Perfmodel(arguments.library)
    except OSError as error:
        print(f"predict_network.py: {error}; --library takes its path", file=sys.stderr)
        return 1
    predictor = network = None
    try:
        predictor = perfmodel.make("predictor_load", arguments.predictor.encode())
        network = open_network(perfmodel, arguments.network, arguments.batch)
        print(json.dumps(knowledge(perfmodel, predictor)))
        print(json.dumps(predict(perfmodel, predictor, network)))
    except RuntimeError as error:
        print(f"predict_network.py: {error}", file=sys.stderr)
        return 1
    finally:
        perfmodel.library.perfmodel_network_destroy(network)
        perfmodel.library.perfmodel_predictor_destroy(predictor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
