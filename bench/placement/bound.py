"""No schedule of a batch ends sooner than this.

The bound lets jobs be cut at will and begin before their bundle is loaded; it keeps that each device which runs any
of a
bundle's jobs loads that bundle at least once. Least T such that

    Σ_devices x[c,d] = 1                                 all of class c's work is done somewhere it fits
    Σ_c x[c,d]·work[c]/speed[d] + y[c,d]·load[c] ≤ T     each device is done by T
    x[c,d] ≤ y[c,d],  y binary

holds. The solver's dual bound is taken, so a search stopped early gives a lower, still valid one. One job cannot run
on two
devices either, so the longest job on its fastest device, with its load, is a bound as well.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from bench.placement.traces import Trace


@dataclass(frozen=True, slots=True)
class Bound:
    makespan_s: float
    gap: float  # of the solver, when it was stopped: 0.01 means that the true optimum is at most 1 % higher


def makespan_bound(trace: Trace, *, limit_s: float) -> Bound:
    work_s: dict[int, float] = {}
    for job in trace.jobs:
        work_s[job.bundle] = work_s.get(job.bundle, 0.0) + job.run_s
    classes = sorted(work_s)
    pairs = [(c, d) for c in classes for d in range(len(trace.devices)) if trace.fits(c, d)]
    column = {pair: number for number, pair in enumerate(pairs)}
    shares, last = len(pairs), 2 * len(pairs)  # x, then y, then T
    rows = lil_matrix((len(classes) + len(trace.devices) + shares, last + 1))
    least, most = np.full(rows.shape[0], -np.inf), np.zeros(rows.shape[0])
    for row, bundle in enumerate(classes):
        for device in range(len(trace.devices)):
            if (bundle, device) in column:
                rows[row, column[bundle, device]] = 1
        least[row] = most[row] = 1
    for device, card in enumerate(trace.devices):
        row = len(classes) + device
        for bundle in classes:
            if (bundle, device) in column:
                rows[row, column[bundle, device]] = work_s[bundle] / card.speed
                rows[row, shares + column[bundle, device]] = trace.bundles[bundle].load_s
        rows[row, last] = -1
    for number in range(shares):
        row = len(classes) + len(trace.devices) + number
        rows[row, number], rows[row, shares + number] = 1, -1
    solved = milp(
        np.concatenate([np.zeros(last), [1.0]]),
        constraints=LinearConstraint(rows.tocsr(), least, most),
        integrality=np.concatenate([np.zeros(shares), np.ones(shares), [0]]),
        bounds=Bounds(0, np.concatenate([np.ones(last), [np.inf]])),
        options={"time_limit": limit_s, "mip_rel_gap": 0.002},
    )
    bound_s = float(solved.mip_dual_bound)
    gap = float(solved.fun) / bound_s - 1 if solved.x is not None else float("nan")
    return Bound(max(bound_s, _longest_job(trace)), gap)


def _longest_job(trace: Trace) -> float:
    return max(
        trace.bundles[job.bundle].load_s
        + job.run_s / max(card.speed for d, card in enumerate(trace.devices) if trace.fits(job.bundle, d))
        for job in trace.jobs
    )
