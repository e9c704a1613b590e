package suites

import (
	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// A Suite is a suite file, checked and expanded.
type Suite struct {
	Name  string       // of the suite and of its results
	Title string       // for reports; may be ""
	Text  []byte       // the file as it is
	Files []param.File // the files that it names, with their content

	Trainers     []*Trainer // programs that train cells, in the order of the file
	Environments []string   // names, in the order of the file
	Cells        []*Cell    // every planned run, in the order of the columns' values; with [tune] tuning cells before test cells
	Columns      []Column   // what distinguishes cells, in the order of the results' columns
	Count        Count      // how the number of cells arises

	Tables   []*Table  // in the order of the file
	Claims   []*Claim  // in the order of the file
	Figures  []*Figure // in the order of the file
	Labels   []Naming  // in the order of the file: what readers see in place of names
	Variance *Variance // nil: none asked for
	Tune     *Tune     // nil: nothing is tuned
	Slurm    *Slurm    // nil: the defaults
	Keep     *Keep     // nil: no networks are kept

	Arms     []*Arm             // of a suite with [tune]
	Warnings []document.Problem // what is allowed and may not be meant

	slots     []*Key         // of the cells' settings: cellKeys and the environments' parameters
	slotOf    map[string]int // by the names of columns
	idOrder   []int          // slots that enter the id, by name
	instances map[string]*instance
}

// A Column is an axis or a hyperparameter of the results.
type Column struct {
	Name   string     // such as "alpha", "optimizer.lr" or "params.height"
	Type   param.Type // of its values
	Doc    string     // one line: meaning and unit
	Varies bool       // its values differ between cells

	slot int
}

// An Axis is one column's value in one cell.
type Axis struct {
	Name  string      // of the column
	Value param.Value // null if it does not apply
}

// Count says how the number of cells arises: Grids - Excluded - Duplicates + Test
// = len(Cells).
type Count struct {
	Grids      []int `json:"grids"`      // cells of each [[grid]], then of each [[sample]]
	Excluded   int   `json:"excluded"`   // cells that an exclude leaves out
	Overridden int   `json:"overridden"` // cells that an override changes
	Duplicates int   `json:"duplicates"` // cells that others equal, including "paper" where it is "loo" by definition
	Test       int   `json:"test"`       // test cells of [tune]; the others are tuning cells
}

// A Cell is one training run, fully resolved.
type Cell struct {
	ID        string // 16 hex digits
	Seed      int    // index
	Role      Role   // "" without [tune]
	Undecided bool   // it stands in for a test of a setting not chosen yet; no result has its id
	*config

	arm *Arm // of a cell that is undecided
}

// An instance is an environment made once and shared by its cells.
type instance struct {
	kind   *env.Kind
	shared *gfn.Instance
	params param.Values
	text   string           // canonical parameters
	actual map[int]*setting // by slot: parameters determined by the data
}
