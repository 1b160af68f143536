"""What every program here prints: one JSON object a line, as bench/measurement.ts describes it."""

import json
import sys
import time


def emit(**measurement):
    print(json.dumps(measurement), file=sys.__stdout__, flush=True)


def timed(run, seconds):
    """Milliseconds (shortest, median) and the number of runs; warmed up for a fifth of the time."""
    warm_until = time.perf_counter() + 0.2 * seconds
    run()
    while time.perf_counter() < warm_until:
        run()
    durations = []
    until = time.perf_counter() + seconds
    while len(durations) < 5 or time.perf_counter() < until:
        start = time.perf_counter()
        run()
        durations.append(1000 * (time.perf_counter() - start))
    durations.sort()
    return durations[0], durations[len(durations) // 2], len(durations)


class Stopwatch:
    """Seconds since the start, with what is spent in `pause` blocks left out."""

    def __init__(self):
        self.start = time.perf_counter()
        self.paused = 0.0

    def seconds(self):
        return time.perf_counter() - self.start - self.paused

    def __enter__(self):
        self.pause_start = time.perf_counter()

    def __exit__(self, *_):
        self.paused += time.perf_counter() - self.pause_start
