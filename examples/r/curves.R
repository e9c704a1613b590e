# Draw learning curves and print a table of final values, with base R: of the CSV
# that report export writes, or of a directory with Parquet files, which takes
# nanoparquet (small, no system libraries) or arrow.
#
#     report export quickstart -o curves.csv
#     Rscript curves.R curves.csv curves.svg [metric]
#     Rscript curves.R runs/quickstart curves.svg [metric]

arguments <- commandArgs(trailingOnly = TRUE)
source <- arguments[1]
out <- arguments[2]
metric <- if (length(arguments) > 2) arguments[3] else "l1"

parquet <- function(name) {
  file <- file.path(source, name)
  if (requireNamespace("nanoparquet", quietly = TRUE)) return(nanoparquet::read_parquet(file))
  if (requireNamespace("arrow", quietly = TRUE)) return(as.data.frame(arrow::read_parquet(file)))
  stop("install.packages(\"nanoparquet\") or install.packages(\"arrow\") first, or give the CSV of report export")
}
if (grepl("[.]csv$", source)) {
  curves <- read.csv(source, check.names = FALSE, na.strings = "")
  runs <- curves[!duplicated(curves$cell, fromLast = TRUE), ]
} else {
  curves <- parquet("curves.parquet")
  runs <- parquet("runs.parquet")
}

# A setting for people; one that does not apply is NA.
text <- function(x) ifelse(is.na(x), "none", if (is.double(x)) sprintf("%g", x) else as.character(x))
key <- function(rows, columns) do.call(paste, c(lapply(rows[columns], text), sep = "\t"))

# A diverged run is a result: its metrics are NaN, and so is a mean with it.
runs <- runs[runs$status %in% c("done", "diverged"), ]
settings <- setdiff(names(runs)[2:(match("status", names(runs)) - 1)], "seed")
# Never average over anything but the seed: what else differs is part of the arm.
arm <- intersect(c("environment", "objective", "alpha", "control_variate"), settings)
differs <- function(column) max(tapply(text(runs[[column]]), key(runs, arm), function(x) length(unique(x)))) > 1
arm <- c(arm, Filter(differs, setdiff(settings, arm)))
values <- split(runs[[metric]], key(runs, arm))
values <- values[order(names(values), method = "radix")]
cat(c(arm, "mean", "sd", "seeds"), sep = "\t")
cat(sprintf("\n%s\t%.6f\t%.6f\t%d", names(values), sapply(values, mean), sapply(values, sd), lengths(values)), "\n", sep = "")

# Okabe and Ito's colours, as report figure uses them.
colours <- c(
  tb = "#000000", db = "#999999", subtb = "#999999", vargrad = "#CC79A7", `reverse-kl` = "#0072B2",
  `forward-kl` = "#D55E00", renyi = "#009E73", tsallis = "#E69F00", linex = "#56B4E9", `shifted-cosh` = "#F0E442"
)

environments <- sort(unique(curves$environment))
svg(out, width = 4 * length(environments), height = 3.5)
par(mfrow = c(1, length(environments)))
for (environment in environments) {
  rows <- curves[curves$environment == environment, ]
  rows$arm <- gsub("\t", "/", key(rows, arm[-1]))
  mean_curve <- aggregate(rows[[metric]], list(step = rows$step, arm = rows$arm), mean)
  plot(range(mean_curve$step), range(mean_curve$x[mean_curve$x > 0], na.rm = TRUE),
    type = "n", log = "y", main = environment, xlab = "gradient steps", ylab = metric)
  arms <- sort(unique(mean_curve$arm))
  objective <- sub("/.*", "", arms) # arms of an objective have its colour, and each a dash of its own
  colour <- ifelse(objective %in% names(colours), colours[objective], "#666666")
  dash <- ave(seq_along(arms), objective, FUN = seq_along)
  for (i in seq_along(arms)) {
    one <- mean_curve[mean_curve$arm == arms[i], ]
    lines(one$step, one$x, col = colour[i], lty = dash[i], lwd = 2)
  }
  legend("topright", arms, col = colour, lty = dash, lwd = 2, bty = "n")
}
invisible(dev.off())
