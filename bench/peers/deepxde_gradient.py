"""Loss and gradient of DeepXDE's own Burgers demonstration, as its training step takes them. Its equation is
evaluated at all 2780 + 240 points, where the other systems here evaluate it at the 2540 inside."""

import contextlib
import os
import sys
import time

os.environ.setdefault("DDE_BACKEND", "pytorch")
with contextlib.redirect_stdout(sys.stderr):
    import deepxde as dde
import numpy as np
import torch
from gradient_case import arguments, viscosity
from measurement import emit, timed

options = arguments(__doc__).parse_args()
torch.set_num_threads(options.threads)
dde.config.set_default_float("float32" if options.float32 else "float64")
dde.config.set_random_seed(1)
begun = time.perf_counter()


def residual(x, u):
    u_x = dde.grad.jacobian(u, x, i=0, j=0)
    u_t = dde.grad.jacobian(u, x, i=0, j=1)
    u_xx = dde.grad.hessian(u, x, i=0, j=0)
    return u_t + u * u_x - viscosity * u_xx


with contextlib.redirect_stdout(sys.stderr):
    space_time = dde.geometry.GeometryXTime(dde.geometry.Interval(-1, 1), dde.geometry.TimeDomain(0, 1))
    conditions = [
        dde.icbc.DirichletBC(space_time, lambda x: 0, lambda _, on_boundary: on_boundary),
        dde.icbc.IC(space_time, lambda x: -np.sin(np.pi * x[:, 0:1]), lambda _, on_initial: on_initial),
    ]
    data = dde.data.TimePDE(
        space_time, residual, conditions, num_domain=2540, num_boundary=80, num_initial=160
    )
    model = dde.Model(data, dde.nn.FNN([2] + [20] * 3 + [1], "tanh", "Glorot normal"))
    model.compile("adam", lr=1e-3)
    x, y, auxiliary = data.train_next_batch()


def evaluate():
    model.net.zero_grad(set_to_none=True)
    _, losses = model.outputs_losses_train(x, y, auxiliary)
    losses.sum().backward()


shortest, median, runs = timed(evaluate, options.seconds)
emit(
    name="burgers-gradient",
    system="DeepXDE (PyTorch)",
    metric="loss and gradient",
    value=shortest,
    unit="ms",
    seconds=time.perf_counter() - begun,
    precision="float32" if options.float32 else "float64",
    details={"median": median, "runs": runs, "points": len(x)},
    versions={"deepxde": dde.__version__, "torch": torch.__version__},
)
