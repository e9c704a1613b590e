#!/usr/bin/env bash
# Finds R with a reader of Parquet for the test of the R example: nanoparquet or
# arrow, else nanoparquet is installed from CRAN, where that can be reached
# (GFNBENCH_CRAN names another repository), into a library of its own. Installs
# Debian's package of R where it can. The last line of stdout is the folder of
# that library, which need not hold anything. Without R it says so and goes on;
# with CI=true or GFNBENCH_REQUIRE_R=1 that is a failure.
set -euo pipefail
library=${XDG_CACHE_HOME:-$HOME/.cache}/gfnbench/r
mkdir -p "$library"

if ! command -v Rscript >/dev/null && command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
	echo "r: installing Debian's package" >&2
	{ apt-get update && apt-get install -y --no-install-recommends r-base-core; } >&2 ||
		echo "r: the package cannot be installed" >&2
fi
if ! command -v Rscript >/dev/null; then
	echo "r: there is no R: the R example is not run" >&2
	if [[ ${CI:-} == true || -n ${GFNBENCH_REQUIRE_R:-} ]]; then
		echo "r: here it must not be: install R" >&2
		exit 1
	fi
else
	R_LIBS=$library Rscript --vanilla - "$library" >&2 <<'R' || true
there <- function(package) requireNamespace(package, quietly = TRUE)
if (!there("nanoparquet") && !there("arrow")) {
  mirror <- Sys.getenv("GFNBENCH_CRAN")
  if (nzchar(mirror)) options(repos = c(CRAN = mirror)) else chooseCRANmirror(ind = 1, graphics = FALSE, local.only = TRUE)
  options(timeout = 30)
  suppressWarnings(install.packages("nanoparquet", lib = commandArgs(TRUE)[1], quiet = TRUE))
}
if (!there("nanoparquet") && !there("arrow")) message("r: neither nanoparquet nor arrow can be installed")
R
fi
echo "$library"
