#!/usr/bin/env bash
# Runs every fuzz target of the repository for FUZZTIME each. What it finds is
# written to the target's corpus, testdata/fuzz, where go test reads it from then on.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rln --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r folder; do
	grep -ho '^func Fuzz[A-Za-z0-9_]*' "$folder"/*_test.go | cut -c6- | while read -r target; do
		echo "$folder $target"
		"${GO:-go}" test "$folder" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}"
	done
done
