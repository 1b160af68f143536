"""Burgers' loss and gradient in JAX, compiled: truncated Taylor series carried through the network by hand,
one coefficient for each derivative (taylor) or one for u_t - nu*u_xx as a whole, as Ansatz has it (collapsed),
jax.experimental.jet (jet), or nested jvp under vmap (nested)."""

import os
import time

from gradient_case import GradientCase, arguments, norm, viscosity

parser = arguments(__doc__)
parser.add_argument("--mode", choices=["taylor", "collapsed", "jet", "nested"], default="taylor")
options = parser.parse_args()
if options.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
from jax.experimental import jet
from measurement import emit, timed

jax.config.update("jax_enable_x64", not options.float32)
begun = time.perf_counter()
dtype = np.float32 if options.float32 else np.float64
case = GradientCase(options.case, dtype)
layers = [(jnp.asarray(w), jnp.asarray(b)) for w, b in case.layers]
interior, initial, boundary = map(jnp.asarray, (case.interior, case.initial, case.boundary))


def network(layers, x):
    for w, b in layers[:-1]:
        x = jnp.tanh(x @ w + b)
    return x @ layers[-1][0] + layers[-1][1]


def taylor(layers, points):
    """u, u_x, u_t, u_xx; the four coefficients of all points are rows of one product."""
    one, zero = jnp.ones_like(points[:, :1]), jnp.zeros_like(points[:, :1])
    stack = jnp.concatenate(
        [points, jnp.hstack([one, zero]), jnp.hstack([zero, one]), jnp.zeros_like(points)]
    )
    for index, (w, b) in enumerate(layers):
        z, z_x, z_t, z_xx = jnp.split(stack @ w, 4)
        z = z + b
        if index == len(layers) - 1:
            return z, z_x, z_t, z_xx
        y = jnp.tanh(z)
        slope = 1 - y * y
        stack = jnp.concatenate(
            [y, slope * z_x, slope * z_t, slope * z_xx - 2 * y * slope * z_x * z_x]
        )


def collapsed(layers, points):
    """u, u_x, and u_t - viscosity*u_xx as one coefficient: these derivatives occur together only."""
    one, zero = jnp.ones_like(points[:, :1]), jnp.zeros_like(points[:, :1])
    stack = jnp.concatenate([points, jnp.hstack([one, zero]), jnp.hstack([zero, one])])
    for index, (w, b) in enumerate(layers):
        z, z_x, z_d = jnp.split(stack @ w, 3)
        z = z + b
        if index == len(layers) - 1:
            return z, z_x, z_d
        y = jnp.tanh(z)
        slope = 1 - y * y
        stack = jnp.concatenate([y, slope * z_x, slope * z_d + viscosity * 2 * y * slope * z_x * z_x])


def by_jet(layers, points):
    x, t = points[:, :1], points[:, 1:]

    def u(x, t):
        return network(layers, jnp.hstack([x, t]))

    zero = jnp.zeros_like(x)
    value, (u_x, u_xx) = jet.jet(u, (x, t), ((jnp.ones_like(x), zero), (zero, zero)))
    _, u_t = jax.jvp(lambda t: u(x, t), (t,), (jnp.ones_like(t),))
    return value, u_x, u_t, u_xx


def nested(layers, points):
    def u(x, t):
        return network(layers, jnp.stack([x, t]))[0]

    def each(point):
        x, t = point
        u_x = jax.grad(u, 0)
        u_xx = jax.jvp(lambda s: u_x(s, t), (x,), (jnp.ones_like(x),))[1]
        return u(x, t), u_x(x, t), jax.grad(u, 1)(x, t), u_xx

    return jax.vmap(each)(points)


derivatives = {"taylor": taylor, "collapsed": collapsed, "jet": by_jet, "nested": nested}[options.mode]


def residual(layers):
    if options.mode == "collapsed":
        u, u_x, linear = collapsed(layers, interior)
        return linear + u * u_x
    u, u_x, u_t, u_xx = derivatives(layers, interior)
    return u_t + u * u_x - viscosity * u_xx


def loss(layers):
    start = network(layers, initial) + jnp.sin(jnp.pi * initial[:, :1])
    return (
        jnp.mean(residual(layers) ** 2)
        + jnp.mean(start**2)
        + jnp.mean(network(layers, boundary) ** 2)
    )


value_and_gradient = jax.jit(jax.value_and_grad(loss))
value, gradient = value_and_gradient(layers)
shortest, median, runs = timed(lambda: jax.block_until_ready(value_and_gradient(layers)), options.seconds)
emit(
    name="burgers-gradient",
    system=f"JAX, {options.mode}",
    metric="loss and gradient",
    value=shortest,
    unit="ms",
    seconds=time.perf_counter() - begun,
    precision="float32" if options.float32 else "float64",
    details={
        "median": median,
        "runs": runs,
        "loss": float(value),
        "gradientNorm": norm(jax.tree_util.tree_leaves(gradient)),
    },
    versions={"jax": jax.__version__, "jaxlib": jaxlib.__version__},
)
