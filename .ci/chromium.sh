#!/usr/bin/env bash
# Finds Chromium for the test of the report's web page, and installs Debian's
# package where it can. The last line of stdout is the program's path. Where there
# is none it says so and goes on without; with CI=true or
# GFNBENCH_REQUIRE_BROWSER=1 that is a failure.
set -euo pipefail

find_browser() {
	local name
	for name in ${GFNBENCH_CHROMIUM:+"$GFNBENCH_CHROMIUM"} chromium chromium-browser google-chrome; do
		command -v "$name" && return
	done
	return 1
}

if ! find_browser >/dev/null && command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
	echo "chromium: installing Debian's package" >&2
	{ apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation; } >&2 ||
		echo "chromium: the package cannot be installed" >&2
fi
if ! find_browser; then
	echo "chromium: there is no Chromium: the test of the report's web page is skipped" >&2
	if [[ ${CI:-} == true || -n ${GFNBENCH_REQUIRE_BROWSER:-} ]]; then
		echo "chromium: here it must not be: install chromium, or name one in GFNBENCH_CHROMIUM" >&2
		exit 1
	fi
fi
