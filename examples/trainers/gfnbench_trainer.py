"""The trainer's side of gfnbench's protocol, version 1 (docs/trainers.md).

Write a class with the methods of Trainer, and call serve() with an instance of it.
Needs numpy alone.
"""

import json
import os
import struct
import sys

import numpy as np

TYPES = {"f8": np.dtype("<f8"), "i8": np.dtype("<i8"), "u1": np.dtype("u1")}
OPTIONAL = ("sample", "save", "load", "loss", "update", "fit")


class Refusal(Exception):
    """What the trainer cannot do. The harness shows the text; the trainer goes on."""


class Trainer:
    """What a trainer says of itself, and does. Of the methods below the first three are
    needed; those that a subclass defines beyond them are offered."""

    name = "?"
    version = "?"
    environments = []  # such as "hypergrid"
    objectives = []  # such as "tb"
    parameters = []  # settings that it follows, such as "optimizer.lr"

    def start(self, run, arrays):
        """Begin the run: run has environment, objective, settings and seed."""
        raise NotImplementedError

    def train(self, to):
        """Train up to step `to`. Returns a dictionary: step, and what it has of loss,
        log_z, trajectories and diverged."""
        raise NotImplementedError

    def log_probabilities(self, states, of, terminal):
        """Rows of log-probabilities, -inf where an action is not allowed, of rows of bytes."""
        raise NotImplementedError

    # sample(n, seed)       -> {"start", "actions", "log_pf", "log_pb", "log_r"}
    # save()                -> bytes
    # load(state)
    # loss(start, actions)  -> {"loss", "log_z"}, {"log_pf", "log_pb", "log_f"}
    # update(start, actions)
    # fit(states, log_p, log_f, log_z)


def read_frame(stream):
    """The header and the arrays of the next frame; None at the end of the stream."""
    prefix = stream.read(16)
    if not prefix:
        return None
    magic, header_length, body_length = struct.unpack("<4sIQ", prefix)
    if magic != b"GFNB":
        raise ValueError("no frame: %r" % prefix)
    header = json.loads(stream.read(header_length))
    body = stream.read(body_length)
    if len(body) != body_length:
        raise ValueError("the stream ends inside a frame")
    arrays, at = {}, 0
    for a in header.get("arrays", []):
        dtype = TYPES[a["type"]]
        count = int(np.prod(a["shape"], dtype=np.int64))
        arrays[a["name"]] = np.frombuffer(body, dtype, count, at).reshape(a["shape"])
        at += count * dtype.itemsize
    return header, arrays


def write_frame(stream, header, arrays):
    body = b""
    for name, x in arrays.items():
        x = np.asarray(x)
        kind = {"f": "f8", "i": "i8", "u": "u1"}[x.dtype.kind]
        header.setdefault("arrays", []).append({"name": name, "type": kind, "shape": list(x.shape)})
        body += np.ascontiguousarray(x, TYPES[kind]).tobytes()
    text = json.dumps(header, allow_nan=False).encode()
    stream.write(struct.pack("<4sIQ", b"GFNB", len(text), len(body)) + text + body)
    stream.flush()


def answer(trainer, header, arrays):
    """The fields and the arrays of the reply."""
    message = header["message"]
    if message == "hello":
        offers = [m for m in OPTIONAL if hasattr(trainer, m)]
        return dict(protocol=1, name=trainer.name, version=trainer.version, environments=trainer.environments,
                    objectives=trainer.objectives, parameters=trainer.parameters, offers=offers), {}
    if message == "start":
        trainer.start(header, arrays)
    elif message == "train":
        return {k: v for k, v in trainer.train(header["to"]).items() if v is not None}, {}
    elif message == "log_probabilities":
        log_p = trainer.log_probabilities(arrays["states"], header["of"], arrays.get("terminal"))
        return {}, {"log_p": np.asarray(log_p, np.float64)}
    elif message == "sample":
        return {}, trainer.sample(header["n"], header["seed"])
    elif message == "save":
        return {}, {"state": np.frombuffer(trainer.save(), np.uint8)}
    elif message == "load":
        trainer.load(arrays["state"].tobytes())
    elif message == "loss":
        return trainer.loss(arrays["start"], arrays["actions"])
    elif message == "update":
        trainer.update(arrays["start"], arrays["actions"])
    elif message == "fit":
        trainer.fit(arrays["states"], arrays["log_p"], arrays["log_f"], header["log_z"])
    else:
        raise Refusal("there is no message %r here" % message)
    return {}, {}


def serve(trainer):
    """Answer requests until the harness says stop. What is printed goes to standard
    error, as only frames may go to standard output."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    while True:
        frame = read_frame(requests)
        if frame is None or frame[0]["message"] == "stop":
            return
        header, arrays = frame
        reply = {"message": header["message"], "id": header["id"]}
        try:
            fields, out = answer(trainer, header, arrays)
        except Refusal as e:
            reply["message"], fields, out = "error", {"text": str(e)}, {}
        write_frame(replies, {**reply, **fields}, out)
