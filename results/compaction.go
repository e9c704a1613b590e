package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"gfnbench/results/columnar"
	"gfnbench/usage"
)

// A compaction is what each file written by one compaction says about all of
// them, so they vouch for each other: a file that does not belong with its
// neighbours is detected, and so is a missing one.
type compaction struct {
	ID      string            `json:"id"`                // 32 random hexadecimal digits
	Removes bool              `json:"removes,omitempty"` // it removed cells
	Journal []string          `json:"journal,omitempty"` // names of the journal files it took in
	Files   map[string]sister `json:"files"`             // files that it wrote, by name
}

// A sister is one file of a compaction.
type sister struct {
	Rows     int64  `json:"rows"`
	Replaced string `json:"replaced,omitempty"` // the compaction that wrote the file it replaced; "" if there was none
}

func newCompactionID() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }

// order returns the tables in the order in which their files are renamed. A
// reader takes a cell to exist if runs.parquet has it, so runs.parquet is last
// when cells are added, and first when some are removed. A kill in between
// leaves rows of cells that do not exist, never a cell without its rows.
func (c *compaction) order() []*table {
	if c.Removes {
		return []*table{runsTable, timingTable, varianceTable, instancesTable, curvesTable}
	}
	return []*table{curvesTable, timingTable, varianceTable, instancesTable, runsTable}
}

func (c *compaction) String() string {
	b, _ := json.Marshal(c) // it holds only strings and numbers
	return string(b)
}

// parseCompaction is the inverse of String. It returns nil for files of version
// 0.1.0, whose footers say nothing.
func parseCompaction(text string) (*compaction, error) {
	if text == "" {
		return nil, nil
	}
	c := &compaction{}
	if err := json.Unmarshal([]byte(text), c); err != nil || c.ID == "" {
		return nil, fmt.Errorf("%w: its footer does not say which files belong to it", columnar.ErrForeign)
	}
	return c, nil
}

// writer names the compaction that wrote the file. In version 0.1.0 compactions
// only have a number.
func (t *tableReader) writer() string {
	if t.compaction == nil {
		return fmt.Sprintf("generation %d", t.generation)
	}
	return t.compaction.ID
}

// writers returns which compaction wrote each file.
func (o openedTables) writers() map[string]string {
	by := map[string]string{}
	for t, r := range o {
		by[t.file] = r.writer()
	}
	return by
}

// newest returns a file of the last compaction: the one of the highest
// generation and, if several compactions claim it, the one that wrote the most
// files.
func (o openedTables) newest() (best *tableReader) {
	count := map[string]int{}
	for _, r := range o {
		count[r.writer()]++
	}
	for _, t := range tables {
		r := o[t]
		if r != nil && (best == nil || r.generation > best.generation || r.generation == best.generation && count[r.writer()] > count[best.writer()]) {
			best = r
		}
	}
	return best
}

// errApart says that a file does not belong with those beside it.
var errApart = errors.New("it does not belong to the files beside it")

// vouch reports a file that is missing or does not belong with the others. It
// returns nil if all are from one compaction. It also returns nil, with cut
// set, if a compaction was cut short and the journal still has everything that
// it would have added.
func (o openedTables) vouch(dir string, chunks []chunk) (cut bool, err error) {
	last := o.newest()
	if last == nil {
		return false, nil
	}
	if last.compaction == nil {
		return o.vouchOld(dir, last)
	}
	c := last.compaction
	var behind *table // the first file that this compaction did not reach
	for _, t := range c.order() {
		r, listed := o[t], false
		var s sister
		if s, listed = c.Files[t.file]; !listed && r == nil {
			continue
		}
		ours := r != nil && r.writer() == c.ID
		before := r == nil && s.Replaced == "" || r != nil && r.writer() == s.Replaced
		switch {
		case ours && behind != nil:
			return false, o.apart(dir, behind, last)
		case ours:
		case listed && before:
			if behind == nil {
				behind = t
			}
		default:
			return false, o.apart(dir, t, last)
		}
	}
	if behind != nil && !c.hasJournal(chunks) {
		return false, o.apart(dir, behind, last)
	}
	return behind != nil, nil
}

// hasJournal reports whether all journal files that the compaction took in
// still exist.
func (c *compaction) hasJournal(chunks []chunk) bool {
	for _, name := range c.Journal {
		if !slices.ContainsFunc(chunks, func(c chunk) bool { return filepath.Base(c.path) == name }) {
			return false
		}
	}
	return true
}

// vouchOld does what vouch does if the last compaction is one of version 0.1.0,
// which writes every file anew.
func (o openedTables) vouchOld(dir string, last *tableReader) (cut bool, err error) {
	for _, t := range tables {
		if r := o[t]; r != nil && r.compaction != nil {
			return false, o.apart(dir, t, last)
		} else if r != nil && r.generation != last.generation {
			cut = true
		}
	}
	return cut, nil
}

// apart says what is wrong with the file of a table compared with those of the
// last compaction.
func (o openedTables) apart(dir string, t *table, last *tableReader) error {
	path := filepath.Join(dir, t.file)
	r := o[t]
	if r == nil {
		return refuse(path, fmt.Errorf("%w: it had %s", errMissing, rowsOf(last.compaction.Files[t.file].Rows)))
	}
	text := fmt.Sprintf("compaction %d wrote its %s", r.generation, rowsOf(r.Rows()))
	switch {
	case r.generation < last.generation:
		text += fmt.Sprintf(", and compaction %d the files beside it: it is an older file", last.generation)
	case last.compaction == nil:
		text += ", and version 0.1.0 a file beside it"
	default:
		text += " in another directory or at another time"
	}
	return refuse(path, fmt.Errorf("%w: %s", errApart, text))
}

func rowsOf(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// mend says what to do about a file that is damaged, missing or too old, and whether the
// file belongs to a sweep directory.
func mend(path string) (do string, ours bool) {
	dir, name := filepath.Split(path)
	switch {
	case filepath.Base(dir) == journalDir:
		dir = filepath.Dir(filepath.Clean(dir))
	case !slices.Contains(Files, name):
		return "restore it from a copy", false
	}
	return "restore it from a copy, or run sweep mend " + usage.QuotePath(filepath.Clean(dir)) + ", which sets it aside and keeps every cell that is whole", true
}
