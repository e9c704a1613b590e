package reportcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/page"
	"gfnbench/report/serve"
	"gfnbench/results"
	"gfnbench/usage"
)

func serveCommand() *cobra.Command {
	var listen, host string
	var quiet bool
	c := &cobra.Command{
		Use:   "serve [DIR...]",
		Short: "Show the report in a browser, and follow sweeps that are running",
		Long: `Show the page of report html in a browser, at an address of this machine that is
printed, and follow sweeps that are running: their queue, speed and time left, failures, and
the curves of the cells that are being trained. By default DIR is the newest one under runs/,
which need not have results yet. It gives out the page and nothing else, writes nothing, and
answers only requests to its own address. It ends with ctrl-C.

On a cluster, run it where the results are, with --listen 127.0.0.1:8000, and forward the port:
ssh -L 8000:127.0.0.1:8000 HOST.`,
		Example: "  report serve\n  report serve runs/my --listen 127.0.0.1:8000",
		RunE: func(c *cobra.Command, args []string) error {
			dirs, err := served(args)
			if err != nil {
				return err
			}
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return usage.Errorf("--listen %s: %w", listen, err)
			}
			s := serve.New(sourceOf(dirs), l.Addr())
			if host != "" {
				s.Allow(host)
			}
			s.Warm()
			fmt.Fprintf(c.OutOrStdout(), "http://%s/\n", l.Addr())
			if !quiet {
				fmt.Fprintln(c.ErrOrStderr(), "report: following", quoted(dirs), "until ctrl-C")
			}
			ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return serve.Until(ctx, l, s)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "listen at `ADDRESS`; whoever reaches another than this machine's own can read the results")
	c.Flags().StringVar(&host, "host", "", "also answer requests that name this `HOST`, such as that of a proxy, with its port")
	command.QuietFlag(c, &quiet)
	return c
}

// served returns the directories among the arguments, or the newest one.
func served(args []string) (dirs []string, err error) {
	for _, arg := range args {
		dir, err := place.Sweep(arg)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) == 0 {
		dir, err := place.Newest(false)
		if err != nil {
			return nil, err
		}
		dirs = []string{dir}
	}
	return dirs, nil
}

func quoted(dirs []string) string {
	list := make([]string, len(dirs))
	for i, dir := range dirs {
		list[i] = usage.QuotePath(dir)
	}
	return strings.Join(list, ", ")
}

// sourceOf returns what a server shows of sweep directories.
func sourceOf(dirs []string) serve.Source {
	w := &watched{dirs: dirs}
	return serve.Source{
		Version: func() string { return results.Stamp(dirs...) },
		Page:    func(version string) ([]byte, error) { return servedPage(dirs, version) },
		Live:    w.live,
	}
}

// servedPage returns the page of the directories, which has little on it as long as
// there are no results.
func servedPage(dirs []string, version string) ([]byte, error) {
	for _, dir := range dirs {
		if err := confined(dir); err != nil {
			return nil, err
		}
	}
	var p *page.Page
	s, err := report.Load(report.Options{}, dirs...)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text, _ := results.ReadSuite(dirs[0]) // there may be none
		p = &page.Page{Name: filepath.Base(dirs[0]), Suite: text, Partial: true, Notes: []string{"there are no results yet"}}
	case err != nil:
		return nil, err
	default:
		if p, err = page.Make(s, page.Options{}); err != nil {
			return nil, err
		}
	}
	p.Live = version
	var b bytes.Buffer
	err = page.Write(&b, p)
	return b.Bytes(), err
}

// confined returns an error if a directory is no longer there, or has a file that is a
// link out of it: what that leads to must not be given out.
func confined(dir string) error {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("%s is no longer there: %w", usage.QuotePath(dir), err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink == 0 {
			continue
		}
		to, err := filepath.EvalSymlinks(filepath.Join(root, e.Name()))
		if inside, _ := filepath.Rel(root, to); err != nil || !filepath.IsLocal(inside) {
			return fmt.Errorf("%s is a symbolic link out of the directory, and those are not followed: remove it", usage.QuotePath(filepath.Join(dir, e.Name())))
		}
	}
	return nil
}
