#!/usr/bin/env bash
# Fails unless the generators of the kernels write the assembly and the declarations
# that are committed. They work on a copy, so nothing is overwritten. The encoded
# words of arm64 are compared with what binutils make of their comments; where there
# are none for that processor it says so and goes on.
set -euo pipefail
ci=$(cd "$(dirname "$0")" && pwd)
cd "$ci/../gfn/internal/vec"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -r asm path_amd64.go path_arm64.go "$dir"
go vet -C "$dir/asm" ./...
(cd "$dir" && sed -n 's,^//go:generate ,,p' path_amd64.go path_arm64.go | bash -e)
for file in asm_amd64.s stubs_amd64.go asm_arm64.s stubs_arm64.go; do
	cmp "$file" "$dir/$file" || {
		echo "assembly.sh: $file is not what the generator writes: run go generate ./gfn/internal/vec/..." >&2
		exit 1
	}
done

"$ci/debian.sh" aarch64-linux-gnu-as binutils-aarch64-linux-gnu || {
	[[ $? == 1 ]] || exit 1
	echo "assembly.sh: the words of arm64 are not compared" >&2
	exit 0
}
word='^\tWORD \$0x\([0-9a-f]*\) // \(.*\)$'
sed -n "s,$word,\1,p" asm_arm64.s >"$dir/words"
sed -n "s,$word,\2,p" asm_arm64.s | aarch64-linux-gnu-as -o "$dir/words.o"
aarch64-linux-gnu-objdump -d "$dir/words.o" | sed -n 's,^ *[0-9a-f]*:\t\([0-9a-f]*\) .*,\1,p' >"$dir/assembled"
[[ -s $dir/words && $(grep -c WORD asm_arm64.s) == $(wc -l <"$dir/words") ]] || {
	echo "assembly.sh: words without an instruction as their comment" >&2
	exit 1
}
diff "$dir/words" "$dir/assembled" || {
	echo "assembly.sh: words of asm_arm64.s are not the instructions of their comments" >&2
	exit 1
}
