#!/usr/bin/env bash
# Fails unless the generator of the kernels writes the assembly and the
# declarations that are committed. It works on a copy, so nothing is overwritten.
set -euo pipefail
cd "$(dirname "$0")/../gfn/internal/vec"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -r asm path_amd64.go "$dir"
go vet -C "$dir/asm" .
(cd "$dir" && sed -n 's,^//go:generate ,,p' path_amd64.go | bash -e)
for file in asm_amd64.s stubs_amd64.go; do
	cmp "$file" "$dir/$file" || {
		echo "assembly.sh: $file is not what the generator writes: run go generate ./gfn/internal/vec" >&2
		exit 1
	}
done
