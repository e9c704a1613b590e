#!/usr/bin/env bash
# Usage: paths.sh [sweep run's filters]
# Runs the smoke suite, or the cells that the filters leave, and a gin, with every
# implementation of the kernels that this CPU has, and fails unless all digests of
# the results are the same. The kernels of AVX are tested as on a processor that has no
# more, and the portable ones on riscv64, where the compiler fuses. On arm64, by Debian's
# qemu-user-static, which it installs where it can, it tests the kernels and runs the
# smoke suite whole, and of quickstart what the filters leave; where there is no qemu it
# says so and goes on, but with CI=true or GFNBENCH_REQUIRE_QEMU=1 that is a failure.
# Without filters that takes half an hour.
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
	GODEBUG=$debug "$@" run "$suite" -q -o "$dir/$suite-$name" "${filters[@]}" >/dev/null || fail "the run of $suite on $name failed"
	digest=$("$dir/sweep" digest "$dir/$suite-$name")
	echo "$digest  $suite on $name ($path)"
}

# same NAME... does so and compares with the digest that is wanted.
same() {
	run "$@"
	[[ $digest == "$want" ]] || fail "$1 gives other results than the default path"
}

go build -o "$dir/sweep" ./cmd/sweep
go build -tags noasm -o "$dir/sweep-noasm" ./cmd/sweep
GOAMD64=v3 go build -tags noasm -o "$dir/sweep-fused" ./cmd/sweep # multiply-adds by the compiler
best=$("$dir/sweep" env --json | sed -n 's/.*"simd": "\(.*\)".*/\1/p')
[[ $best == avx512 ]] || echo "paths.sh: this CPU has no AVX-512: that path is left out" >&2

# everywhere SUITE [FILTERS...] compares the paths of this CPU.
everywhere() {
	suite=$1 filters=("${@:2}")
	run default "$best" "" "$dir/sweep"
	want=$digest
	if [[ $best == avx512 ]]; then
		same avx2 avx2 cpu.avx512f=off "$dir/sweep"
	fi
	same avx avx cpu.avx512f=off,cpu.avx2=off "$dir/sweep"
	same go go cpu.avx512f=off,cpu.avx2=off,cpu.avx=off "$dir/sweep"
	same noasm go "" "$dir/sweep-noasm"
	case $best in avx2 | avx512) same fused go "" "$dir/sweep-fused" ;; esac
}

everywhere smoke "$@"
# Networks that smoke has not: gin, read from roots and from the forest.
everywhere silent-choices -f environment=phylo -f objective=tb -f instance=1 --set steps=20 --set eval_every=20
suite=smoke

.ci/debian.sh qemu-aarch64-static qemu-user-static || {
	[[ $? == 1 ]] || exit 1
	echo "paths.sh: arm64 is left out" >&2
	exit 0
}
# A processor without AVX2 and fused multiply-adds. That qemu touches what masked loads
# leave out.
go test -c -o "$dir/vec-amd64" ./gfn/internal/vec
(cd gfn/internal/vec && qemu-x86_64-static -cpu SandyBridge "$dir/vec-amd64" -test.short -test.skip TestBounds 2>/dev/null) ||
	fail "the kernels of AVX fail their tests"

GOARCH=riscv64 go test -c -o "$dir/vec-riscv64" ./gfn/internal/vec
(cd gfn/internal/vec && qemu-riscv64-static "$dir/vec-riscv64" -test.short) || fail "the portable kernels of riscv64 fail their tests"

export GOARCH=arm64
go test -c -o "$dir/vec-arm64" ./gfn/internal/vec
go build -o "$dir/sweep-arm64" ./cmd/sweep
unset GOARCH
(cd gfn/internal/vec && qemu-aarch64-static "$dir/vec-arm64" -test.short) || fail "the kernels of arm64 fail their tests"

# on_arm64 PATH GODEBUG compares what arm64 gives with the default path.
on_arm64() {
	run "here-for-$1" "$best" "" "$dir/sweep"
	want=$digest
	same "arm64-$1" "$1" "$2" qemu-aarch64-static "$dir/sweep-arm64"
}

filters=()
on_arm64 neon ""
filters=(-f environment=sets -f objective=tb)
on_arm64 go cpu.asimd=off
suite=quickstart filters=("$@")
on_arm64 neon ""
