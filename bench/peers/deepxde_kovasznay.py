"""Kovasznay flow as in DeepXDE's demonstration: 4x50 tanh, 2601 + 400 points, Adam 30000 steps, then L-BFGS."""

import numpy as np
from comparison_grid import ComparisonGrid
from deepxde_run import arguments, dde, run

options = arguments(__doc__)
grid = ComparisonGrid(options.grid)
reynolds = 20
decay = reynolds / 2 - np.sqrt(reynolds**2 / 4 + 4 * np.pi**2)


def residual(x, w):
    u, v = w[:, 0:1], w[:, 1:2]

    def first(field, axis):
        return dde.grad.jacobian(w, x, i=field, j=axis)

    def laplacian(field):
        return sum(dde.grad.hessian(w, x, component=field, i=axis, j=axis) for axis in (0, 1))

    return [
        u * first(0, 0) + v * first(0, 1) + first(2, 0) - laplacian(0) / reynolds,
        u * first(1, 0) + v * first(1, 1) + first(2, 1) - laplacian(1) / reynolds,
        first(0, 0) + first(1, 1),
    ]


def build():
    domain = dde.geometry.Rectangle([-0.5, -0.5], [1, 1.5])

    def exact_u(x):
        return 1 - np.exp(decay * x[:, 0:1]) * np.cos(2 * np.pi * x[:, 1:2])

    def exact_v(x):
        return decay / (2 * np.pi) * np.exp(decay * x[:, 0:1]) * np.sin(2 * np.pi * x[:, 1:2])

    def exact_p(x):
        return (1 - np.exp(2 * decay * x[:, 0:1])) / 2

    def everywhere(_, on_boundary):
        return on_boundary

    def outflow(x, on_boundary):
        return on_boundary and np.isclose(x[0], 1)

    conditions = [
        dde.icbc.DirichletBC(domain, exact_u, everywhere, component=0),
        dde.icbc.DirichletBC(domain, exact_v, everywhere, component=1),
        dde.icbc.DirichletBC(domain, exact_p, outflow, component=2),
    ]
    data = dde.data.PDE(domain, residual, conditions, num_domain=2601, num_boundary=400)
    return dde.Model(data, dde.nn.FNN([2] + [50] * 4 + [3], "tanh", "Glorot normal"))


run(
    "kovasznay-flow",
    "relative L2",
    lambda model: grid.relative_l2(model.predict(grid.points)),
    build,
    [("adam", {"lr": 1e-3}, 30000), ("L-BFGS", {}, None)],
    options,
)
