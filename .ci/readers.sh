#!/usr/bin/env bash
# Installs, once, what reads our files in the tests and the Python examples:
# pandas, pyarrow, Polars, DuckDB, matplotlib, jsonschema, TensorBoard, SciPy, rliable and
# mypy in a virtual environment, with the schema of the Citation File Format; hyparquet in a
# node_modules. The last line of stdout is the folder that holds them. Where
# python3 or node is missing it says so and goes on without; with CI=true or
# GFNBENCH_REQUIRE_READERS=1 that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
pins=$PWD/results/testdata/readers

missing() {
	echo "readers: $1 is missing: its part of the readers' test is skipped" >&2
	if [[ ${CI:-} == true || -n ${GFNBENCH_REQUIRE_READERS:-} ]]; then
		echo "readers: here it must not be: install $1" >&2
		exit 1
	fi
}
python=$(command -v python3 || true)
node=$(command -v node || true)
[[ -n $node ]] && ! command -v npm >/dev/null && node=
[[ -n $python ]] || missing python3
[[ -n $node ]] || missing "node (with npm)"

cff=cffconvert==2.0.0 # for its schema.json alone: its own requirements are old
rliable=rliable==1.2.0 # for its metrics alone, which need NumPy and SciPy
key=$({ echo "$cff" "$rliable"; cat "$pins/requirements.txt" "$pins/package.json"
	${python:+"$python" --version}
	${node:+"$node" --version}; } 2>&1 | cksum | tr -d ' ')
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gfnbench
home=$cache/readers-$key
if [[ ! -e $home/complete ]]; then
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/.readers-XXXXXX")
	trap 'rm -rf "$new"' EXIT
	if [[ -n $python ]]; then
		echo "readers: installing pandas, pyarrow, Polars, DuckDB, matplotlib, jsonschema, TensorBoard, SciPy, rliable and mypy into $home" >&2
		"$python" -m venv "$new/venv"
		"$new/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$pins/requirements.txt" >&2
		"$new/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$cff" "$rliable" >&2
	fi
	if [[ -n $node ]]; then
		echo "readers: installing hyparquet into $home" >&2
		cp "$pins/package.json" "$new/"
		(cd "$new" && npm install --no-package-lock --no-audit --no-fund --loglevel=error >&2)
	fi
	touch "$new/complete"
	chmod 755 "$new"
	[[ -e $home/complete ]] || { rm -rf "$home"; mv "$new" "$home"; }
fi
echo "$home"
