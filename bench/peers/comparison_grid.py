"""Points and values against which errors are taken, as bench/comparison-grid.ts writes them."""

import json

import numpy as np


class ComparisonGrid:
    def __init__(self, path):
        with open(path) as file:
            data = json.load(file)
        self.points = np.reshape(data["points"], (-1, len(data["coordinates"])))
        self.names = list(data["fields"])
        self.fields = np.stack([data["fields"][name] for name in self.names], axis=1)
        self.method = data["method"]

    def relative_l2(self, predicted):
        """The largest relative L2 error over the fields; predicted is (N, fields)."""
        difference = np.linalg.norm(predicted - self.fields, axis=0)
        return float(np.max(difference / np.linalg.norm(self.fields, axis=0)))


def cole_hopf(points, viscosity, nodes=120):
    """Burgers' equation with u(x, 0) = -sin(pi x), by Gauss-Hermite quadrature of the Cole-Hopf integrals
    (Basdevant et al., Computers & Fluids 14 (1986) 23-41)."""
    eta, weight = np.polynomial.hermite.hermgauss(nodes)
    x, t = points[:, :1], points[:, 1:]
    shifted = x - 2 * np.sqrt(viscosity * t) * eta
    exponent = -np.cos(np.pi * shifted) / (2 * np.pi * viscosity)
    density = weight * np.exp(exponent - exponent.max(axis=1, keepdims=True))
    return -(density * np.sin(np.pi * shifted)).sum(axis=1) / density.sum(axis=1)
