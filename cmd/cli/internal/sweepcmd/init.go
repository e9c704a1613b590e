package sweepcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/starter"
	"gfnbench/suites"
	"gfnbench/usage"
)

func (a *app) initCommand() *cobra.Command {
	var out, data string
	c := &cobra.Command{
		Use:     "init [" + strings.Join(starter.Names(), "|") + "]",
		Short:   "Write a commented suite to start from",
		Long:    "Write a commented suite to start from, which trains in seconds.\n\n" + purposes() + "\n\nThe default is a comparison. Suites for data come with a small made-up file, unless --data names yours. No file is ever overwritten.",
		Example: "  sweep init\n  sweep init alignment --data my.fasta -o trees.toml\n  sweep init table",
		Args:    command.AtMost(1),

		ValidArgsFunction: func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return command.Words(starter.Names()...)(nil, nil, word)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			name := starter.Names()[0]
			if len(args) > 0 {
				name = args[0]
			}
			p := starter.Lookup(name)
			if p == nil {
				return usage.Errorf("there is no suite to start from for %q%s", name, usage.Suggest(name, starter.Names()))
			}
			return a.start(p, out, data)
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "write the suite to `FILE` (default PURPOSE.toml)")
	c.Flags().StringVar(&data, "data", "", "use your own `FILE`, an alignment or a table, in the suite")
	_ = c.MarkFlagFilename("output", "toml") // the flags are there
	_ = c.MarkFlagFilename("data")
	command.QuietFlag(c, &a.quiet)
	return c
}

// purposes lists the purposes for the help.
func purposes() string {
	var b strings.Builder
	for _, p := range starter.Purposes {
		fmt.Fprintf(&b, "    %-12s%s\n", p.Name, p.Doc)
	}
	return strings.TrimRight(b.String(), "\n")
}

// start writes the suite for a purpose, and its made-up data unless a file is named.
func (a *app) start(p *starter.Purpose, out, data string) error {
	if out == "" {
		out = p.Name + ".toml"
	}
	name, ok := strings.CutSuffix(filepath.Base(out), ".toml")
	if !ok {
		return usage.Errorf("-o %s: expected the name of a suite file, which ends in .toml", usage.Quote(out))
	}
	if data != "" && p.Data == "" {
		return usage.Errorf("--data %s: the suite of %s names no data: give %s", usage.Quote(data), p.Name, strings.Join(withData(), " or "))
	}
	folder, named := filepath.Dir(out), p.Data
	if data != "" {
		named = relative(folder, data)
	}
	text := p.Suite(name, usage.QuotePath(out), named)
	if err := valid(out, text, data, p); err != nil {
		return err
	}
	files := []newFile{{out, text, "name another file with -o"}}
	if p.Data != "" && data == "" {
		example := filepath.Join(folder, p.Data)
		files = append(files, newFile{example, p.Example(), "--data " + usage.Quote(example) + " names it in the suite"})
	}
	if err := a.create(files); err != nil {
		return err
	}
	a.note("next: sweep run %s, then report table %s", usage.QuotePath(out), usage.Quote(name))
	return nil
}

// withData lists the purposes that name data.
func withData() []string {
	var names []string
	for _, p := range starter.Purposes {
		if p.Data != "" {
			names = append(names, p.Name)
		}
	}
	return names
}

// relative returns the path of a file relative to a folder, or its absolute path
// if there is none.
func relative(folder, file string) string {
	from, errFrom := filepath.Abs(folder)
	to, errTo := filepath.Abs(file)
	if errFrom != nil || errTo != nil {
		return file
	}
	if path, err := filepath.Rel(from, to); err == nil {
		return path
	}
	return to
}

// valid reads a suite before it is written, because the user's name or data may be
// invalid.
func valid(out, text, data string, p *starter.Purpose) error {
	_, err := suites.Parse(out, []byte(text), func(file string) ([]byte, error) {
		if data == "" {
			return []byte(p.Example()), nil
		}
		return suites.ReadData(data)
	})
	return err
}

// A newFile is a file to write unless it exists.
type newFile struct {
	path, text string
	otherwise  string // what to do if it exists
}

// create writes all of the files, or none if one of them exists.
func (a *app) create(files []newFile) error {
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return usage.Errorf("%s exists and is never overwritten: %s", usage.Quote(f.path), f.otherwise)
		}
	}
	for _, f := range files {
		file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = file.WriteString(f.text)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout, "wrote", usage.Quote(f.path))
	}
	return nil
}
