package suites

import (
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

//go:embed *.toml
var shipped embed.FS

// Shipped lists the names of the suites that are part of the program.
func Shipped() []string {
	files, _ := fs.Glob(shipped, "*.toml") // the pattern is valid
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".toml")
	}
	return files
}

// Read reads the suite at path or, if there is no such file, the shipped suite
// of that name. Each element of set is "key=value" in TOML and overrides
// everything in the suite. The error is of type Problems if the suite is
// invalid.
func Read(path string, set ...string) (*Suite, error) {
	data, isShipped, err := find(path)
	switch {
	case err != nil:
		return nil, err
	case isShipped:
		return Parse(ShippedName(path)+".toml", data, nil, set...)
	}
	return Parse(path, data, relativeTo(filepath.Dir(path)), set...)
}

// find returns the text of the suite at path or, if there is no such file, of the
// shipped suite of that name.
func find(path string) (data []byte, isShipped bool, err error) {
	data, err = readFile(path, document.MaxSize)
	if err == nil {
		return data, false, nil
	}
	name := ShippedName(path)
	if data, shippedErr := shipped.ReadFile(name + ".toml"); shippedErr == nil {
		return data, true, nil
	}
	return nil, false, fmt.Errorf("%w, and no suite of that name is shipped%s: there are %s",
		err, usage.DidYouMean(name, Shipped()), strings.Join(Shipped(), ", "))
}

// ShippedName returns the name that a shipped suite would have at that path.
func ShippedName(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(path), "suites/"), ".toml")
}

// relativeTo opens files relative to dir.
func relativeTo(dir string) func(string) ([]byte, error) {
	return func(file string) ([]byte, error) {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		return readFile(file, maxFile)
	}
}

// Parse reads a suite from its text. It reads the files that the suite names
// with open; if open is nil there are none. The error is of type Problems.
func Parse(name string, data []byte, open func(file string) ([]byte, error), set ...string) (*Suite, error) {
	return parse(name, data, open, false, set...)
}

// ParseKept is like Parse for a suite that results keep. It accepts what an earlier
// version accepted, as far as that changes nothing.
func ParseKept(name string, data []byte, open func(file string) ([]byte, error), set ...string) (*Suite, error) {
	return parse(name, data, open, true, set...)
}

func parse(name string, data []byte, open func(file string) ([]byte, error), kept bool, set ...string) (*Suite, error) {
	register()
	root, problems := document.Parse(name, string(data))
	if root == nil {
		return nil, document.Sorted(problems)
	}
	r := &reader{
		checker: checker{problems: append(problems, document.CheckWords(root, prose)...)},
		suite:   &Suite{Text: data, instances: make(map[string]*instance)},
		open:    open,
		files:   make(map[string]param.File),
		limit:   MaxCells,
		kept:    kept,
	}
	return r.read(root, set)
}

// WithoutSet reads the suite again without the command-line settings.
func (s *Suite) WithoutSet() (*Suite, error) {
	return ParseKept(s.Name+".toml", s.Text, func(name string) ([]byte, error) {
		for _, f := range s.Files {
			if f.Name == name {
				return []byte(f.Data), nil
			}
		}
		return nil, fs.ErrNotExist
	})
}

// A reader turns a document into a suite.
type reader struct {
	checker
	suite *Suite
	open  func(string) ([]byte, error)
	files map[string]param.File // by name
	limit int                   // largest number of cells
	kept  bool                  // the suite is kept by results, perhaps of an earlier version

	root         *document.Node
	run          []*setting // settings of cellKeys, by slot
	environments []*environment
	grids        []*grid
	excludes     []*rule
	overrides    []*rule
	sets         []*rule // from the command line
	assignments  []*assignment
	unread       bool       // a section could not be read, so others lack what it has
	cellsSet     bool       // a --set changed cells, so rules may match nothing because of it
	settings     []*Setting // of [tune]
}

func (r *reader) read(root *document.Node, set []string) (*Suite, error) {
	r.root = root
	r.readAssignments(set)
	r.readTop()
	r.readRun()
	r.readEnvironments()
	r.readTrainers()
	r.readParams()
	r.readGrids()
	r.readRules()
	r.readSet()
	r.readVariance()
	r.readTune()
	r.readKeep()
	clean := len(r.problems) == 0
	r.expand()
	if clean && len(r.problems) == 0 {
		r.name()
		r.arms()
		r.keeps()
	}
	r.readSlurm()
	r.readTables()
	r.readClaims()
	r.readFigures()
	r.readLabels()
	if len(r.problems) > 0 {
		return nil, document.Sorted(r.problems)
	}
	return r.suite, nil
}

// maxName is the longest name of a suite or a figure.
const maxName = 100

var validName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// readTop checks the keys at the top, and the names of the sections.
func (r *reader) readTop() {
	// Check the keys, and repair what was meant so that reading can go on.
	known := names(topSection.Keys)
	lists := map[string]bool{}
	for _, s := range Sections()[1:] {
		name, _, _ := strings.Cut(s.Name, ".")
		known = append(known, name)
		lists[name] = s.List
	}
	for _, f := range r.root.Fields {
		list, isSection := lists[f.Key]
		switch {
		case f.Key == "prune" && r.kept:
			p := f.Source.Problem(f.KeyAt, f.Path(), "[prune] is no more and changes nothing: the cells that it ended early can be trained to their end")
			r.suite.Warnings = append(r.suite.Warnings, p)
		case f.Key == "prune":
			r.refusePrune(f)
		case !slices.Contains(known, f.Key):
			r.atKey(f, "unknown key %q%s", f.Key, r.suggestTop(f, known))
		case isSection && list && f.Kind == document.Table:
			r.at(f, "%s is a list of tables: write [[%s]]", f.Key, f.Key)
			f.Listed()
		case isSection && list && (f.Kind != document.Array || slices.ContainsFunc(f.Items, func(n *document.Node) bool { return n.Kind != document.Table })):
			r.at(f, "%s is a list of tables: write [[%s]]", f.Key, f.Key)
			f.Kind, f.Items, r.unread = document.Array, nil, true
		case isSection && !list && f.Kind == document.Array && len(f.Items) == 1 && f.Items[0].Kind == document.Table:
			r.at(f, "%s is one table: write [%s]", f.Key, f.Key)
			*f = *f.Items[0].As(f)
		case isSection && !list && f.Kind != document.Table:
			r.at(f, "%s is a table: write [%s]", f.Key, f.Key)
			f.Kind, f.Items, r.unread = document.Table, nil, true
		}
	}
	// Read the keys at the top themselves.
	top := &document.Node{Source: r.root.Source, Kind: document.Table}
	for _, f := range r.root.Fields {
		if keyOf(topSection.Keys, f.Key) != nil {
			top.Fields = append(top.Fields, f)
		}
	}
	v := r.section(topSection, top, nil)
	r.suite.Name, r.suite.Title = v.text("name"), v.text("title")
	if n := top.Field("name"); n != nil && v.settings.Has("name") && !validName.MatchString(r.suite.Name) {
		r.at(n, "name is %q: expected letters, digits, dots, hyphens and underscores, because it names a directory", r.suite.Name)
	} else if len(r.suite.Name) > maxName {
		r.at(n, "name has %d characters: expected at most %d, because it names a directory", len(r.suite.Name), maxName)
	}
}

// suggestTop also knows that [run] keys belong in [run].
func (r *reader) suggestTop(f *document.Node, known []string) string {
	if s := usage.DidYouMean(f.Key, known); s != "" {
		return s
	}
	for _, k := range runKeys {
		if k.Name == f.Key || strings.HasPrefix(k.Name, f.Key+".") {
			return ": it belongs in [run]"
		}
	}
	return ""
}

// values are the values of a section's keys, with defaults filled in. Absent and
// wrong ones have no entry. Tables, such as selectors, are kept as written.
type values struct {
	settings param.Values
	nodes    map[string]*document.Node
}

// section reads the keys of one section. It leaves keys that other accepts to
// other.
func (r *reader) section(s *Section, n *document.Node, other func(f *document.Node) bool) values {
	v := values{make(param.Values), make(map[string]*document.Node)}
	for _, k := range s.Keys {
		v.settings[k.Name] = k.Default
	}
	known := names(s.Keys)
	for _, f := range n.Fields {
		k := keyOf(s.Keys, f.Key)
		switch {
		case k == nil && other != nil && other(f):
		case k == nil:
			r.atKey(f, "unknown key %q in %s%s", f.Key, s.Header(), usage.DidYouMean(f.Key, known))
		case k.Form.isTable():
			v.nodes[k.Name] = f
		default:
			v.settings[k.Name], _ = r.decode(k, f) // null if a problem was reported
		}
	}
	for _, k := range s.Keys {
		if k.Required && n.Field(k.Name) == nil {
			r.at(n, "%s needs the key %s: %s", s.Header(), k.Name, k.Doc)
		}
	}
	return v
}

// tables returns the tables of a [[list]].
func (r *reader) tables(name string) []*document.Node {
	if f := r.root.Field(name); f != nil {
		return f.Items
	}
	return nil
}

// readRun sets the settings from which every cell starts.
func (r *reader) readRun() {
	r.run = make([]*setting, len(cellKeys))
	for i, k := range cellKeys {
		r.run[i] = newSetting(k, k.Default, nil)
	}
	if n := r.root.Field("run"); n != nil {
		r.runKeys(n, "[run]", r.run)
	}
}

// runKeys reads the [run] keys of a table into settings, except the fields in
// skip.
func (r *reader) runKeys(n *document.Node, where string, settings []*setting, skip ...*document.Node) {
	rest := *n
	rest.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f *document.Node) bool { return slices.Contains(skip, f) })
	r.flatten(&rest, where, names(runKeys), func(name string, f *document.Node) {
		k := cellKey(name)
		if k == keyPair && where != "[run]" {
			r.atKey(f, "pair belongs in [run]: it holds for the whole suite")
			return
		}
		if v, ok := r.decode(k, f); ok {
			settings[k.slot] = newSetting(k, r.resolve(k, v, f), f)
		}
	})
}

// resolve brings the value of a [run] key into its one canonical form.
func (r *reader) resolve(k *Key, v param.Value, n *document.Node) param.Value {
	if k == keyLogZInit {
		return canonicalStart(v)
	}
	if k != keyPair {
		return v
	}
	list := v.Strings()
	for i, name := range list {
		known := names(cellKeys)
		if !slices.Contains(known, name) && !strings.HasPrefix(name, "params.") {
			r.at(n.Items[i], "pair names %q, which is not an axis%s", name, usage.DidYouMean(name, known))
		}
	}
	slices.Sort(list)
	return param.Of(slices.Compact(list))
}
