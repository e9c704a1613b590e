package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPositions finds every value of a document in which keys and values are written in
// all ways.
func TestPositions(t *testing.T) {
	const text = "a = 1 # = [\n" +
		"\"b.c\".'d' = [ \"]\", '#', [1,\n 2], { x = 1, y.z = \"\"\"q\"\"\"\"\" } ]\n" +
		"[t]\n" +
		"u . v = '''\n[x]\n'''\n" +
		"[[l]]\n" +
		"[[l]]\n" +
		"\tk = 1979-05-27 07:32:00 # date\n" +
		"[l.m]\n" +
		"é = 1\n"
	root, problems := Parse("x", strings.Replace(text, "é", "\"é\"", 1))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := make(map[string]string)
	root.walk(func(n *Node) {
		if n.Parent != nil {
			key, value := n.Source.Problem(n.KeyAt, "", ""), n.Source.Problem(n.At, "", "")
			got[n.Path()] = strings.TrimSuffix(strings.TrimPrefix(key.Error(), "x:"), ": ") + " " + strings.TrimSuffix(strings.TrimPrefix(value.Error(), "x:"), ": ")
		}
	})
	want := map[string]string{
		"a": "1:1 1:5", "b.c": "2:1 2:1", "b.c.d": "2:7 2:13",
		"b.c.d[0]": "2:15 2:15", "b.c.d[1]": "2:20 2:20", "b.c.d[2]": "2:25 2:25", "b.c.d[2][0]": "2:26 2:26", "b.c.d[2][1]": "3:2 3:2",
		"b.c.d[3]": "3:6 3:6", "b.c.d[3].x": "3:8 3:12", "b.c.d[3].y": "3:15 3:15", "b.c.d[3].y.z": "3:17 3:21",
		"t": "4:2 4:1", "t.u": "5:1 5:1", "t.u.v": "5:5 5:9",
		"l": "8:3 8:1", "l[0]": "8:1 8:1", "l[1]": "9:1 9:1", "l[1].k": "10:2 10:6", "l[1].m": "11:4 11:1", "l[1].m.é": "12:1 12:7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions of keys and values (-want +got):\n%s", diff)
	}
}

// FuzzDocument: any text gives a document or a problem with a position, and the scanner
// finds everything that the TOML library decodes.
func FuzzDocument(f *testing.F) {
	f.Add("\ufeffa = '''\n'''\n[a.\"b\"]\nc.d = {e = [1, {f = nan}]}\n")
	f.Add("schema = 1\n[[grid]]\nobjective = [\"tb\"]\n\"optimizer.lr\" = [1e-3, 3e-3]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			t.Skip()
		}
		root, problems := Parse("fuzz.toml", text)
		if root == nil && len(problems) == 0 {
			t.Fatal("neither a document nor a problem")
		}
		for _, p := range problems {
			if p.Line < 1 || strings.Contains(p.Msg, "cannot be located") || strings.Contains(p.Msg, errLost.Error()) {
				t.Errorf("%v", p)
			}
		}
	})
}
