"""Burgers' equation as in DeepXDE's demonstration: 3x20 tanh, Adam 15000 steps at 1e-3, then L-BFGS."""

import numpy as np
from comparison_grid import ComparisonGrid, cole_hopf
from deepxde_run import arguments, dde, run

options = arguments(__doc__)
grid = ComparisonGrid(options.grid)
viscosity = 0.01 / np.pi


def residual(x, u):
    u_x = dde.grad.jacobian(u, x, i=0, j=0)
    u_t = dde.grad.jacobian(u, x, i=0, j=1)
    u_xx = dde.grad.hessian(u, x, i=0, j=0)
    return u_t + u * u_x - viscosity * u_xx


def build():
    space_time = dde.geometry.GeometryXTime(dde.geometry.Interval(-1, 1), dde.geometry.TimeDomain(0, 0.99))
    conditions = [
        dde.icbc.DirichletBC(space_time, lambda x: 0, lambda _, on_boundary: on_boundary),
        dde.icbc.IC(space_time, lambda x: -np.sin(np.pi * x[:, 0:1]), lambda _, on_initial: on_initial),
    ]
    data = dde.data.TimePDE(
        space_time, residual, conditions, num_domain=2540, num_boundary=80, num_initial=160
    )
    return dde.Model(data, dde.nn.FNN([2] + [20] * 3 + [1], "tanh", "Glorot normal"))


def details():
    """Of the grid: an independent solution, to know that both systems are held against the right one."""
    return {"gridAgainstColeHopf": grid.relative_l2(cole_hopf(grid.points, viscosity)[:, None])}


run(
    "burgers",
    "relative L2",
    lambda model: grid.relative_l2(model.predict(grid.points)),
    build,
    [("adam", {"lr": 1e-3}, 15000), ("L-BFGS", {}, None)],
    options,
    details,
)
