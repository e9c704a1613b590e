package sweepcmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/sweep"
)

func (a *app) envCommand() *cobra.Command {
	var anonymous bool
	c := &cobra.Command{
		Use:     "env",
		Short:   "Print what results record about the program and the machine",
		Example: "  sweep env\n  sweep env --anonymous --json",
		Args:    command.Exactly(0),
		RunE: func(*cobra.Command, []string) error {
			p := sweep.Environment(anonymous)
			if a.asJSON {
				return command.JSON(a.stdout, surroundings(p))
			}
			w := command.NewTable(a.stdout)
			for _, kv := range p {
				fmt.Fprintf(w, "%s\t%s\n", kv.Key, kv.Value)
			}
			return w.Flush()
		},
	}
	command.JSONFlag(c, &a.asJSON)
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave out host and user")
	return c
}

// surroundings returns a provenance for programs: numbers as numbers, and modules
// one by one.
func surroundings(p results.Provenance) map[string]any {
	type module struct {
		Path    string `json:"path"`
		Version string `json:"version"`
	}
	m := map[string]any{}
	for _, kv := range p {
		m[kv.Key] = kv.Value
		if n, err := strconv.Atoi(kv.Value); err == nil && kv.Key == "cpus" {
			m[kv.Key] = n
		}
	}
	modules := []module{}
	for word := range strings.FieldsSeq(p.Get("modules")) {
		path, version, _ := strings.Cut(word, "@")
		modules = append(modules, module{path, version})
	}
	m["modules"] = modules
	return m
}
