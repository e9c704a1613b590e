// Report turns the results of sweeps into what a paper needs.
//
// Usage:
//
//	report table [DIR...] [TABLE...]     tables, as Markdown, text, LaTeX, CSV or HTML
//	report claims [DIR...] [CLAIM...]    the suite's claims, tested
//	report figure [DIR...] [FIGURE...]   figures, as SVG, PNG or PDF
//	report html [DIR...]                 all of it as one page
//	report diff A B                      two sweeps compared
//	report methods [DIR...]              paragraphs and tables of settings
//	report export [DIR...]               tidy CSV or JSON, or one Parquet file
//
// DIR is a sweep directory, the name of one under runs/, the suite file that it is of, or a
// merged Parquet file; without it, report takes the directory whose results changed last and
// says which. Data go to standard output, all else to standard error.
//
// Exit codes: 0 ok, 1 something is wrong with the results or the machine, 2 usage, 5 a claim
// contradicted or a regression, 6 claims inconclusive or not run, 7 a filter matched nothing,
// 8 all is well except that results conflict.
package main

import "gfnbench/cmd/cli"

func main() { cli.Report() }
