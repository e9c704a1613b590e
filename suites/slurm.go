package suites

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
)

var (
	slurmTime   = regexp.MustCompile(`^(\d+|\d+:\d\d|\d+:\d\d:\d\d|\d+-\d+(:\d\d(:\d\d)?)?)$`)
	slurmMemory = regexp.MustCompile(`^\d+[KMGT]?$`)
	slurmOption = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// slurmWord matches what can be written in a directive of sbatch without quoting:
// no blanks, quotes or backslashes.
var slurmWord = regexp.MustCompile(`^[\pL\pN_.,:;@/=+*&|()!\[\]%~^-]*$`)

// words returns the settings that are written into directives without quoting,
// by key.
func (s *Slurm) words() []SlurmOption {
	return []SlurmOption{{"partition", s.Partition}, {"account", s.Account}, {"qos", s.QOS}, {"constraint", s.Constraint}}
}

// wrongWord says what is wrong with a setting of sbatch, or "".
func wrongWord(key, s string) string {
	if slurmWord.MatchString(s) {
		return ""
	}
	return fmt.Sprintf("%s is %q: expected no blanks, quotes or backslashes, because it goes into a batch script", key, s)
}

// wrongValue says what is wrong with the value of an option, or "".
func wrongValue(o SlurmOption) string {
	if err := plain.Line(o.Value); err != nil {
		return fmt.Sprintf("%s is %q: %v", o.Name, o.Value, err)
	}
	return ""
}

// ownOptions are options of sbatch that have a separate key or that
// submission sets itself.
var ownOptions = map[string]string{
	"partition": "partition", "account": "account", "qos": "qos", "constraint": "constraint", "time": "time", "mem": "memory",
	"cpus-per-task": "cpus", "array": "max_running", "signal": "signal_seconds",
	"requeue": "", "open-mode": "", "dependency": "", "wrap": "", "wait": "", "output": "", "error": "", "job-name": "", "parsable": "", "ntasks": "", "nodes": "",
}

func (r *reader) readSlurm() {
	n := r.root.Field("slurm")
	if n == nil {
		return
	}
	v := r.section(slurmSection, n, nil)
	s := &Slurm{
		Partition: v.text("partition"), Account: v.text("account"), QOS: v.text("qos"), Constraint: v.text("constraint"),
		Time: v.text("time"), Memory: v.text("memory"), CPUs: v.int("cpus"), MaxRunning: v.int("max_running"),
		TaskMinutes: v.float("task_minutes"), SignalSeconds: v.int("signal_seconds"),
	}
	if why := wrongTime(s.Time); why != "" {
		r.at(n.Field("time"), "%s", why)
	}
	if why := wrongMemory(s.Memory); why != "" {
		r.at(n.Field("memory"), "%s", why)
	}
	for _, o := range s.words() {
		if why := wrongWord(o.Name, o.Value); why != "" {
			r.at(n.Field(o.Name), "%s", why)
		}
	}
	if options := v.nodes["options"]; options != nil && r.table(options) {
		for _, f := range options.Fields {
			r.slurmOption(s, f)
		}
	}
	slices.SortFunc(s.Options, func(a, b SlurmOption) int { return cmp.Compare(a.Name, b.Name) })
	r.suite.Slurm = s
}

// wrongTime says what is wrong with a time limit, or "".
func wrongTime(s string) string {
	if s == "" || slurmTime.MatchString(s) {
		return ""
	}
	return fmt.Sprintf("time is %q: expected a limit of sbatch such as \"30\" (minutes), \"1:30:00\" or \"2-00:00:00\"", s)
}

// wrongMemory says what is wrong with a size, or "".
func wrongMemory(s string) string {
	if s == "" || slurmMemory.MatchString(s) {
		return ""
	}
	return fmt.Sprintf("memory is %q: expected a size of sbatch such as \"4G\"", s)
}

// wrongOption says why an option of sbatch cannot be given under its own name,
// or "" if it can. key writes the name of the key that replaces it.
func wrongOption(name string, key func(string) string) string {
	own, isOwn := ownOptions[name]
	switch {
	case isOwn && own != "":
		return fmt.Sprintf("%s: use %s", name, key(own))
	case isOwn:
		return fmt.Sprintf("%s is set by sweep submit itself", name)
	case !slurmOption.MatchString(name):
		return fmt.Sprintf("%q is not a long option of sbatch, such as mail-type", name)
	}
	return ""
}

// DefaultSlurm returns the settings of a suite without [slurm].
func DefaultSlurm() Slurm {
	s := Slurm{}
	for _, k := range slurmSection.Keys {
		switch k.Name {
		case "cpus":
			s.CPUs = k.Default.Int()
		case "task_minutes":
			s.TaskMinutes = k.Default.Float()
		case "signal_seconds":
			s.SignalSeconds = k.Default.Int()
		}
	}
	return s
}

// Check says what is wrong with options that did not come from a suite.
func (s *Slurm) Check() error {
	whys := []string{wrongTime(s.Time), wrongMemory(s.Memory)}
	flag := func(key string) string { return "the flag --" + strings.ReplaceAll(key, "_", "-") }
	for _, o := range s.words() {
		whys = append(whys, wrongWord(o.Name, o.Value))
	}
	for _, o := range s.Options {
		whys = append(whys, wrongOption(o.Name, flag), wrongValue(o))
	}
	for _, n := range []struct {
		name  string
		value float64
		least float64
	}{{"cpus", float64(s.CPUs), 1}, {"max_running", float64(s.MaxRunning), 0}, {"signal_seconds", float64(s.SignalSeconds), 1}} {
		if n.value < n.least {
			whys = append(whys, fmt.Sprintf("%s is %v: expected at least %v", n.name, n.value, n.least))
		}
	}
	if !(s.TaskMinutes > 0) {
		whys = append(whys, fmt.Sprintf("task_minutes is %v: expected a number above 0", s.TaskMinutes))
	}
	for _, why := range whys {
		if why != "" {
			return errors.New(why)
		}
	}
	return nil
}

func (r *reader) slurmOption(s *Slurm, f *document.Node) {
	value := ""
	switch x := f.Value.(type) {
	case string:
		value = x
	case int64, float64:
		value = param.OfFloat(numberOf(f)).Canonical()
	case bool:
		if !x {
			r.at(f, "%s is false: leave the option out instead", f.Key)
		}
	default:
		r.at(f, "%s is %s: expected a string, a number or true", f.Key, f.Describe())
	}
	if why := wrongOption(f.Key, func(key string) string { return "the key " + key + " of [slurm]" }); why != "" {
		r.atKey(f, "%s", why)
	}
	s.Options = append(s.Options, SlurmOption{Name: f.Key, Value: value})
}

func numberOf(n *document.Node) float64 {
	x, _ := n.Number()
	return x
}
