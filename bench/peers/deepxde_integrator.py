"""The integrator with DeepXDE's DeepONet: branch 100-20-20, trunk 1-20-20, tanh, Adam 1e-3, 25000 steps."""

import argparse
import contextlib
import json
import sys

import numpy as np
from deepxde_run import Sampler, dde, versions
from measurement import emit

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data", required=True, help="data set of the operator, training functions first")
parser.add_argument("--training", type=int, default=150)
parser.add_argument("--iterations", type=int, default=25000)
parser.add_argument("--time-limit", type=float, default=float("inf"))
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()


def data_set(path):
    """The arrays of an operator data file, by name."""
    raw = open(path, "rb").read()
    size = int.from_bytes(raw[12:16], "little")
    at, arrays = 16 + size, {}
    for entry in json.loads(raw[16:at])["arrays"]:
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(raw, "<f8", count, at).reshape(entry["shape"]).astype(np.float32)
        at += 8 * count
    return arrays


arrays = data_set(options.data)
inputs, solutions, points = arrays["input:v"], arrays["field:u"], arrays["points"]
train, test = slice(0, options.training), slice(options.training, None)
dde.config.set_random_seed(options.seed)
data = dde.data.TripleCartesianProd(
    X_train=(inputs[train], points),
    y_train=solutions[train],
    X_test=(inputs[test], points),
    y_test=solutions[test],
)
network = dde.nn.DeepONetCartesianProd([inputs.shape[1], 20, 20], [1, 20, 20], "tanh", "Glorot normal")
model = dde.Model(data, network)


def relative(found, exact):
    return np.linalg.norm(found - exact, axis=1) / np.linalg.norm(exact, axis=1)


def error(own):
    return float(np.mean(relative(own.predict((inputs[test], points)), solutions[test])))


def cosines():
    """On cos(wx) for five w from 1 to 2 pi."""
    omega = np.linspace(1, 2 * np.pi, 5)[:, None]
    sensors = np.linspace(0, 1, inputs.shape[1])[None, :]
    found = model.predict((np.cos(omega * sensors).astype(np.float32), points))
    return relative(found, np.sin(omega * points[:, 0][None, :]) / omega).tolist()


sampler = Sampler(error, options.time_limit)
sampler.set_model(model)
with contextlib.redirect_stdout(sys.stderr):
    model.compile("adam", lr=1e-3)
    model.train(iterations=options.iterations, callbacks=[sampler])
    seconds = sampler.watch.seconds()
    sampler.sample()
each = relative(model.predict((inputs[test], points)), solutions[test])
emit(
    name="integrator",
    system="DeepXDE (PyTorch)",
    metric="mean relative L² error on test functions",
    value=sampler.trace[-1][1],
    unit="",
    seconds=seconds,
    precision="float32",
    trace=sampler.trace,
    details={
        "seed": options.seed,
        "functions": options.training,
        "median": float(np.median(each)),
        "worst": float(np.max(each)),
        "cosines": cosines(),
        "complete": seconds <= options.time_limit,
    },
    versions=versions,
)
