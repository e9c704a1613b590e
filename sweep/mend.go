package sweep

import (
	"time"

	"gfnbench/results"
)

// Mended says what [Mend] did.
type Mended struct {
	results.Mended
	Settled []string // cells that are no longer in conflict
	Others  string   // folder with the rejected results of these; "" if there was no conflict
}

// Mend makes a sweep directory readable in which files are damaged, missing or
// older than those beside them, as results.Dir.Mend does. It then ends its
// conflicts as asked: "keep" keeps the results that stand, "rerun" forgets them,
// and "" leaves them.
func Mend(dir, conflicts string, o Options) (*Mended, error) {
	d, err := results.Create(dir, results.Options{FS: o.FS, Provenance: provenance(o.Anonymous, o.Command, "", time.Now())})
	if err != nil {
		return nil, err
	}
	m, err := d.Mend()
	if err != nil {
		return nil, err
	}
	all := &Mended{Mended: *m}
	if conflicts != "" {
		all.Settled, all.Others, err = d.Settle(conflicts == "rerun")
	}
	return all, err
}
