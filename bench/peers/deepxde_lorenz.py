"""The Lorenz system's three parameters as in DeepXDE's demonstration: 25 observations, 3x40 tanh, Adam 60000 steps."""

import os

import numpy as np
from deepxde_run import arguments, dde, run

options = arguments(__doc__)
truth = {"sigma": 10, "rho": 15, "beta": 8 / 3}
observations = np.loadtxt(
    os.path.join(os.path.dirname(__file__), "../../problems/lorenz-inverse.csv"),
    delimiter=",",
    skiprows=2,
)
times, states = observations[:, :1], observations[:, 1:]
sigma, rho, beta = unknowns = [dde.Variable(1.0) for _ in truth]


def residual(t, w):
    x, y, z = w[:, 0:1], w[:, 1:2], w[:, 2:]
    dx, dy, dz = (dde.grad.jacobian(w, t, i=i) for i in range(3))
    return [dx - sigma * (y - x), dy - x * (rho - z) + y, dz - x * y + beta * z]


def build():
    domain = dde.geometry.TimeDomain(0, 3)

    def constant(value):
        return lambda _: value

    start = [
        dde.icbc.IC(domain, constant(value), lambda _, on_initial: on_initial, component=i)
        for i, value in enumerate([-8, 7, 27])
    ]
    observed = [dde.icbc.PointSetBC(times, states[:, i : i + 1], component=i) for i in range(3)]
    data = dde.data.PDE(
        domain, residual, start + observed, num_domain=400, num_boundary=2, anchors=times
    )
    return dde.Model(data, dde.nn.FNN([1] + [40] * 3 + [3], "tanh", "Glorot uniform"))


def estimates():
    return {name: float(unknown.detach()) for name, unknown in zip(truth, unknowns)}


def error(_):
    return max(abs(value / truth[name] - 1) for name, value in estimates().items())


run(
    "lorenz-inverse",
    "relative error of the worst parameter",
    error,
    build,
    [("adam", {"lr": 1e-3, "external_trainable_variables": unknowns}, 60000)],
    options,
    lambda: {"estimates": estimates()},
)
