"""DeepXDE on PyTorch, trained as its demonstrations are, with errors sampled off the clock."""

import argparse
import contextlib
import os
import sys

os.environ.setdefault("DDE_BACKEND", "pytorch")
with contextlib.redirect_stdout(sys.stderr):
    import deepxde as dde
    import torch

from measurement import Stopwatch, emit

sample_times = [1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 450, 600, 900, 1200, 1800]
versions = {"deepxde": dde.__version__, "torch": torch.__version__}


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--grid", help="comparison grid")
    parser.add_argument("--time-limit", type=float, default=float("inf"), help="seconds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--float64", action="store_true", help="instead of DeepXDE's default, float32")
    options = parser.parse_args()
    if options.float64:
        dde.config.set_default_float("float64")
    dde.config.set_random_seed(options.seed)
    return options


class Sampler(dde.callbacks.Callback):
    """Notes the error at the sample times, the state before each, and ends the run at the time limit."""

    def __init__(self, error, time_limit):
        super().__init__()
        self.error = error
        self.time_limit = time_limit
        self.watch = Stopwatch()
        self.trace = []

    def sample(self):
        seconds = self.watch.seconds()
        with self.watch:
            self.trace.append((round(seconds, 3), self.error(self.model)))

    def on_epoch_end(self):
        seconds = self.watch.seconds()
        due = [time for time in sample_times if time <= seconds]
        # A step of L-BFGS is a thousand iterations long.
        if self.model.opt_name == "L-BFGS" or (due and (not self.trace or self.trace[-1][0] < due[-1])):
            self.sample()
        if seconds > self.time_limit:
            self.model.stop_training = True


def run(name, metric, error, build, schedule, options, details=None):
    """
    build: () -> model; schedule: [(optimizer, compile options, iterations or None)], one after another;
    error: model -> number.
    """
    sampler = Sampler(error, options.time_limit)
    done = []
    with contextlib.redirect_stdout(sys.stderr):
        model = build()
        sampler.set_model(model)
        for optimizer, settings, iterations in schedule:
            if sampler.watch.seconds() > options.time_limit:
                break
            model.compile(optimizer, **settings)
            model.train(iterations=iterations, callbacks=[sampler])
            done.append((optimizer, round(sampler.watch.seconds(), 1)))
        seconds = sampler.watch.seconds()
        if not sampler.trace or sampler.trace[-1][0] < seconds - 0.01:
            sampler.sample()
    emit(
        name=name,
        system="DeepXDE (PyTorch)",
        metric=metric,
        value=sampler.trace[-1][1],
        unit="",
        seconds=seconds,
        precision="float64" if options.float64 else "float32",
        trace=sampler.trace,
        details={
            "seed": options.seed,
            "phases": done,
            "complete": len(done) == len(schedule) and seconds <= options.time_limit,
            **(details() if details else {}),
        },
        versions=versions,
    )
