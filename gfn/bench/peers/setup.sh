#!/bin/sh
# Usage: setup.sh [DIR]
# Makes the Python environments DIR/torch (torchgfn) and DIR/jax (gfnx) with the
# pinned packages, about 5 GB, and prints DIR. Does nothing for an environment that is
# up to date. DIR/bin has their interpreters as torchgfn-python and gfnx-python. PYTHON names the interpreter, 3.11 unless the pins are changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/gfnbench/peers}
python=${PYTHON:-python3.11}

for peer in torch jax; do
	wanted=$here/requirements-$peer.txt
	installed=$dir/$peer/requirements.txt
	if ! cmp -s "$wanted" "$installed"; then
		echo "setup.sh: installing $dir/$peer" >&2
		"$python" -m venv --clear "$dir/$peer"
		"$dir/$peer/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$wanted" >&2
		cp "$wanted" "$installed"
	fi
done
mkdir -p "$dir/bin"
for pair in torchgfn:torch gfnx:jax; do
	name=$dir/bin/${pair%:*}-python
	printf '#!/bin/sh\nexec "%s/%s/bin/python" "$@"\n' "$dir" "${pair#*:}" >"$name.new"
	chmod 755 "$name.new"
	mv "$name.new" "$name" # a link would not find the environment
done
echo "$dir"
