package suites

import (
	"cmp"
	"regexp"
	"slices"
)

var (
	slurmTime   = regexp.MustCompile(`^(\d+|\d+:\d\d|\d+:\d\d:\d\d|\d+-\d+(:\d\d(:\d\d)?)?)$`)
	slurmMemory = regexp.MustCompile(`^\d+[KMGT]?$`)
	slurmOption = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// ownOptions are options of sbatch that have a key of their own or that
// submission sets itself.
var ownOptions = map[string]string{
	"partition": "partition", "account": "account", "qos": "qos", "constraint": "constraint", "time": "time", "mem": "memory",
	"cpus-per-task": "cpus", "array": "max_running", "signal": "signal_seconds",
	"requeue": "", "open-mode": "", "dependency": "", "wrap": "", "wait": "", "output": "", "error": "", "job-name": "", "parsable": "", "ntasks": "", "nodes": "",
}

func (r *reader) readSlurm() {
	n := r.root.field("slurm")
	if n == nil {
		return
	}
	v := r.section(slurmSection, n, nil)
	s := &Slurm{
		Partition: v.text("partition"), Account: v.text("account"), QOS: v.text("qos"), Constraint: v.text("constraint"),
		Time: v.text("time"), Memory: v.text("memory"), CPUs: v.int("cpus"), MaxRunning: v.int("max_running"),
		TaskMinutes: v.float("task_minutes"), SignalSeconds: v.int("signal_seconds"),
	}
	if s.Time != "" && !slurmTime.MatchString(s.Time) {
		r.at(n.field("time"), "time is %q: expected a limit of sbatch such as \"30\" (minutes), \"1:30:00\" or \"2-00:00:00\"", s.Time)
	}
	if s.Memory != "" && !slurmMemory.MatchString(s.Memory) {
		r.at(n.field("memory"), "memory is %q: expected a size of sbatch such as \"4G\"", s.Memory)
	}
	if options, ok := v["options"].(*node); ok && r.table(options) {
		for _, f := range options.fields {
			r.slurmOption(s, f)
		}
	}
	slices.SortFunc(s.Options, func(a, b SlurmOption) int { return cmp.Compare(a.Name, b.Name) })
	r.suite.Slurm = s
}

func (r *reader) slurmOption(s *Slurm, f *node) {
	own, isOwn := ownOptions[f.key]
	value := ""
	switch x := f.value.(type) {
	case string:
		value = x
	case int64, float64:
		value = canonical(numberOf(f))
	case bool:
		if !x {
			r.at(f, "%s is false: leave the option out instead", f.key)
		}
	default:
		r.at(f, "%s is %s: expected a string, a number or true", f.key, f.text())
	}
	switch {
	case isOwn && own != "":
		r.atKey(f, "%s: use the key %s of [slurm]", f.key, own)
	case isOwn:
		r.atKey(f, "%s is set by the submission itself", f.key)
	case !slurmOption.MatchString(f.key):
		r.atKey(f, "%q is not a long option of sbatch, such as mail-type", f.key)
	}
	s.Options = append(s.Options, SlurmOption{Name: f.key, Value: value})
}

func numberOf(n *node) float64 {
	x, _ := n.number()
	return x
}
