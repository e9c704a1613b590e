package report_test

import (
	"log"
	"os"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
)

// A table from the results in a directory: a row for each environment, a column
// for each objective, the best in bold.
func ExampleLoad() {
	dir := sweepDir()
	defer os.RemoveAll(dir)
	s, err := report.Load(report.Options{}, dir)
	if err != nil {
		log.Fatal(err)
	}
	t, err := s.Table(s.DefaultTable([]string{"environment"}, []string{"objective"}))
	if err == nil {
		err = sheet.WriteTables(os.Stdout, sheet.Form{Format: "markdown"}, s, []*report.Table{t})
	}
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// ### mine
	//
	// l1 at the end; mean ± sd over 6 seeds.
	//
	// | environment |                  tb |         vargrad |
	// |:------------|--------------------:|----------------:|
	// | grid        | **0.1191 ± 0.0056** | 0.1491 ± 0.0067 |
	//
	// bold: the best, and all whose paired difference from it has a 95% interval that contains 0.
}

// sweepDir returns a new sweep directory with invented numbers.
func sweepDir() string {
	dir, err := os.MkdirTemp("", "report")
	if err == nil {
		err = reporttest.Write(dir, mine, nil)
	}
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

const mine = `schema = 1
name = "mine"
[run]
seeds = 6
steps = 100
[environment.grid]
kind = "hypergrid"
height = 3
[[grid]]
objective = ["tb", "vargrad"]
`
