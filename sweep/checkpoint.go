package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gfnbench/gfn"
	"gfnbench/results/disk"
)

// A checkpoint is what a cell continues from after its process has ended. Its
// evaluations lie beside it, in parts. Those since the last checkpoint become a
// new part, which absorbs the preceding parts that are no larger. So there are
// few parts, and each evaluation is written only a few times, however many
// checkpoints there are.
type checkpoint struct {
	Cell    string
	Trainer []byte // state of gfn.Trainer
	Steps   int64  // steps that it has taken
	Rows    []gfn.Row
	Parts   []part        // parts of Rows; if there are none, Rows are in this file, as in version 1
	Spent   time.Duration // time spent over all attempts
	Attempt int64
	Kept    keptSoFar // zero if nothing is to be kept
}

// A part is a file of evaluations.
type part struct {
	From, To int    // range of the evaluations
	Hash     string // hash of the file
}

// name returns the file's name, in the folder of the checkpoint.
func (p part) name(cell string) string { return fmt.Sprintf("%s.%d-%d", cell, p.From, p.To) }

// A checkpoint's file is a line "gfnbench-checkpoint VERSION SHA-256" and the
// gob of a checkpoint, of that hash. A part is the gob of its evaluations.
const (
	checkpointMagic = "gfnbench-checkpoint 2 "
	magicOfVersion1 = "gfnbench-checkpoint 1 "
)

// errDamaged says that a checkpoint has changed since it was written.
var errDamaged = errors.New("it is truncated or altered")

// checkpointPath returns the path of a checkpoint. It spreads the files over
// folders, because a search may keep one for every cell.
func checkpointPath(dir, cell string) string {
	return filepath.Join(dir, checkpointsDir, cell[:2], cell)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// encodeCheckpoint leaves out the evaluations if they are in parts.
func encodeCheckpoint(c *checkpoint) ([]byte, error) {
	k := *c
	if len(k.Parts) > 0 {
		k.Rows = nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(&k); err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, "%s%s\n", checkpointMagic, hashOf(b.Bytes())), b.Bytes()...), nil
}

// decodeCheckpoint reads a checkpoint without its parts.
func decodeCheckpoint(b []byte) (*checkpoint, error) {
	line, payload, ok := bytes.Cut(b, []byte{'\n'})
	sum := hashOf(payload)
	if !ok || string(line) != checkpointMagic+sum && string(line) != magicOfVersion1+sum {
		return nil, errDamaged
	}
	c := &checkpoint{}
	if err := gob.NewDecoder(bytes.NewReader(payload)).Decode(c); err != nil {
		return nil, err
	}
	if n := len(c.Rows); c.Steps == 0 && n > 0 {
		c.Steps = int64(c.Rows[n-1].Step) // a lower bound, for version 1
	}
	for i, p := range c.Parts {
		if p.To <= p.From || i == 0 && p.From != 0 || i > 0 && p.From != c.Parts[i-1].To {
			return nil, errDamaged
		}
	}
	return c, nil
}

// partition returns the parts of n evaluations, given those that are written.
// The last one is new unless the written parts hold all.
func partition(written []part, n int) []part {
	from := 0
	if len(written) > 0 {
		from = written[len(written)-1].To
	}
	if n == from {
		return written
	}
	for len(written) > 0 {
		last := written[len(written)-1]
		if last.To-last.From > n-from {
			break
		}
		from, written = last.From, written[:len(written)-1]
	}
	return append(written[:len(written):len(written)], part{From: from, To: n})
}

// writeCheckpoint replaces a cell's checkpoint durably and returns its parts.
// Those in c.Parts already exist.
func writeCheckpoint(fsys disk.FS, dir string, c *checkpoint) ([]part, error) {
	path := checkpointPath(dir, c.Cell)
	if err := disk.MkdirAll(fsys, filepath.Dir(path)); err != nil {
		return c.Parts, err
	}
	before := c.Parts
	c.Parts = partition(before, len(c.Rows))
	if n := len(c.Parts); n > 0 && c.Parts[n-1].Hash == "" {
		if err := writePart(fsys, path, c, &c.Parts[n-1]); err != nil {
			return before, err
		}
	}
	b, err := encodeCheckpoint(c)
	if err == nil {
		err = disk.WriteFile(fsys, path, writing(b))
	}
	if err != nil {
		return before, err
	}
	for _, p := range before {
		if !slices.Contains(c.Parts, p) {
			_ = fsys.Remove(filepath.Join(filepath.Dir(path), p.name(c.Cell))) // another part holds its evaluations
		}
	}
	return c.Parts, nil
}

func writing(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// writePart writes a new part of the checkpoint's evaluations.
func writePart(fsys disk.FS, path string, c *checkpoint, p *part) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c.Rows[p.From:p.To]); err != nil {
		return err
	}
	p.Hash = hashOf(b.Bytes())
	return disk.WriteFile(fsys, filepath.Join(filepath.Dir(path), p.name(c.Cell)), writing(b.Bytes()))
}

// readCheckpoint returns a cell's checkpoint, or nil if it has none. It sets a
// damaged one aside and returns an error that says so; the cell then starts
// again.
func readCheckpoint(fsys disk.FS, dir, cell string) (*checkpoint, error) {
	path := checkpointPath(dir, cell)
	c, err := lookCheckpoint(fsys, dir, cell)
	if err == nil || errors.Is(err, errUnread) {
		return c, err
	}
	return nil, setAside(fsys, path, err)
}

// errUnread says that a file cannot be read at the moment.
var errUnread = errors.New("a cell starts again, because its checkpoint cannot be read")

// lookCheckpoint is like readCheckpoint but changes nothing.
func lookCheckpoint(fsys disk.FS, dir, cell string) (*checkpoint, error) {
	path := checkpointPath(dir, cell)
	b, err := disk.Read(fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnread, err)
	}
	c, err := decodeCheckpoint(b)
	if err != nil {
		return nil, err
	}
	if c.Cell != cell {
		return nil, fmt.Errorf("it belongs to the cell %s", c.Cell)
	}
	for _, p := range c.Parts {
		b, err := disk.Read(fsys, filepath.Join(filepath.Dir(path), p.name(cell)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w: %s is missing", errDamaged, p.name(cell))
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUnread, err)
		}
		var rows []gfn.Row
		if hashOf(b) != p.Hash || gob.NewDecoder(bytes.NewReader(b)).Decode(&rows) != nil || len(rows) != p.To-p.From {
			return nil, fmt.Errorf("%w: in %s", errDamaged, p.name(cell))
		}
		c.Rows = append(c.Rows, rows...)
	}
	return c, nil
}

// setAside renames a checkpoint that cannot be used.
func setAside(fsys disk.FS, path string, why error) error {
	err := fmt.Errorf("%s: %w; it is set aside and the cell starts again", path, why)
	return errors.Join(err, fsys.Rename(path, path+".damaged"))
}

// removeCheckpoint forgets a cell's checkpoint and its parts, if there are any.
func removeCheckpoint(fsys disk.FS, dir, cell string) {
	path := checkpointPath(dir, cell)
	_ = fsys.Remove(path)                          // leftovers are never read again
	entries, _ := fsys.ReadDir(filepath.Dir(path)) // as above
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), cell+"."); ok && rest != "damaged" {
			_ = fsys.Remove(filepath.Join(filepath.Dir(path), e.Name())) // as above
		}
	}
}

// saved records what the checkpoints of an attempt have written.
type saved struct {
	end   time.Time     // of the last
	took  time.Duration // it
	parts []part
}

// writingShare is the share of a cell's time that checkpoints may take.
const writingShare = 0.05

// due reports whether it is time for the next checkpoint. The interval counts
// from the end of the last one, and is longer if writing is slow.
func (s *saved) due(now time.Time, every time.Duration) bool {
	slow := time.Duration(float64(s.took) * (1/writingShare - 1))
	return now.Sub(s.end) > max(every, slow)
}
