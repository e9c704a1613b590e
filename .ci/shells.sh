#!/usr/bin/env bash
# Installs zsh and fish, Debian's packages, for the tests of completion where it
# can. Where they are missing their tests are skipped, or fail with
# GFNBENCH_REQUIRE_SHELLS=1.
set -euo pipefail
missing=()
for shell in zsh fish; do
	command -v "$shell" >/dev/null || missing+=("$shell")
done
if ((${#missing[@]})) && command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
	echo "shells: installing ${missing[*]}" >&2
	{ apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >&2 ||
		echo "shells: they cannot be installed" >&2
fi
