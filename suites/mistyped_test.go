package suites

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"gfnbench/suites/document"
)

// TestMistyped: for every key of a suite and every type, a value of another type is one
// problem, at the value, that names the key and says what was expected.
func TestMistyped(t *testing.T) {
	s := mustParse(t, settable)
	message := regexp.MustCompile(`^[a-z_.A-Z0-9\[\]]+ (is|has|names) .*(: expected |: it must be |not an axis|cannot be read|this suite cannot name files)`)
	values := []string{`"many"`, `1.5`, `"3"`, `3.0`, `true`, `[[[1]]]`, `["x"]`, `{ x = 1 }`, `1979-05-27`}
	accepted := 0
	for _, key := range Settable(s) {
		for _, value := range values {
			_, err := Parse("settable.toml", []byte(settable), nil, key+"="+value)
			problems, _ := errors.AsType[document.Problems](err)
			if len(problems) != 1 || strings.HasPrefix(key, "prune.") {
				continue // the value is valid, or the section needs other keys too
			}
			accepted++
			p := problems[0]
			_, name, _ := strings.Cut("."+key, ".")
			name = name[strings.LastIndexByte(name, '.')+1:]
			if !message.MatchString(p.Msg) && !knows(p.Msg) || !strings.Contains(p.Msg, name) && !knows(p.Msg) || strings.Contains(p.Msg, "%!") {
				t.Errorf("--set %s=%s: %s", key, value, p.Msg)
			}
		}
	}
	if accepted < 500 {
		t.Errorf("%d values of a wrong type were refused, want most of %d", accepted, len(values)*len(Settable(s)))
	}
}

// knows reports whether a message is about the meaning of a value with the right type.
func knows(msg string) bool {
	for _, part := range []string{"unknown key", "there is no", "does not belong to", "not for stat", "is for kind", "no cell", "(environment "} {
		if strings.Contains(msg, part) {
			return true
		}
	}
	return false
}

// TestMessages checks the complete messages for mistyped suites.
func TestMessages(t *testing.T) {
	const head = "schema = 1\nname = \"x\"\n"
	const sets = "[environment.sets]\nkind = \"sets\"\nelements = 8\nsize = 4\ninstance_seed = 1\n"
	const points = "[environment.points]\nkind = \"gmm\"\n"
	const grid = "[[grid]]\nobjective = [\"tb\"]\n"
	for _, test := range []struct{ text, want string }{
		// Sections.
		{head + sets + "[grid]\nobjective = [\"tb\"]\n", "8:1: grid is a list of tables: write [[grid]]"},
		{head + "[[run]]\nsteps = 5\n" + sets + grid, "3:1: run is one table: write [run]"},
		{head + "run = 3\n" + sets + grid, "3:7: run is a table: write [run]"},
		{head + "grid = 3\n" + sets, "3:8: grid is a list of tables: write [[grid]]"},
		{head + "[environment]\nkind = \"sets\"\nelements = 8\nsize = 4\ninstance_seed = 1\n[[grid]]\nenvironment = [\"sets\"]\nobjective = [\"tb\"]\n", "3:1: [environment] needs a name: write [environment.NAME], such as [environment.sets]"},
		{head + "[environment]\nkind = \"sets\"\npolicy = { hidden = [8] }\n" + grid, "3:1: [environment] needs a name: write [environment.NAME], such as [environment.sets]"},
		{head + "[[environment.sets]]\nkind = \"sets\"\n" + grid, "3:1: environment.sets is a list: expected a table"},
		{head + sets, "1:1: the suite has no [[grid]]: nothing would run"},
		{head + grid, "1:1: the suite has no [environment.NAME]: there is nothing to train on"},
		{"schema = 2\nname = \"x\"\n" + sets + grid, "1:10: schema is 2: it must be 1"},
		{"schema = \"1\"\nname = \"x\"\n" + sets + grid, "1:10: schema is \"1\": expected 1: write 1"},
		{head + "steps = 5\n" + sets + grid, "3:1: unknown key \"steps\": it belongs in [run]"},

		// Numbers.
		{head + "[run]\nsteps = 1e3\n" + sets + grid, "4:9: steps is 1e3: expected an integer of at least 1: write 1000"},
		{head + "[run]\nsteps = \"1000\"\n" + sets + grid, "4:9: steps is \"1000\": expected an integer of at least 1: write 1000"},
		{head + "[run]\nsteps = 2.5\n" + sets + grid, "4:9: steps is 2.5: expected an integer of at least 1"},
		{head + "[run]\nsteps = [10, 20]\n" + sets + grid, "4:9: steps is a list: expected an integer of at least 1; several values belong in a [[grid]]"},
		{head + "[run]\nbatch = 33554432\n" + sets + grid, "4:9: batch is 33554432: expected an integer from 1 to 16777216"},
		{head + "[run]\nseeds = \"3\"\n" + sets + grid, "4:9: seeds is \"3\": expected a number of seeds from 1 to 100000 such as 3, or a list of different seed indices such as [0, 1, 2]: write 3"},
		{head + "[run]\nroot_seed = 9007199254740992\n" + sets + grid, "4:13: root_seed is 9007199254740992: expected an integer from 0 to 9007199254740991"},
		{head + strings.Replace(sets, "instance_seed = 1", "instance_seed = 9007199254740992", 1) + grid, "7:17: instance_seed: 9007199254740992 is out of range: expected from 0 to 9007199254740991"},
		{head + strings.ReplaceAll(sets, "environment.sets", "environment.none") + grid, "3:14: environment \"none\": this word stands for what does not apply"},
		{head + "[run]\nseeds = 1e6\n" + sets + grid, "4:9: seeds is 1e6: expected a number of seeds from 1 to 100000 such as 3, or a list of different seed indices such as [0, 1, 2]$"},
		{head + "[run]\noptimizer = { lr = \".5\" }\n" + sets + grid, "4:20: optimizer.lr is \".5\": expected a number above 0 and at most 1000: write 0.5"},
		{head + "[run]\nsteps = \"007\"\n" + sets + grid, "4:9: steps is \"007\": expected an integer of at least 1: write 7"},
		{head + "[run]\npolicy = { hidden = 64 }\n" + sets + grid, "4:21: policy.hidden is 64: expected a list of integers such as [64, 64], each from 1 to 65536: write [64]"},
		{head + "[run]\npolicy = { hidden = [64.0, 64] }\n" + sets + grid, "4:22: policy.hidden has 64.0 in it: expected a list of integers such as [64, 64], each from 1 to 65536: write 64"},
		{head + "[run]\nimportance = \"true\"\n" + sets + grid, "4:14: importance is \"true\": expected true or false: write true"},
		{head + "[run]\nbackward = 3\n" + sets + grid, "4:12: backward is 3: expected one of uniform, learned"},
		{head + "title = 3\n" + sets + grid, "3:9: title is 3: expected a string: write \"3\""},
		{head + "[run]\ntimeout = 90\n" + sets + grid, "4:11: timeout is 90: expected a duration such as \"90s\" or \"1h30m\""},
		{head + "[run]\npolicy = 3\n" + sets + grid, "4:10: policy is 3: expected a table with the keys kind, hidden, "},
		{head + sets + "[[grid]]\nobjective = \"tb\"\n", "9:13: objective is \"tb\": every key of a [[grid]] holds a list of values: write [\"tb\"]"},
		{head + sets + "[[grid]]\nobjective = [\"tb\", \"tb\"]\n", "9:20: objective has \"tb\" twice"},
		{head + "[run]\noptimizer = { lr = 1 }\n\"optimizer.lr\" = 2\n" + sets + grid, "5:1: optimizer.lr is given twice in [run]"},

		// A key that no cell takes, wherever it is.
		{head + points + grid + "backward = [\"learned\"]\n", "7:1: nothing in this [[grid]] takes backward: it applies to discrete environments in which a state can have several parents"},
		{head + "[run]\nbackward = \"learned\"\n" + points + grid, "4:1: no cell takes backward: it applies to discrete environments in which a state can have several parents"},
		{head + points + "backward = \"learned\"\n" + sets + grid, "5:1: no cell of [environment.points] takes backward: it applies to discrete environments in which a state can have several parents"},
		{head + points + sets + grid + "[[override]]\nmatch = { environment = \"points\" }\nset = { backward = \"learned\" }\n", "14:9: no cell that this [[override]] matches takes backward: it applies to discrete environments in which a state can have several parents"},
		{head + "[run]\nimportance = true\n" + sets + grid, "4:1: no cell takes importance: it applies to the divergences, on discrete environments, where exploration is above 0"},
	} {
		_, err := Parse("x.toml", []byte(test.text), nil)
		problems, _ := errors.AsType[document.Problems](err)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Error()+"$", "x.toml:"+test.want) {
			t.Errorf("%s\ngives %v\nwant x.toml:%s", test.text, err, test.want)
		}
	}
}

// TestKept: a suite that results keep is read even if it gives what no cell takes, which
// version 0.1.0 accepted. If some cell takes it, or it is the default, any suite may give
// it.
func TestKept(t *testing.T) {
	const points = "schema = 1\nname = \"x\"\n[run]\nseeds = 1\nbackward = \"learned\"\n[environment.points]\nkind = \"gmm\"\n[[grid]]\nobjective = [\"tb\"]\n"
	if _, err := ParseKept("x.toml", []byte(points), nil); err != nil {
		t.Error(err)
	}
	for _, text := range []string{
		points + "[environment.grid]\nkind = \"hypergrid\"\n",
		strings.Replace(points, "learned", "uniform", 1),
	} {
		if _, err := Parse("x.toml", []byte(text), nil); err != nil {
			t.Error(err)
		}
	}
}
