"""Classical least squares in SciPy, solve_ivp inside least_squares: the influenza of 1978 and the Lorenz system."""

import argparse
import os
import time

import numpy as np
import scipy
from measurement import emit
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("problem", choices=["influenza-1978", "lorenz-inverse"])
options = parser.parse_args()
table = np.loadtxt(
    os.path.join(os.path.dirname(__file__), f"../../problems/{options.problem}.csv"),
    delimiter=",",
    skiprows=3 if options.problem == "influenza-1978" else 2,
)
times, observed = table[:, 0], table[:, 1:]


def sir(_, state, beta, gamma):
    s, i, _ = state
    return [-beta * s * i / 763, beta * s * i / 763 - gamma * i, gamma * i]


def lorenz(_, state, sigma, rho, beta):
    x, y, z = state
    return [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]


problems = {
    "influenza-1978": (sir, [760, 3, 0], [1], ["beta", "gamma"], ([0, 0], [10, 10]), None),
    "lorenz-inverse": (
        lorenz,
        [-8, 7, 27],
        [0, 1, 2],
        ["sigma", "rho", "beta"],
        (-np.inf, np.inf),
        [10, 15, 8 / 3],
    ),
}
right_hand_side, start, columns, names, bounds, truth = problems[options.problem]


def residuals(parameters):
    solution = solve_ivp(
        right_hand_side,
        (times[0], times[-1]),
        start,
        method="DOP853",
        t_eval=times,
        args=tuple(parameters),
        rtol=1e-10,
        atol=1e-10,
    )
    return (solution.y[columns].T - observed).ravel()


begun = time.perf_counter()
fit = least_squares(residuals, np.ones(len(names)), bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12)
seconds = time.perf_counter() - begun
estimates = dict(zip(names, map(float, fit.x)))
error = None if truth is None else max(abs(a / b - 1) for a, b in zip(fit.x, truth))
emit(
    name=options.problem,
    system="SciPy least_squares",
    metric="sum of squares" if truth is None else "relative error of the worst parameter",
    value=2 * fit.cost if truth is None else float(error),
    unit="",
    seconds=seconds,
    precision="float64",
    details={"estimates": estimates, "sumOfSquares": 2 * fit.cost, "evaluations": int(fit.nfev)},
    versions={"scipy": scipy.__version__, "numpy": np.__version__},
)
