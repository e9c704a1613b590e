package conformance

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/stream"
	"gfnbench/trainer"
	"gfnbench/trainer/remote"
)

// A world is a discrete environment with all its states.
type world struct {
	env.Discrete
	graph   *exact.Graph
	encoder *remote.Policy
	node    map[string]int // by a state's code
	inner   []int          // nodes that are not terminal
	ends    []int          // terminal nodes
}

func newWorld(e env.Discrete, g *exact.Graph) *world {
	w := &world{Discrete: e, graph: g, encoder: remote.NewPolicy(context.Background(), nil, e), node: map[string]int{}}
	for n := range g.Nodes() {
		w.node[text(g.State(n))] = n
		if e.Terminal(g.State(n)) {
			w.ends = append(w.ends, n)
		} else {
			w.inner = append(w.inner, n)
		}
	}
	return w
}

// text returns a code as a map key.
func text(code []uint64) string {
	b := make([]byte, 0, 8*len(code))
	for _, x := range code {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	return string(b)
}

// name returns a state as text for people.
func (w *world) name(node int) string { return w.Format(w.graph.State(node)) }

// encode returns the bytes of states in messages.
func (w *world) encode(nodes []int) []byte {
	var codes []uint64
	for _, n := range nodes {
		codes = append(codes, w.graph.State(n)...)
	}
	return append([]byte(nil), w.encoder.Encode(codes, len(nodes))...)
}

// forwardMask returns the actions that are allowed in a state.
func (w *world) forwardMask(node int) []uint64 {
	m := make([]uint64, env.MaskWords(w.Actions()))
	w.Mask(w.graph.State(node), m)
	return m
}

func (w *world) backwardMask(node int) []uint64 {
	m := make([]uint64, env.MaskWords(w.BackwardActions()))
	w.BackwardMask(w.graph.State(node), m)
	return m
}

func allows(mask []uint64, a int) bool { return mask[a>>6]>>(a&63)&1 != 0 }

func count(mask []uint64) (n int) {
	for _, m := range mask {
		n += bits.OnesCount64(m)
	}
	return n
}

// A path is a trajectory: step i goes from nodes[i] by actions[i] to nodes[i+1], and
// back[i] undoes it.
type path struct{ nodes, actions, back []int }

// end returns the terminal node.
func (p *path) end() int { return p.nodes[len(p.nodes)-1] }

// follow returns the paths of trajectories. It returns a finding if one does not lead
// from s0 by allowed actions to a terminal state.
func (w *world) follow(t *trainer.Trajectories) ([]path, error) {
	list := make([]path, len(t.Start)-1)
	s := make([]uint64, w.Words())
	for i := range list {
		p := &list[i]
		w.Reset(s)
		p.nodes = []int{0}
		for step, a := range t.Actions[t.Start[i]:t.Start[i+1]] {
			at := p.end()
			switch {
			case w.Terminal(s):
				return nil, found("an exit action that is counted twice, or one that the environment does not have", "trajectory %d goes on after it ended in %s: its action %d, of %d, is %d", i, w.name(at), step, t.Start[i+1]-t.Start[i], a)
			case a < 0 || a >= int64(w.Actions()) || !allows(w.forwardMask(at), int(a)):
				return nil, found("the mask is not applied when actions are sampled, or actions are numbered otherwise than docs/trainers.md says", "trajectory %d takes the action %d in %s, where it is not allowed", i, a, w.name(at))
			}
			p.actions, p.back = append(p.actions, int(a)), append(p.back, w.Step(s, int(a)))
			p.nodes = append(p.nodes, w.node[text(s)])
		}
		if !w.Terminal(s) {
			return nil, found("the exit action is left out of the trajectories, or they are cut off", "trajectory %d ends in %s, which is not terminal", i, w.name(p.end()))
		}
	}
	return list, nil
}

// mostEnds bounds a batch of trajectories to every terminal state.
const mostEnds = 512

// cover returns a trajectory to each terminal state, or to evenly chosen ones if there
// are more than mostEnds. It draws them from the uniform backward policy, always the same.
func (w *world) cover() *trainer.Trajectories {
	rng := stream.NewKey("conformance").Stream("cover", 0)
	t := &trainer.Trajectories{Start: []int64{0}}
	s := make([]uint64, w.Words())
	n := min(mostEnds, len(w.ends))
	for i := range n {
		copy(s, w.graph.State(w.ends[i*len(w.ends)/n]))
		var reversed []int64
		for w.node[text(s)] != 0 {
			m := w.backwardMask(w.node[text(s)])
			b := rng.IntN(w.BackwardActions())
			for !allows(m, b) {
				b = rng.IntN(w.BackwardActions())
			}
			reversed = append(reversed, int64(w.StepBack(s, b)))
		}
		for j := range reversed {
			t.Actions = append(t.Actions, reversed[len(reversed)-1-j])
		}
		t.Start = append(t.Start, int64(len(t.Actions)))
	}
	return t
}

// describe describes a trajectory by its states.
func (w *world) describe(p *path) string {
	const most = 4
	if len(p.nodes) <= most {
		text := ""
		for i, n := range p.nodes {
			if i > 0 {
				text += " → "
			}
			text += w.name(n)
		}
		return text
	}
	return fmt.Sprintf("%s → … → %s of %d actions", w.name(0), w.name(p.end()), len(p.actions))
}
