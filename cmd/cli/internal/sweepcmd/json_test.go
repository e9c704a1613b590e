package sweepcmd

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// lowerCase matches a key of JSON, dotted if it is a column.
var lowerCase = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

// TestJSON: --json prints one value whose keys are in lower case, and which is never
// null.
func TestJSON(t *testing.T) {
	dir, env := workshop(t)
	for line, want := range map[string]string{
		"check mine.toml":                         `[]`,
		"check mine.toml --set stepz=1":           `"line":`,
		"plan mine.toml":                          `"grids":[2]`,
		"run mine.toml -q":                        `"cached":2`,
		"status mine":                             `"not_run":0`,
		"digest mine":                             `"digest":"`,
		"verify mine -q":                          `"verified":["`,
		"retry mine -q":                           `"cells":2`,
		"merge mine -o all":                       `"cells":2`,
		"logs CELL mine":                          `"curve":[`,
		"why CELL mine":                           `"axes":{`,
		"list environments":                       `"parameters":[{"name":"dim","type":"integer","default":`,
		"list environments hypergrid":             `"name":"height"`,
		"list metrics":                            `"name":"l1","unit":"","better":"lower","where":"everywhere"`,
		"list objectives":                         `"control_variates":[]`,
		"list control-variates":                   `"formula":`,
		"list suites":                             `"cells":54`,
		"env --anonymous":                         `"modules":[`,
		"version":                                 `"version":"`,
		"submit mine.toml --slurm --dry-run":      `"jobs":[]`,
		"submit mine.toml --slurm --dry-run -o x": `"script":"#!/bin/bash`,
	} {
		// Find a cell.
		if strings.Contains(line, "CELL") {
			c := exec.Command(dir+"/bin/sweep", "__complete", "why", "")
			c.Dir, c.Env = dir, env
			out, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			cell, _, _ := strings.Cut(string(out), "\t")
			line = strings.Replace(line, "CELL", cell, 1)
		}
		// Run the command, and check its output.
		c := exec.Command(dir+"/bin/sweep", append(strings.Fields(line), "--json")...)
		c.Dir, c.Env = dir, env
		var stderr bytes.Buffer
		c.Stderr = &stderr
		out, err := c.Output()
		if err != nil && !strings.Contains(line, "stepz") {
			t.Errorf("sweep %s: %v\n%s", line, err, &stderr)
			continue
		}
		var v any
		if err := json.Unmarshal(out, &v); err != nil || v == nil {
			t.Errorf("sweep %s --json: %v of %s", line, err, out)
			continue
		}
		keys(t, line, v)
		var compact bytes.Buffer
		if err := json.Compact(&compact, out); err != nil || !strings.Contains(compact.String(), want) {
			t.Errorf("sweep %s --json has no %s: %s", line, want, out)
		}
	}
}

func keys(t *testing.T, line string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			if !lowerCase.MatchString(key) {
				t.Errorf("sweep %s --json has the key %q", line, key)
			}
			keys(t, line, x)
		}
	case []any:
		for _, x := range v {
			keys(t, line, x)
		}
	}
}
