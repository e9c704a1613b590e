package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// OwnTrainer is the value of the axis trainer in cells that this program trains
// itself.
const OwnTrainer = "gfnbench"

// A Trainer is a program that trains cells: [trainer.NAME].
type Trainer struct {
	Name    string        // value of the axis trainer
	Command []string      // program and arguments
	Version string        // version that the program must report
	Timeout time.Duration // longest wait for an answer; 0: no limit
	Files   []param.File  // copied to its folder before it runs
}

// Hash returns the SHA-256 of everything that determines what is run: the command, and
// the names and contents of the files.
func (t *Trainer) Hash() string {
	h := sha256.New()
	part := func(s string) {
		sum := sha256.Sum256([]byte(s))
		_, _ = h.Write(sum[:]) // a hash never fails
	}
	part(param.Of(t.Command).Canonical())
	for _, f := range t.Files {
		part(f.Name)
		part(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// text returns what distinguishes the trainer's cells from those of other versions, as
// the end of a canonical text.
func (t *Trainer) text() string {
	hashes := make([]string, len(t.Files))
	for i, f := range t.Files {
		hashes[i] = strings.Trim(param.Of(f).Canonical(), `"`)
	}
	return `,"trainer.version":` + param.Of(t.Version).Canonical() + `,"trainer.files":` + param.Of(hashes).Canonical()
}

// Trainer returns the program that trains the cell, or nil for this program.
func (c *config) Trainer() *Trainer {
	name := c.text(keyTrainer)
	if i := slices.IndexFunc(c.suite.Trainers, func(t *Trainer) bool { return t.Name == name }); i >= 0 {
		return c.suite.Trainers[i]
	}
	return nil
}

// Programs returns the trainers of some cells, in the order of the suite.
func (s *Suite) Programs(cells []*Cell) (list []*Trainer) {
	for _, t := range s.Trainers {
		if slices.ContainsFunc(cells, func(c *Cell) bool { return c.Trainer() == t }) {
			list = append(list, t)
		}
	}
	return list
}

func (r *reader) readTrainers() {
	section := r.root.Field("trainer")
	if section == nil {
		return
	}
	for _, f := range section.Fields {
		if !r.table(f) {
			continue
		}
		if r.valueName("trainer", f); f.Key == OwnTrainer {
			r.atKey(f, "trainer %q is this program's own: choose another name", f.Key)
		}
		v := r.section(trainerSection, f, nil)
		t := &Trainer{Name: f.Key, Command: v.list("command"), Version: v.text("version")}
		t.Timeout, _ = time.ParseDuration(v.text("timeout")) // checked when read
		if n := f.Field("command"); n != nil && v.settings.Has("command") && len(t.Command) == 0 {
			r.at(n, "command is empty: expected a program and its arguments, such as [\"python3\", \"trainer.py\"]")
		}
		if n := f.Field("files"); n != nil && v.settings.Has("files") {
			r.trainerFiles(t, n)
		}
		r.suite.Trainers = append(r.suite.Trainers, t)
	}
}

// trainerFiles reads the files that a trainer names.
func (r *reader) trainerFiles(t *Trainer, n *document.Node) {
	for i, item := range n.Items {
		name, _ := item.Text()
		if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, `\`) {
			r.at(item, "files has %q: expected a path below the suite's folder, as the trainer's folder has the file under the same path", name)
			continue
		}
		if slices.ContainsFunc(n.Items[:i], func(o *document.Node) bool { return o.Value == item.Value }) {
			r.at(item, "files has %q twice", name)
			continue
		}
		if v, ok := r.file(&param.Param{Name: "files"}, item); ok {
			f, _ := v.File() // it is one
			t.Files = append(t.Files, f)
		}
	}
}

// knownTrainer reports a value of the axis trainer that the suite does not declare.
func (r *reader) knownTrainer(n *document.Node, name string) bool {
	known := []string{OwnTrainer}
	for _, t := range r.suite.Trainers {
		known = append(known, t.Name)
	}
	if slices.Contains(known, name) {
		return true
	}
	r.at(n, "there is no [trainer.%s]%s: expected one of %s", name, usage.DidYouMean(name, known), strings.Join(known, ", "))
	return false
}

// Settings returns the [run] keys that change training, by name. changed lists those that
// differ from their default and that a program must know about to obey, which excludes
// the seed and the number of steps, since it is told these.
func (c *Cell) Settings() (settings param.Values, changed []string) {
	settings = param.Values{}
	for slot, k := range cellKeys {
		s := c.settings[slot]
		if k.role != trains || k == keyRootSeed || s == absent {
			continue
		}
		settings[k.Name] = s.value
		if !s.isDefault && k != keySteps {
			changed = append(changed, k.Name)
		}
	}
	return settings, changed
}
