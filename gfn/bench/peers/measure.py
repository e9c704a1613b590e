"""What the two peer benchmarks share: arguments, pinning, timing, checks and output.

Only the standard library is imported here, because threads must be pinned
before PyTorch or JAX are loaded: call parse() first, import them afterwards.
"""

import argparse
import itertools
import json
import math
import os
import statistics
import sys
import time

# The reward of the hypergrid and the hyperparameters of the comparison: an MLP
# with two hidden layers of 256 ReLU units, trajectory balance, Adam, uniform
# backward policy, float32.
R0, R1, R2 = 1e-3, 0.5, 2.0
HIDDEN, LAYERS = 256, 2
RATE, LOG_Z_RATE = 1e-3, 1e-1

# The bit-sequence reward exp(-BETA * distance / bits), distance to the nearest mode.
BETA = 2.0

# Warm-up and timed iterations of the trial of a variant.
TRIAL = 10


def parse(peer, variants):
    """Reads the command line and pins the process to --threads processors.
    variants names the ways in which the peer can run the same iteration."""
    p = argparse.ArgumentParser(description=f"Times one training iteration of {peer}; prints one JSON object.")
    p.add_argument("--env", choices=["hypergrid", "bitseq"], default="hypergrid")
    p.add_argument("--dim", type=int, default=2, help="grid dimensions; bitseq: words in a sequence")
    p.add_argument("--height", type=int, default=8, help="side of the grid; bitseq: number of words, a power of two")
    p.add_argument("--modes", type=int, default=60, help="bitseq: number of modes")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--warmup", type=int, default=50, help="iterations before the timed ones")
    p.add_argument("--iters", type=int, default=100, help="timed iterations")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--pretrain", type=int, default=0, help="iterations before the warm-up")
    p.add_argument(
        "--variant",
        choices=["fastest", *variants],
        default="fastest",
        help="a way of running the peer; by default a trial of each chooses",
    )
    p.add_argument(
        "--check",
        action="store_true",
        help="train 1000 iterations with batch 128 on the 2-d grid of side 8, compare log Z, and stop",
    )
    args = p.parse_args()
    if args.env == "bitseq" and args.height & (args.height - 1):
        p.error("--height must be a power of two for bitseq")
    if args.check:
        args.env, args.dim, args.height, args.batch = "hypergrid", 2, 8, 128
    pin(args.threads)
    return args


def pin(threads):
    """Confines the process, and so every thread pool sized by its affinity, to the
    first processors it may use. Environment variables say the same to the libraries."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < threads:
            sys.exit(f"--threads {threads}: only {len(allowed)} processors may be used")
        os.sched_setaffinity(0, allowed[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""


def true_log_z(dim, height):
    """log of the summed reward over all cells of the grid, by enumeration
    (reward of Bengio et al. 2021, section 4.1)."""
    total = 0.0
    for cell in itertools.product(range(height), repeat=dim):
        distance = [abs(x / (height - 1) - 0.5) for x in cell]
        total += R0 + R1 * all(d > 0.25 for d in distance) + R2 * all(0.3 < d < 0.4 for d in distance)
    return math.log(total)


def fastest(args, variants, run):
    """The variant to time, and the trial medians in seconds from which it was chosen.
    run(variant, warmup, iters) gives (seconds per iteration, ...)."""
    if args.variant != "fastest":
        return args.variant, {}
    trials = {variant: statistics.median(run(variant, TRIAL, TRIAL)[0]) for variant in variants}
    return min(trials, key=trials.get), trials


def measured(args, peer, version, variants, run, notes):
    """Times the fastest variant and prints one JSON object on a line.
    run(variant, warmup, iters) gives (seconds per timed iteration, mean trajectory
    length, final loss), each time from the same state."""
    variant, trials = fastest(args, variants, run)
    wall, used = time.perf_counter(), time.process_time()
    seconds, length, loss = run(variant, args.warmup, args.iters)
    share = (time.process_time() - used) / (time.perf_counter() - wall)
    if not math.isfinite(loss):
        sys.exit(f"{peer} {variant}: the loss is {loss}")
    low, median, high = statistics.quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else seconds * 3
    print(json.dumps({
        "peer": peer,
        "version": version,
        "env": args.env,
        "dim": args.dim,
        "height": args.height,
        "batch": args.batch,
        "threads": args.threads,
        "seed": args.seed,
        "median_us": round(1e6 * median, 1),
        "p25_us": round(1e6 * low, 1),
        "p75_us": round(1e6 * high, 1),
        "iters": args.iters,
        "warmup": args.warmup,
        "pretrain": args.pretrain,
        "mean_trajectory_length": round(length, 2),
        "cpu_share": round(share, 2),
        "variant": variant,
        "trial_us": {name: round(1e6 * s, 1) for name, s in trials.items()},
        "notes": notes,
    }), flush=True)


def check(peer, loss, log_z):
    """Fails unless training brought log Z near its true value. Missing one of the four
    corners of the grid, which hold nearly all of the reward, makes an error of log 4/3 = 0.29."""
    truth = true_log_z(2, 8)
    print(f"{peer}: loss {loss:.4g}, log Z {log_z:.4f}, true {truth:.4f}", file=sys.stderr)
    if not (math.isfinite(loss) and abs(log_z - truth) < 0.1):
        sys.exit(f"{peer}: log Z is {log_z:.4f} after 1000 iterations, {truth:.4f} was expected")
