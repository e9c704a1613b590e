"""Tests of the installed package: python -m unittest discover -s python/tests."""

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
from pathlib import Path

import gfnbench
from gfnbench.programs import arguments

SUITE = """
schema = 1
name = "small"
[run]
seeds = 2
steps = 10
[environment.sets]
kind = "sets"
elements = 6
size = 3
instance_seed = 1
[[grid]]
objective = ["tb", "vargrad"]
[[claim]]
id = "same"
text = "they are equal"
test = "equal"
metric = "l1"
margin = 2.0
a = { objective = "tb" }
b = { objective = "vargrad" }
"""


class Flags(unittest.TestCase):
    def test_arguments(self):
        for flags, want in [
            ({"log": True, "keep_going": True, "quiet": False, "metric": None}, ["--log", "--keep-going"]),
            ({"jobs": 4, "metric": "tv"}, ["--jobs", "4", "--metric", "tv"]),
            ({"columns": ["objective", "alpha"]}, ["--columns", "objective,alpha"]),
            ({"filter": {"objective": ["tb", "db"], "seed": 0}}, ["--filter", "objective=tb,db", "--filter", "seed=0"]),
            ({"set": {"seeds": [3, 4], "optimizer.lr": 0.01}}, ["--set", "seeds=[3, 4]", "--set", "optimizer.lr=0.01"]),
        ]:
            self.assertEqual(arguments(flags), want)


class Sweeps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        suite = Path(cls.folder.name, "small.toml")
        suite.write_text(SUITE)
        cls.suite = suite
        cls.sweep = gfnbench.run(suite, output=Path(cls.folder.name, "results"), quiet=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_frames(self):
        runs = self.sweep.load()
        self.assertEqual(sorted(runs["objective"]), ["tb", "tb", "vargrad", "vargrad"])
        curves = gfnbench.load(self.sweep.path, "curves", frames="polars")
        last = curves.filter(curves["step"] == 10).sort("objective", "seed")["l1"].to_list()
        self.assertEqual(last, list(runs.sort_values(["objective", "seed"])["l1"]))
        with self.assertRaisesRegex(ValueError, "runs, curves"):
            self.sweep.load("run")

    def test_tables(self):
        table = self.sweep.table(metric="tv")
        runs = self.sweep.load()
        for objective, estimate in zip(table.frame()["objective"], table.frame()["estimate"]):
            self.assertAlmostEqual(estimate, runs[runs["objective"] == objective]["tv"].mean(), places=12)
        self.assertIn("vargrad", str(table))
        self.assertIn("<table>", table._repr_html_())
        self.assertIn("<table>", self.sweep._repr_html_())
        self.assertIn(r"\toprule", table.latex())
        self.assertIn("same", str(self.sweep.claims()))
        self.assertIn("2 objectives (tb, vargrad)", self.sweep.methods())

    def test_figures(self):
        figure = self.sweep.figure(metric="l1")
        self.assertIn("<svg", figure._repr_svg_())
        path = Path(self.folder.name, "figure.pdf")
        figure.save(path)
        self.assertTrue(path.read_bytes().startswith(b"%PDF"))
        self.assertTrue(self.sweep.page().read_text().lstrip().lower().startswith("<!doctype html>"))

    def test_status(self):
        self.assertEqual(self.sweep.status()["statuses"], {"done": 4})
        self.assertEqual(len(self.sweep.digest()), 64)

    def test_errors(self):
        with self.assertRaisesRegex(gfnbench.ProgramError, "objectve.*objective") as caught:
            gfnbench.run(self.suite, filter={"objectve": "tb"}, quiet=True)
        self.assertEqual(caught.exception.code, 2)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            late = gfnbench.run(self.suite, output=Path(self.folder.name, "late"), set={"timeout": '"1ns"'}, quiet=True)
        self.assertEqual([w.category for w in seen], [UserWarning])
        self.assertEqual(late.status()["statuses"], {"timeout": 4})

    def test_interrupt(self):
        """An interrupt reaches the program once, which saves its work."""
        output = Path(self.folder.name, "interrupted")
        script = "import sys, gfnbench\ngfnbench.run(sys.argv[1], output=sys.argv[2], set={'steps': 10_000_000, 'eval_every': 10_000_000})"
        child = subprocess.Popen([sys.executable, "-c", script, str(self.suite), str(output)], stderr=subprocess.PIPE, text=True)
        while not (output / "suite.toml").exists():
            self.assertIsNone(child.poll())
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate()
        self.assertIn("KeyboardInterrupt", errors)
        self.assertIn("continue with: sweep run", errors)


class Package(unittest.TestCase):
    def test_version(self):
        program = subprocess.run([gfnbench.programs.find("sweep"), "--version"], capture_output=True, text=True, check=True)
        self.assertIn(importlib.metadata.version("gfnbench"), program.stdout)

    def test_programs(self):
        old = os.environ.get("GFNBENCH_BIN"), os.environ["PATH"]
        try:
            os.environ["PATH"] = ""
            self.assertTrue(json.dumps(gfnbench.programs.find("report")))
            with self.assertRaisesRegex(FileNotFoundError, "GFNBENCH_BIN"):
                gfnbench.programs.find("no-such-program")
        finally:
            os.environ["PATH"] = old[1]


if __name__ == "__main__":
    unittest.main()
