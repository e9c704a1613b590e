package sweep

import (
	"time"

	"gfnbench/results"
)

// Mend makes a sweep directory readable in which files are damaged, missing or
// older than those beside them, as results.Dir.Mend does.
func Mend(dir string, o Options) (*results.Mended, error) {
	d, err := results.Create(dir, results.Options{FS: o.FS, Provenance: provenance(o.Anonymous, o.Command, "", time.Now())})
	if err != nil {
		return nil, err
	}
	return d.Mend()
}
