"""Sweeps, and the tables and figures that report makes of them."""

from __future__ import annotations

import io
import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from .programs import Flag, arguments, call

if TYPE_CHECKING:
    from .policy import Policy

#: Files of a sweep: a row for each cell, each evaluation, each measurement of a
#: gradient's variance, each environment, each attempt.
FILES = ("runs", "curves", "variance", "instances", "timing")


def run(suite: Union[str, "os.PathLike[str]"], **flags: Flag) -> Sweep:
    """Train what is missing of a suite, a TOML file or the name of a shipped one,
    and return the sweep. The flags are those of ``sweep run``, such as
    ``output="runs/mine"``, ``jobs=4``, ``filter={"objective": ["tb", "db"]}`` or
    ``set={"seeds": 5}``; values of ``set`` are TOML, so that text needs its quotes.

    Cells that failed are a warning: their errors are in ``status()``. Interrupt it
    and call it again, and it goes on where it was."""
    code, output = call("sweep", "run", os.fspath(suite), "--json", *arguments(flags), accepted=(0, 3))
    sweep = Sweep(json.loads(output)["dir"])
    if code == 3:
        warnings.warn(f"some cells of {sweep.path} have no result: see status()['failures']", stacklevel=2)
    return sweep


def load(directory: Union[str, "os.PathLike[str]"], file: str = "runs", *, frames: str = "pandas") -> Any:
    """Read one of FILES of a sweep's directory into a data frame of pandas, or of
    Polars with ``frames="polars"``. A run that diverged is a row like others; its
    metrics are NaN."""
    if file not in FILES:
        raise ValueError(f"file is {file!r} and must be one of {', '.join(FILES)}")
    path = Path(directory) / f"{file}.parquet"
    if frames == "pandas":
        import pandas

        return pandas.read_parquet(path)
    if frames == "polars":
        import polars

        return polars.read_parquet(path)
    raise ValueError(f"frames is {frames!r} and must be pandas or polars")


def load_policy(cell: Union[str, "os.PathLike[str]"], name: str = "", *, directory: Union[str, "os.PathLike[str]"] = "runs/*") -> Policy:
    """Read a kept network, in numpy: of the cell with that id, or beginning of one, in a
    sweep's directory, by default under runs/, or of a file of kept networks. The name is
    final, best or a number of steps, by default the last that was kept."""
    from .policy import Policy

    path = Path(cell)
    if path.suffix != ".safetensors":
        pattern = Path(directory, "policies", f"{cell}*.safetensors")
        found = sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
        if len(found) != 1:
            raise FileNotFoundError(f"{len(found)} files match {pattern}: give more of the id, or the file")
        path = found[0]
    return Policy(path, name)


@dataclass(frozen=True)
class Sweep:
    """The results of a suite, in a directory. Shown in a notebook it is its tables."""

    path: Union[str, "os.PathLike[str]"]

    def load(self, file: str = "runs", *, frames: str = "pandas") -> Any:
        """Read one of FILES into a data frame, as :func:`load` does."""
        return load(self.path, file, frames=frames)

    def table(self, *names: str, **flags: Flag) -> Table:
        """Return tables of the suite, those named or all, or one of your own: the
        flags are those of ``report table``, such as ``metric="tv"``,
        ``rows="objective"`` or ``columns=["alpha"]``."""
        return Table(self, ("table", os.fspath(self.path), *names), flags)

    def claims(self, **flags: Flag) -> Table:
        """Return the verdicts on the suite's claims."""
        return Table(self, ("claims", os.fspath(self.path)), flags)

    def figure(self, name: str = "", **flags: Flag) -> Figure:
        """Return a figure of the suite, or one of your own: the flags are those of
        ``report figure``, such as ``metric="l1"``, ``log=True`` or ``x="seconds"``."""
        return Figure(self, ("figure", os.fspath(self.path), *([name] if name else [])), flags)

    def methods(self, format: str = "text") -> str:
        """Return what a paper must say of these experiments."""
        return call("report", "methods", os.fspath(self.path), "--format", format)[1]

    def page(self, **flags: Flag) -> Path:
        """Write the web page of the sweep and return its path."""
        return Path(call("report", "html", os.fspath(self.path), "--quiet", *arguments(flags))[1].strip())

    def policy(self, cell: str, name: str = "") -> Policy:
        """Read a kept network of a cell, as :func:`load_policy` does."""
        return load_policy(cell, name, directory=self.path)

    def digest(self) -> str:
        """Return the SHA-256 of all rows, which is the same on every machine."""
        return call("sweep", "digest", os.fspath(self.path))[1].strip()

    def status(self) -> dict[str, Any]:
        """Return what is done, what is not, and what failed."""
        status: dict[str, Any] = json.loads(call("sweep", "status", os.fspath(self.path), "--json")[1])
        return status

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@dataclass(frozen=True)
class _Report:
    sweep: Sweep
    command: tuple[str, ...]
    flags: dict[str, Flag]

    def text(self, format: str) -> str:
        """Return it in one of the formats of the command, such as latex or svg."""
        return call("report", *self.command, "--quiet", "--format", format, *self._more(), *arguments(self.flags), accepted=(0, 5, 6))[1]

    def _more(self) -> tuple[str, ...]:
        return ()


class Table(_Report):
    """Tables, or the verdicts on claims. Printed they are text; a notebook shows
    them as they are in a paper."""

    def frame(self) -> Any:
        """Return a data frame of pandas: a row for each number, with its interval,
        its seeds and its tests."""
        import pandas

        return pandas.read_csv(io.StringIO(self.text("csv")))

    def latex(self) -> str:
        """Return LaTeX, which needs array, booktabs and tabularx."""
        return self.text("latex")

    def __str__(self) -> str:
        return self.text("text")

    def _repr_html_(self) -> str:
        return self.text("html")


class Figure(_Report):
    """A figure, which a notebook shows."""

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Write the figure as SVG, PNG or PDF, which the ending of the name says."""
        call("report", *self.command, "--quiet", "--output", os.fspath(path), *arguments(self.flags))

    def _more(self) -> tuple[str, ...]:
        return ("--output", "-")

    def _repr_svg_(self) -> str:
        return self.text("svg")
