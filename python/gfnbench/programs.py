"""Calls of the programs sweep and report."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Union

Value = Union[str, int, float, bool]
Flag = Union[None, Value, "os.PathLike[str]", Sequence[Value], Mapping[str, Union[Value, Sequence[Value]]]]


class ProgramError(RuntimeError):
    """A program ended with an error.

    ``code`` is its exit status: 1 an error of the program or the machine, 2 wrong
    usage or an invalid suite, 3 some cells failed, 4 interrupted, 7 a filter
    matched nothing, or another that the documentation lists.
    """

    def __init__(self, program: str, code: int, message: str) -> None:
        super().__init__(message.strip() or f"{program} ended with exit status {code}")
        self.code = code


def find(program: str) -> str:
    """Return the path of a program: in $GFNBENCH_BIN, else where pip installed it
    with this package, else in $PATH."""
    name = program + (".exe" if os.name == "nt" else "")
    for folder in _folders():
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"the program {name} is not beside this package and not in PATH: install gfnbench again, or set GFNBENCH_BIN to the folder that has it")
    return found


def _folders() -> Iterator[str]:
    if "GFNBENCH_BIN" in os.environ:
        yield os.environ["GFNBENCH_BIN"]
    yield sysconfig.get_path("scripts")
    yield sysconfig.get_path("scripts", f"{os.name}_user")
    yield str(Path(__file__).parent.parent / "bin")  # pip install --target


def arguments(flags: Mapping[str, Flag]) -> list[str]:
    """Return flags as a command line has them: ``filter={"objective": ["tb", "db"]}``
    is ``--filter objective=tb,db``. Flags that are None or False are left out."""
    args = []
    for name, value in flags.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            args.append(flag)
        elif isinstance(value, Mapping):
            quote = _toml if name == "set" else _text
            for key, choice in value.items():
                args += [flag, f"{key}={quote(choice)}"]
        else:
            args += [flag, _text(value)]
    return args


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(_text, value))
    return str(value)


def _toml(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return _text(value)


def call(program: str, *args: str, accepted: Collection[int] = (0,)) -> tuple[int, str]:
    """Run a program and return its exit status and what it printed. Its progress
    goes to sys.stderr as it comes, in a notebook too. An exit status that is not
    accepted is a ProgramError.

    An interrupt is passed on once: the program saves its work and ends."""
    flags = 0
    interrupt = signal.SIGINT
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
        interrupt = signal.CTRL_BREAK_EVENT
    child = subprocess.Popen(
        [find(program), *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", creationflags=flags, start_new_session=True,
    )
    assert child.stdout is not None and child.stderr is not None
    lines: list[str] = []
    progress = threading.Thread(target=_copy, args=(child.stderr, lines), daemon=True)
    progress.start()
    try:
        output = child.stdout.read()
        code = child.wait()
    except KeyboardInterrupt:
        child.send_signal(interrupt)
        child.wait()
        raise
    finally:
        progress.join()
        child.stdout.close()
        child.stderr.close()
    if code not in accepted:
        raise ProgramError(program, code, "\n".join(lines[-20:]))
    return code, output


def _copy(stream: Iterator[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line.rstrip("\n"))
        print(line, end="", file=sys.stderr, flush=True)
