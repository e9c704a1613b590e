"""Train and compare GFlowNets with gfnbench, from Python.

    >>> import gfnbench
    >>> sweep = gfnbench.run("quickstart", filter={"environment": "sets"})
    >>> sweep.table()                       # as in a paper, with its tests
    >>> sweep.load("curves")                # a data frame of all evaluations

The work is done by the programs sweep and report, which are installed beside
this package. Keyword arguments are their flags: ``log=True`` is ``--log``.
"""

from .programs import Flag, ProgramError
from .sweep import Figure, Sweep, Table, load, load_policy, run

__all__ = ["Figure", "Flag", "ProgramError", "Sweep", "Table", "load", "load_policy", "run"]
