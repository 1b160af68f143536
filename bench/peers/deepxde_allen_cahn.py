"""Allen-Cahn as in DeepXDE's demonstration: D = 0.001, conditions built in, 3x20 tanh, Adam 40000 steps, L-BFGS."""

import numpy as np
from comparison_grid import ComparisonGrid
from deepxde_run import arguments, dde, run, torch

options = arguments(__doc__)
grid = ComparisonGrid(options.grid)


def residual(x, u):
    u_t = dde.grad.jacobian(u, x, i=0, j=1)
    u_xx = dde.grad.hessian(u, x, i=0, j=0)
    return u_t - 0.001 * u_xx - 5 * (u - u**3)


def with_conditions(points, u):
    x, t = points[:, 0:1], points[:, 1:2]
    return x**2 * torch.cos(np.pi * x) + t * (1 - x**2) * u


def build():
    space_time = dde.geometry.GeometryXTime(dde.geometry.Interval(-1, 1), dde.geometry.TimeDomain(0, 1))
    data = dde.data.TimePDE(space_time, residual, [], num_domain=8000, num_boundary=400, num_initial=800)
    net = dde.nn.FNN([2] + [20] * 3 + [1], "tanh", "Glorot normal")
    net.apply_output_transform(with_conditions)
    return dde.Model(data, net)


run(
    "allen-cahn-fixed-ends",
    "relative L2",
    lambda model: grid.relative_l2(model.predict(grid.points)),
    build,
    [("adam", {"lr": 1e-3}, 40000), ("L-BFGS", {}, None)],
    options,
)
