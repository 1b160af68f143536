"""The points and parameters that bench/gradient.ts --case writes."""

import argparse
import json

import numpy as np

viscosity = 0.01 / np.pi


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--case", required=True)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true")
    return parser


class GradientCase:
    def __init__(self, path, dtype):
        with open(path) as file:
            data = json.load(file)
        self.interior, self.initial, self.boundary = (
            np.reshape(np.asarray(data[key], dtype), (-1, 2)) for key in ("interior", "initial", "boundary")
        )
        self.widths = data["widths"]
        theta = np.asarray(data["theta"], dtype)
        self.layers = []
        start = 0
        for inputs, outputs in zip(self.widths, self.widths[1:]):
            matrix = theta[start : start + inputs * outputs].reshape(inputs, outputs)
            start += inputs * outputs
            self.layers.append((matrix, theta[start : start + outputs]))
            start += outputs


def norm(gradients):
    return float(np.sqrt(sum(np.sum(np.square(np.asarray(g, np.float64))) for g in gradients)))
