"""Helmholtz' equation as in DeepXDE's demonstration: k = 4 pi, zero boundary built in, 3x150 sine, Adam 5000 steps."""

import numpy as np
from comparison_grid import ComparisonGrid
from deepxde_run import arguments, dde, run, torch

options = arguments(__doc__)
grid = ComparisonGrid(options.grid)
k = 4 * np.pi
points_per_side = 20


def residual(x, u):
    u_xx = dde.grad.hessian(u, x, i=0, j=0)
    u_yy = dde.grad.hessian(u, x, i=1, j=1)
    return -u_xx - u_yy - k**2 * u - k**2 * torch.sin(k * x[:, 0:1]) * torch.sin(k * x[:, 1:2])


def build():
    data = dde.data.PDE(
        dde.geometry.Rectangle([0, 0], [1, 1]),
        residual,
        [],
        num_domain=points_per_side**2,
        num_boundary=4 * points_per_side,
    )
    net = dde.nn.FNN([2] + [150] * 3 + [1], "sin", "Glorot uniform")
    net.apply_output_transform(
        lambda x, u: x[:, 0:1] * (1 - x[:, 0:1]) * x[:, 1:2] * (1 - x[:, 1:2]) * u
    )
    return dde.Model(data, net)


run(
    "helmholtz-2d",
    "relative L2",
    lambda model: grid.relative_l2(model.predict(grid.points)),
    build,
    [("adam", {"lr": 1e-3}, 5000)],
    options,
)
