package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/user"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/sweep/machine"
)

// Environment returns what the program knows about itself and the machine:
// revision and dirty state of the code, toolchain, modules, CPU, SIMD path,
// operating system and, unless anonymous, host and user.
func Environment(anonymous bool) results.Provenance {
	p := results.Provenance{
		{Key: "program", Value: "gfnbench"},
		{Key: "revision", Value: revision()},
		{Key: "go", Value: runtime.Version()},
		{Key: "modules", Value: modules()},
		{Key: "os", Value: runtime.GOOS + "/" + runtime.GOARCH},
		{Key: "cpu", Value: machine.CPU()},
		{Key: "cpus", Value: strconv.Itoa(runtime.NumCPU())},
		{Key: "simd", Value: gfn.SIMD()},
	}
	if !anonymous {
		p = append(p, results.KeyValue{Key: "host", Value: hostname()}, results.KeyValue{Key: "user", Value: userName()})
	}
	return p
}

// provenance returns Environment with what is particular to one run of a suite.
func provenance(anonymous bool, command, suite string, start time.Time) results.Provenance {
	sum := sha256.Sum256([]byte(suite))
	return append(Environment(anonymous),
		results.KeyValue{Key: "command", Value: strings.ToValidUTF8(command, "\uFFFD")},
		results.KeyValue{Key: "suite_sha256", Value: hex.EncodeToString(sum[:])},
		results.KeyValue{Key: "start", Value: start.UTC().Format(time.RFC3339)})
}

// revision returns the version of the code: the commit it was built from, with
// "-dirty" if files were changed, or the module's version.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	setting := func(key string) string {
		i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == key })
		if i < 0 {
			return ""
		}
		return info.Settings[i].Value
	}
	r := setting("vcs.revision")
	switch {
	case r == "" && info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	case r == "":
		return "unknown"
	case setting("vcs.modified") == "true":
		return r + "-dirty"
	}
	return r
}

// modules returns the dependencies with their versions, each as "path@version".
func modules() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var list []string
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		list = append(list, m.Path+"@"+m.Version)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Getuid())
}
