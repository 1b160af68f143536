"""What an epidemiologist writes with SciPy for the influenza of 1978: fit, profile intervals, parametric bootstrap.

solve_ivp inside least_squares, profiles by refits with one parameter held, replicates refitted from the estimates.
"""

import argparse
import os
import time

import numpy as np
import scipy
from measurement import emit
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, least_squares
from scipy.stats import f

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--replicates", type=int, default=200)
parser.add_argument("--repeats", type=int, default=20, help="of the fit")
parser.add_argument("--rtol", type=float, default=1e-8)
parser.add_argument("--method", default="LSODA", help="of solve_ivp")
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()
table = np.loadtxt(
    os.path.join(os.path.dirname(__file__), "../../problems/influenza-1978.csv"), delimiter=",", skiprows=3
)
times, observed = table[:, 0], table[:, 1]
names = ["beta", "gamma"]


def sir(_, state, beta, gamma):
    s, i, _ = state
    infections, recoveries = beta * s * i / 763, gamma * i
    return [-infections, infections - recoveries, recoveries]


def infected(parameters):
    solution = solve_ivp(
        sir,
        (times[0], times[-1]),
        [760, 3, 0],
        method=options.method,
        t_eval=times,
        args=tuple(parameters),
        rtol=options.rtol,
        atol=1e-2 * options.rtol * 763,
    )
    return solution.y[1]


tolerances = dict(xtol=1e-10, ftol=1e-10, gtol=1e-10)


def fit(values, start):
    return least_squares(lambda p: infected(p) - values, start, bounds=([0, 0], [10, 10]), **tolerances)


def profile_interval(best, which):
    """Ends of the 95% profile interval by the F distribution, the standard deviation of the noise being unknown."""
    other = 1 - which
    freedom = len(observed) - 2
    threshold = f.ppf(0.95, 1, freedom) / freedom
    # Warm start: each refit begins at the other parameter's value in the one before.
    last = {"value": best.x[other]}

    def held(value):
        def residuals(free):
            parameters = np.empty(2)
            parameters[which], parameters[other] = value, free[0]
            return infected(parameters) - observed

        refit = least_squares(residuals, [last["value"]], bounds=([0], [10]), **tolerances)
        last["value"] = refit.x[0]
        return refit.cost / best.cost - 1 - threshold

    spread = 2.2 * np.sqrt(np.linalg.inv(best.jac.T @ best.jac)[which, which] * 2 * best.cost / freedom)
    ends = []
    for sign in (-1, 1):
        last["value"] = best.x[other]
        outer = best.x[which] + 1.5 * sign * spread
        ends.append(brentq(held, best.x[which], outer, xtol=1e-6))
    return ends


# Of fit and profiles, after the first.
PROFILE_REPEATS = 7

begun = time.perf_counter()
best = fit(observed, np.ones(2))
fitted = time.perf_counter()
again = []
for _ in range(options.repeats):
    start = time.perf_counter()
    fit(observed, np.ones(2))
    again.append(time.perf_counter() - start)
repeated = time.perf_counter()
intervals = {name: profile_interval(best, k) for k, name in enumerate(names)}
profiled = time.perf_counter()
profiles_again = []
for _ in range(PROFILE_REPEATS):
    start = time.perf_counter()
    once_more = fit(observed, np.ones(2))
    for k in range(len(names)):
        profile_interval(once_more, k)
    profiles_again.append(time.perf_counter() - start)
bootstrapped = time.perf_counter()
rng = np.random.default_rng(options.seed)
mean = infected(best.x)
deviation = np.sqrt(2 * best.cost / (len(observed) - 2))
replicates = np.array(
    [fit(mean + rng.normal(0, deviation, len(mean)), best.x).x for _ in range(options.replicates)]
)
ended = time.perf_counter()
emit(
    name="influenza-1978-uncertainty",
    system=f"SciPy, {options.method}",
    metric="sum of squares",
    value=float(2 * best.cost),
    unit="",
    seconds=ended - begun,
    precision="float64",
    details={
        "estimates": dict(zip(names, map(float, best.x))),
        "intervals": intervals,
        "bootstrap": {
            name: list(map(float, np.percentile(replicates[:, k], [2.5, 97.5])))
            for k, name in enumerate(names)
        },
        "replicates": options.replicates,
        "times": {
            "first fit": fitted - begun,
            "fit, once warm": float(np.median(again)),
            "fit and profile intervals": fitted - begun + profiled - repeated,
            "fit and profile intervals, once warm": float(np.median(profiles_again)),
            f"{options.replicates} bootstrap replicates": ended - bootstrapped,
        },
    },
    versions={"scipy": scipy.__version__, "numpy": np.__version__},
)
