"""Burgers' loss and gradient in PyTorch by nested reverse mode, as PINN codes on PyTorch do it (nested), or with
Taylor coefficients carried by hand (taylor)."""

import time

import numpy as np
import torch
from gradient_case import GradientCase, arguments, norm, viscosity
from measurement import emit, timed

parser = arguments(__doc__)
parser.add_argument("--mode", choices=["nested", "taylor"], default="nested")
options = parser.parse_args()
torch.set_num_threads(options.threads)
begun = time.perf_counter()
dtype = np.float32 if options.float32 else np.float64
case = GradientCase(options.case, dtype)
layers = [tuple(torch.tensor(part, requires_grad=True) for part in layer) for layer in case.layers]
parameters = [part for layer in layers for part in layer]
interior, initial, boundary = map(torch.tensor, (case.interior, case.initial, case.boundary))


def network(x):
    for w, b in layers[:-1]:
        x = torch.tanh(torch.addmm(b, x, w))
    return torch.addmm(layers[-1][1], x, layers[-1][0])


def nested(points):
    points = points.clone().requires_grad_()
    u = network(points)
    first = torch.autograd.grad(u.sum(), points, create_graph=True)[0]
    u_x, u_t = first[:, :1], first[:, 1:]
    u_xx = torch.autograd.grad(u_x.sum(), points, create_graph=True)[0][:, :1]
    return u, u_x, u_t, u_xx


def taylor(points):
    one, zero = torch.ones_like(points[:, :1]), torch.zeros_like(points[:, :1])
    stack = torch.cat([points, torch.hstack([one, zero]), torch.hstack([zero, one]), torch.zeros_like(points)])
    for index, (w, b) in enumerate(layers):
        z, z_x, z_t, z_xx = torch.chunk(stack @ w, 4)
        z = z + b
        if index == len(layers) - 1:
            return z, z_x, z_t, z_xx
        y = torch.tanh(z)
        slope = 1 - y * y
        stack = torch.cat([y, slope * z_x, slope * z_t, slope * z_xx - 2 * y * slope * z_x * z_x])


derivatives = {"nested": nested, "taylor": taylor}[options.mode]


def loss():
    u, u_x, u_t, u_xx = derivatives(interior)
    start = network(initial) + torch.sin(torch.pi * initial[:, :1])
    return (
        torch.mean((u_t + u * u_x - viscosity * u_xx) ** 2)
        + torch.mean(start**2)
        + torch.mean(network(boundary) ** 2)
    )


def evaluate():
    value = loss()
    return value, torch.autograd.grad(value, parameters)


value, gradient = evaluate()
shortest, median, runs = timed(evaluate, options.seconds)
emit(
    name="burgers-gradient",
    system=f"PyTorch, {options.mode}",
    metric="loss and gradient",
    value=shortest,
    unit="ms",
    seconds=time.perf_counter() - begun,
    precision="float32" if options.float32 else "float64",
    details={
        "median": median,
        "runs": runs,
        "loss": value.item(),
        "gradientNorm": norm([g.numpy() for g in gradient]),
    },
    versions={"torch": torch.__version__},
)
