#!/usr/bin/env bash
# Usage: debian.sh PROGRAM PACKAGE
# Installs Debian's package unless the program is there. Exits with 1 where it is not
# there in the end, and with 2 where that is a failure: with CI=true or
# GFNBENCH_REQUIRE_QEMU=1.
set -euo pipefail
command -v "$1" >/dev/null && exit
if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
	echo "debian.sh: installing Debian's $2" >&2
	{ apt-get update && apt-get install -y --no-install-recommends "$2"; } >&2 ||
		echo "debian.sh: the package cannot be installed" >&2
fi
command -v "$1" >/dev/null && exit
echo "debian.sh: no $1: install $2" >&2
[[ ${CI:-} != true && -z ${GFNBENCH_REQUIRE_QEMU:-} ]] || exit 2
exit 1
