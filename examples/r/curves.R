# Draw learning curves and print a table of final values, with base R and either
# nanoparquet (small, no system libraries) or arrow.
#
#     Rscript curves.R runs/quickstart curves.svg [metric]

arguments <- commandArgs(trailingOnly = TRUE)
directory <- arguments[1]
out <- arguments[2]
metric <- if (length(arguments) > 2) arguments[3] else "l1"

read <- if (requireNamespace("nanoparquet", quietly = TRUE)) {
  nanoparquet::read_parquet
} else if (requireNamespace("arrow", quietly = TRUE)) {
  function(file) as.data.frame(arrow::read_parquet(file))
} else {
  stop("install.packages(\"nanoparquet\") or install.packages(\"arrow\") first")
}
named <- function(x) ifelse(is.na(x), "none", as.character(x)) # an axis that does not apply is NA

# Okabe and Ito's colours, as report figure uses them.
colours <- c(
  tb = "#000000", db = "#999999", subtb = "#999999", vargrad = "#CC79A7", `reverse-kl` = "#0072B2",
  `forward-kl` = "#D55E00", renyi = "#009E73", tsallis = "#E69F00", linex = "#56B4E9", `shifted-cosh` = "#F0E442"
)

curves <- read(file.path(directory, "curves.parquet"))
environments <- sort(unique(curves$environment))
svg(out, width = 4 * length(environments), height = 3.5)
par(mfrow = c(1, length(environments)))
for (environment in environments) {
  rows <- curves[curves$environment == environment, ]
  mean_curve <- aggregate(rows[[metric]], list(step = rows$step, objective = rows$objective), mean)
  plot(range(mean_curve$step), range(mean_curve$x[mean_curve$x > 0], na.rm = TRUE),
    type = "n", log = "y", main = environment, xlab = "gradient steps", ylab = metric)
  objectives <- sort(unique(mean_curve$objective))
  for (objective in objectives) {
    one <- mean_curve[mean_curve$objective == objective, ]
    lines(one$step, one$x, col = colours[objective], lwd = 2)
  }
  legend("topright", objectives, col = colours[objectives], lwd = 2, bty = "n")
}
invisible(dev.off())

# A diverged run is a result: its metrics are NaN, and it counts.
runs <- read(file.path(directory, "runs.parquet"))
runs <- runs[runs$status %in% c("done", "diverged"), ]
arm <- list(environment = runs$environment, objective = runs$objective, alpha = named(runs$alpha), control_variate = named(runs$control_variate))
table <- aggregate(runs[[metric]], arm, function(x) c(mean(x), sd(x), length(x)))
table <- table[order(table$environment, table$objective, table$alpha, table$control_variate, method = "radix"), ]
cat(sprintf("%s\t%s\t%s\t%s\t%.6f\t%.6f\t%d\n", table$environment, table$objective, table$alpha, table$control_variate,
  table$x[, 1], table$x[, 2], as.integer(table$x[, 3])), sep = "")
