#!/usr/bin/env bash
# Usage: paths.sh [sweep run's filters]
# Runs the smoke suite, or the cells that the filters leave, with every
# implementation of the kernels that this CPU has, and fails unless all digests of
# the results are the same. Without filters, the cells of one environment are run
# on arm64 too, by Debian's qemu-user-static, which it installs where it can; where
# there is none it says so and goes on, but with CI=true or GFNBENCH_REQUIRE_QEMU=1
# that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "paths.sh: $*" >&2
	exit 1
}

# run NAME PATH GODEBUG PROGRAM... runs the suite by that program, which must take
# that path, and sets digest.
run() {
	local name=$1 path=$2 debug=$3 taken
	shift 3
	taken=$(GODEBUG=$debug "$@" env --json | sed -n 's/.*"simd": "\(.*\)".*/\1/p')
	[[ $taken == "$path" ]] || fail "$name takes the path '$taken', not '$path'"
	GODEBUG=$debug "$@" run smoke -q -o "$dir/$name" "${filters[@]}" >/dev/null || fail "the run on $name failed"
	digest=$("$dir/sweep" digest "$dir/$name")
}

# same NAME... does so and compares with the digest that is wanted.
same() {
	run "$@"
	echo "$digest  $1"
	[[ $digest == "$want" ]] || fail "$1 gives other results than the default path"
}

find_qemu() {
	command -v qemu-aarch64-static || command -v qemu-aarch64
}

install_qemu() {
	if ! find_qemu >/dev/null && command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
		echo "paths.sh: installing Debian's qemu-user-static" >&2
		{ apt-get update && apt-get install -y --no-install-recommends qemu-user-static; } >&2 ||
			echo "paths.sh: the package cannot be installed" >&2
	fi
	find_qemu >/dev/null && return
	[[ ${CI:-} != true && -z ${GFNBENCH_REQUIRE_QEMU:-} ]] || fail "no qemu-aarch64: install qemu-user-static"
	echo "paths.sh: no qemu-aarch64 (Debian: qemu-user-static): arm64 is left out" >&2
	return 1
}

go build -o "$dir/sweep" ./cmd/sweep
go build -tags noasm -o "$dir/sweep-noasm" ./cmd/sweep
best=$("$dir/sweep" env --json | sed -n 's/.*"simd": "\(.*\)".*/\1/p')
filters=("$@")

run default "$best" "" "$dir/sweep"
want=$digest
echo "$want  default ($best)"
if [[ $best == avx512 ]]; then
	same avx2 avx2 cpu.avx512f=off "$dir/sweep"
else
	echo "paths.sh: this CPU has no AVX-512: that path is left out" >&2
fi
same go go cpu.avx512f=off,cpu.avx2=off "$dir/sweep"
same noasm go "" "$dir/sweep-noasm"

[[ $# == 0 ]] && install_qemu || exit 0
GOARCH=arm64 go build -o "$dir/sweep-arm64" ./cmd/sweep
filters=(-f environment=sets)
run sets "$best" "" "$dir/sweep"
want=$digest
same arm64 go "" "$(find_qemu)" "$dir/sweep-arm64"
