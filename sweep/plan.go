package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/tuning"
	"gfnbench/usage"
)

// A Selection says which cells of a suite to work on, and with what changes.
type Selection struct {
	Set    []string    // "key=value", overriding everything in the suite
	Filter []string    // "key=value,..."; a cell must match all
	Role   suites.Role // role of the cells, with [tune]; "" for both
	Shard  Shard       // of the cells that match
}

// A Shard is part Index, counted from 1, of Count. The zero Shard is the whole.
type Shard struct {
	Index, Count int // 1 ≤ Index ≤ Count, or both 0
}

// ParseShard reads "i/n". The error is a *usage.Error.
func ParseShard(text string) (Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n {
		return Shard{}, usage.Errorf("shard %q: expected i/n with 1 ≤ i ≤ n, such as 2/8", text)
	}
	return Shard{i, n}, nil
}

// A Plan is the set of cells to work on.
type Plan struct {
	Suite     *suites.Suite  // all of it
	Cells     []*suites.Cell // selected, in the order of the suite
	Selection Selection      // what was asked for, with the settings kept in the directory
	Dir       string         // where the results go
	Replace   bool           // the suite may replace another one with the same name

	origin string // of the suite; "" if it is the directory's own or unknown

	tuning *tuning.State // nil without [tune]
	blocks []*block
}

// Load reads a suite and selects cells. The argument is the path of a suite file,
// the name of a shipped suite, or a sweep directory, which keeps its suite. dir is
// where the results go, by default runs/NAME or that directory. The error is of
// type document.Problems if the suite is invalid, a *usage.Error if the request is,
// and usage.ErrNoMatch if nothing is selected.
func Load(arg, dir string, sel Selection) (*Plan, error) {
	p := &Plan{Selection: sel, Dir: dir}
	var err error
	if isDir(arg) {
		if p.Suite, err = suites.ReadDir(arg, sel.Set...); errors.Is(err, fs.ErrNotExist) {
			return nil, usage.Errorf("%s is a directory without a suite.toml: give a suite file, the name of a shipped suite (sweep list suites), or a sweep directory", arg)
		}
		if err == nil {
			var kept []string
			kept, err = suites.ReadSettings(arg)
			p.Selection.Set = append(kept, sel.Set...)
		}
		if p.Dir == "" {
			p.Dir = filepath.Clean(arg)
		}
	} else {
		p.Suite, err = suites.Read(arg, sel.Set...)
	}
	if err != nil {
		return nil, asUsage(err)
	}
	if p.Dir == "" {
		p.Dir = filepath.Join(results.Runs, p.Suite.Name)
	}
	if !isDir(arg) {
		p.origin = originOf(arg, p.Dir)
	}
	return p, p.decideFrom(p.Dir)
}

// isDir reports whether the argument is a directory, rather than the name of a
// shipped suite that happens to match one.
func isDir(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.IsDir() && (results.IsSweep(arg) || !slices.Contains(suites.Shipped(), arg))
}

// asUsage turns an error into a usage error, but leaves a suite's problems and its
// damaged files as they are.
func asUsage(err error) error {
	_, problems := errors.AsType[document.Problems](err)
	if _, damaged := errors.AsType[*suites.SumError](err); problems || damaged {
		return err
	}
	return &usage.Error{Err: err}
}

// choose selects the plan's cells and divides them into blocks.
func (p *Plan) choose() error {
	p.Cells = p.Suite.Cells
	p.blocks = blocks(p.Suite)
	s := p.Selection
	if s.Role != "" {
		s.Filter = append(slices.Clone(s.Filter), "role="+string(s.Role))
	}
	if len(s.Filter) == 0 && s.Shard.Count == 0 {
		return nil
	}
	if len(s.Filter) > 0 {
		cells, err := p.Suite.Filter(s.Filter)
		if err != nil {
			return err
		}
		if len(cells) == 0 {
			return fmt.Errorf("%w -f %s", usage.ErrNoMatch, strings.Join(s.Filter, " -f "))
		}
		if p.blocks, err = restrict(p.blocks, cells, p.Suite.Tune); err != nil {
			return err
		}
	}
	p.blocks = s.Shard.of(p.parts())
	in := map[*suites.Cell]bool{}
	for _, b := range p.blocks {
		for _, c := range b.cells {
			in[c] = true
		}
	}
	p.Cells = slices.DeleteFunc(slices.Clone(p.Suite.Cells), func(c *suites.Cell) bool { return !in[c] })
	return nil
}
