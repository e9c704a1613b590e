// Package starter holds the suites that sweep init writes: commented suites to
// start from, one for each purpose.
package starter

import (
	"embed"
	"encoding/json"
	"strings"
)

//go:embed suites
var files embed.FS

// A Purpose is what a new suite is for.
type Purpose struct {
	Name string // name for sweep init, and name of the suite
	Doc  string // one line
	Data string // file of made-up data that the suite names; "" if none
	Kind string // what a user's own file is; "" if none
}

// Purposes lists the purposes, the first being the default.
var Purposes = []Purpose{
	{Name: "comparison", Doc: "compare three objectives on two small tasks"},
	{Name: "alignment", Doc: "sample the trees of an alignment", Data: "alignment.fasta", Kind: "alignment in FASTA or PHYLIP"},
	{Name: "table", Doc: "sample the networks of a table of data", Data: "table.csv", Kind: "table in CSV"},
	{Name: "tuning", Doc: "compare objectives, each with its own learning rate"},
}

// Names lists the names of the purposes.
func Names() []string {
	names := make([]string, len(Purposes))
	for i, p := range Purposes {
		names[i] = p.Name
	}
	return names
}

// Lookup returns the purpose of that name, or nil.
func Lookup(name string) *Purpose {
	for i := range Purposes {
		if Purposes[i].Name == name {
			return &Purposes[i]
		}
	}
	return nil
}

// Suite returns the text of the suite under a name, with the path of its data. file is
// the name of the suite file in the suite's example commands.
func (p *Purpose) Suite(name, file, data string) string {
	text := strings.NewReplacer(`"NAME"`, quoted(name), "FILE.toml", file, "NAME", name).Replace(read(p.Name + ".toml"))
	if p.Data != "" {
		text = strings.Replace(text, quoted(p.Data), quoted(data), 1)
	}
	return text
}

// Example returns the made-up data of a purpose, which must have some.
func (p *Purpose) Example() string { return read(p.Data) }

// read returns an embedded file, which must exist.
func read(name string) string {
	text, err := files.ReadFile("suites/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// quoted writes a string as TOML does: a JSON string is also a TOML string.
func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always encodes
	return string(text)
}
