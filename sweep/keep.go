package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/network"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/safetensors"
	"gfnbench/suites"
	protocol "gfnbench/trainer"
	"gfnbench/trainer/remote"
	"gfnbench/usage"
)

// policiesDir is the folder of a sweep directory with the networks that [keep] asks
// for: a safetensors file for each cell that is done or diverged. The cell's row in
// timing.parquet has the file's SHA-256, so another file is noticed.
const policiesDir = "policies"

// policiesFormat is the version of the files.
const policiesFormat = 1

// PolicyPath returns the path of the file with a cell's kept networks.
func PolicyPath(dir, cell string) string {
	return filepath.Join(dir, policiesDir, cell+".safetensors")
}

// A KeptPolicy is one network that is kept of a cell.
type KeptPolicy struct {
	Name        string // "final", "best", or the number of steps
	gfn.Weights        // its parameters
}

// A keeper keeps the networks of a cell while it is trained.
type keeper struct {
	of   *suites.Keep
	by   metric.Metric // finds the best
	best float64       // its value there
	list []KeptPolicy  // in the order of their steps, but for the final one
}

// newKeeper returns the keeper of a cell, nil if nothing of it is kept.
func newKeeper(c *suites.Cell) *keeper {
	of := c.Keep()
	if of == nil {
		return nil
	}
	k := &keeper{of: of}
	k.by, _ = metric.Lookup(of.Metric.Of(c.EnvironmentName())) // of the best alone, and checked when it was read
	return k
}

// watch keeps the networks of a run, as they are, where the suite asks for them.
func (k *keeper) watch(run *gfn.Trainer, row gfn.Row, evaluated bool) {
	if step := run.StepsTaken(); slices.Contains(k.of.Steps, step) {
		k.put(strconv.Itoa(step), run)
	}
	if !k.of.Best || !evaluated {
		return
	}
	x := row.Metrics[k.by]
	if !x.Present || math.IsNaN(x.Value) || k.has(suites.KeepBest) && float64(k.by.Info().Better)*(x.Value-k.best) <= 0 {
		return
	}
	k.best = x.Value
	k.put(suites.KeepBest, run)
}

func (k *keeper) has(name string) bool {
	return slices.ContainsFunc(k.list, func(p KeptPolicy) bool { return p.Name == name })
}

// put keeps the network under a name, in place of the one that has it.
func (k *keeper) put(name string, run *gfn.Trainer) {
	k.list = slices.DeleteFunc(k.list, func(p KeptPolicy) bool { return p.Name == name })
	k.list = append(k.list, KeptPolicy{name, run.Weights()})
}

// keptSoFar is what a checkpoint says of the networks that are kept.
type keptSoFar struct {
	Of   string       // what is to be kept
	Best float64      // value of the metric that finds the best
	List []KeptPolicy // until then
}

func (k *keeper) soFar() keptSoFar {
	if k == nil {
		return keptSoFar{}
	}
	return keptSoFar{k.of.String(), k.best, k.list}
}

// restore takes what was kept before a checkpoint.
func (k *keeper) restore(c *checkpoint) {
	if k != nil {
		k.best, k.list = c.Kept.Best, c.Kept.List
	}
}

// misses reports whether a checkpoint lacks networks that were there before it: the suite
// asked for others when it was written.
func (k *keeper) misses(c *checkpoint) bool {
	if k == nil || c.Kept.Of == k.of.String() {
		return false
	}
	return k.of.Best || slices.ContainsFunc(k.of.Steps, func(step int) bool { return int64(step) < c.Steps })
}

// keep writes the networks of a run that has ended, and notes the file's hash. It
// comes before the run is recorded, so every result has its networks.
func (t *trainer) keep(a *attempt) error {
	own, ok := a.trainer.(*gfn.Trainer)
	if a.keeper == nil || !ok || !own.Done() {
		return nil
	}
	if a.keeper.of.Final {
		a.keeper.put(suites.KeepFinal, own)
	}
	b, err := encodePolicies(a.cell, own.Network(), a.keeper)
	if err != nil {
		return fmt.Errorf("its networks cannot be kept: %w", err)
	}
	a.run.Timing.Policy = hashOf(b)
	if !t.checkpoints {
		return nil
	}
	return writePolicies(t.options.FS, t.plan.Dir, a.cell.ID, b)
}

func writePolicies(fsys disk.FS, dir, cell string, b []byte) error {
	path := PolicyPath(dir, cell)
	if err := disk.MkdirAll(fsys, filepath.Dir(path)); err != nil {
		return err
	}
	return disk.WriteFile(fsys, path, writing(b))
}

// policiesAbout is what the file says of its networks, as JSON under the key "gfnbench"
// of its metadata: the cell as a request to start says it to a trainer, the network, and
// what is kept of it.
type policiesAbout struct {
	Format int `json:"format"`
	protocol.Start
	Order    env.Order   `json:"order"` // of the features and actions
	Network  gfn.Network `json:"network"`
	Policies []aboutKept `json:"policies"` // in the order of the file
}

// aboutKept is one network of a file. Its tensors are named NAME/TENSOR; NAME/log_z is
// the learned log Z, in nats.
type aboutKept struct {
	Name   string `json:"name"`
	Step   int    `json:"step"`
	Metric string `json:"metric,omitempty"` // by which it is the best
}

// aboutKey is the key of the file's metadata that has what policiesAbout is.
const aboutKey = "gfnbench"

// logZName ends the name of the tensor that has log Z.
const logZName = "log_z"

// instancePrefix begins the names of the tensors that describe the instance.
const instancePrefix = "instance."

// encodePolicies returns the file of a cell's networks. Equal cells have equal files.
func encodePolicies(c *suites.Cell, n gfn.Network, k *keeper) ([]byte, error) {
	settings, _ := c.Settings()
	start, _ := remote.Start(c.ID, c.Spec(), settings, c.Instance().Env)
	about := policiesAbout{Format: policiesFormat, Start: start, Order: kinds.Lookup(c.Instance().Env.Kind()).Order, Network: n}
	var f safetensors.File
	for _, field := range c.Instance().Env.Instance() {
		if len(field.Values) > 0 {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: instancePrefix + field.Name, Shape: []int{len(field.Values)}, F64: field.Values})
		}
	}
	slices.SortStableFunc(k.list, func(x, y KeptPolicy) int { return x.Step - y.Step })
	for _, p := range k.list {
		kept := aboutKept{Name: p.Name, Step: p.Step}
		if p.Name == suites.KeepBest {
			kept.Metric = k.by.String()
		}
		about.Policies = append(about.Policies, kept)
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: p.Name + "/" + logZName, Shape: []int{1}, F64: []float64{p.LogZ}})
		for _, x := range p.Tensors {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: p.Name + "/" + x.Name, Shape: x.Shape, F32: x.Data})
		}
	}
	text, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	f.Metadata = map[string]string{aboutKey: string(text)}
	return safetensors.Encode(f)
}

// keptOf returns the ids of the cells whose networks are kept.
func keptOf(p *Plan) map[string]bool {
	ids := make(map[string]bool)
	if p.Suite.Keep == nil {
		return ids
	}
	for _, c := range p.Cells {
		ids[c.ID] = c.Keep() != nil
	}
	return ids
}

// unkept reports whether a cell has a result and the suite keeps its networks, but not
// all of them are there.
func unkept(fsys disk.FS, dir string, c *suites.Cell, run *results.Run) bool {
	of := c.Keep()
	if of == nil || !run.Status.Complete() {
		return false
	}
	list, err := readPolicies(fsys, dir, run)
	has := func(name string) bool {
		return slices.ContainsFunc(list, func(p KeptPolicy) bool { return p.Name == name })
	}
	missing := func(step int) bool { return int64(step) <= run.Step && !has(strconv.Itoa(step)) }
	return err != nil || of.Final && !has(suites.KeepFinal) || of.Best && run.Status == results.Done && !has(suites.KeepBest) || slices.ContainsFunc(of.Steps, missing)
}

// difference returns what differs between the networks that were kept of a run and
// those that training it again gives, "" if nothing does.
func (k *keeper) difference(dir string, was *results.Run) string {
	if k == nil || was.Timing.Policy == "" {
		return ""
	}
	list, err := ReadPolicies(dir, was)
	if err != nil {
		return err.Error()
	}
	for _, p := range list {
		i := slices.IndexFunc(k.list, func(q KeptPolicy) bool { return p.Name == q.Name })
		if i >= 0 && !p.equal(&k.list[i]) {
			return fmt.Sprintf("its network %s, kept at step %d, is another one now, at step %d", p.Name, p.Step, k.list[i].Step)
		}
	}
	return ""
}

// equal reports whether two networks have the same bits.
func (p *KeptPolicy) equal(q *KeptPolicy) bool {
	return p.Step == q.Step && math.Float64bits(p.LogZ) == math.Float64bits(q.LogZ) && slices.EqualFunc(p.Tensors, q.Tensors, func(x, y network.Tensor) bool {
		return x.Name == y.Name && slices.EqualFunc(x.Data, y.Data, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) })
	})
}

// ErrNotKept says that the networks of a cell were not kept.
var ErrNotKept = errors.New("its networks were not kept: they are where the suite has [keep] when it is trained, see sweep retry --unkept")

// ReadPolicies returns the networks that were kept of a run, in the order of their
// steps. The error says that there are none, or that the file is not the one that the
// run wrote.
func ReadPolicies(dir string, run *results.Run) ([]KeptPolicy, error) {
	return readPolicies(disk.OS, dir, run)
}

func readPolicies(fsys disk.FS, dir string, run *results.Run) ([]KeptPolicy, error) {
	b, err := readPolicyFile(fsys, dir, run)
	if err != nil {
		return nil, err
	}
	list, err := decodePolicies(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", PolicyPath(dir, run.ID), err)
	}
	return list, nil
}

// readPolicyFile returns the bytes of a run's file, if they are those that the run
// wrote.
func readPolicyFile(fsys disk.FS, dir string, run *results.Run) ([]byte, error) {
	if run.Timing.Policy == "" {
		return nil, fmt.Errorf("cell %s: %w", run.ID, ErrNotKept)
	}
	path := PolicyPath(dir, run.ID)
	b, err := disk.Read(fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: sweep retry %s --unkept trains the cell again", path, usage.QuotePath(dir))
	}
	if err == nil && hashOf(b) != run.Timing.Policy {
		err = fmt.Errorf("%s is truncated or altered since the cell was trained: sweep retry %s --unkept trains it again", path, usage.QuotePath(dir))
	}
	return b, err
}

// decodePolicies reads what encodePolicies wrote.
func decodePolicies(b []byte) ([]KeptPolicy, error) {
	f, err := safetensors.Decode(b)
	if err != nil {
		return nil, err
	}
	var about policiesAbout
	if err := json.Unmarshal([]byte(f.Metadata[aboutKey]), &about); err != nil {
		return nil, fmt.Errorf("it is no file of kept networks: %w", err)
	}
	if about.Format != policiesFormat {
		return nil, fmt.Errorf("it is of version %d: this program reads version %d", about.Format, policiesFormat)
	}
	list := make([]KeptPolicy, len(about.Policies))
	for i, k := range about.Policies {
		list[i] = KeptPolicy{k.Name, gfn.Weights{Step: k.Step}}
		for _, x := range f.Tensors {
			name, ok := strings.CutPrefix(x.Name, k.Name+"/")
			switch {
			case ok && name == logZName && len(x.F64) == 1:
				list[i].LogZ = x.F64[0]
			case ok:
				list[i].Tensors = append(list[i].Tensors, network.Tensor{Name: name, Shape: x.Shape, Data: x.F32})
			}
		}
	}
	return list, nil
}

// A policyMerger copies the kept networks of runs from several directories.
type policyMerger struct {
	*setting
	dirs    []string
	missing []string // cells whose networks are in none of them
}

func (m *policyMerger) copy(run *results.Run) error {
	if run.Timing.Policy == "" {
		return nil
	}
	for _, dir := range append([]string{m.plan.Dir}, m.dirs...) {
		b, err := readPolicyFile(m.options.FS, dir, run)
		switch {
		case err == nil && dir == m.plan.Dir:
			return nil
		case err == nil:
			return writePolicies(m.options.FS, m.plan.Dir, run.ID, b)
		}
	}
	m.missing = append(m.missing, run.ID)
	return nil
}

// tell says which networks are missing.
func (m *policyMerger) tell() {
	if n := len(m.missing); n > 0 {
		m.progress.Say("the kept networks of %d cells, such as %s, are in none of the directories, or altered: sweep retry %s --unkept trains these cells again", n, m.missing[0], usage.QuotePath(m.plan.Dir))
	}
}
