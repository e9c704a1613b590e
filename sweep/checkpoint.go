package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"gfnbench/gfn"
	"gfnbench/results/disk"
)

// A checkpoint is what a cell continues from after its process ended.
type checkpoint struct {
	Cell    string
	Trainer []byte // state of gfn.Trainer
	Rows    []gfn.Row
	Spent   time.Duration // over all attempts
	Attempt int64
}

// A checkpoint's file is a line "gfnbench-checkpoint VERSION SHA-256" and the
// gob of a checkpoint, of that hash.
const checkpointMagic = "gfnbench-checkpoint 1 "

// errDamaged says that a checkpoint is not as it was written.
var errDamaged = errors.New("it is truncated or altered")

// checkpointPath spreads the files over folders: searches may keep one for
// every cell.
func checkpointPath(dir, cell string) string {
	return filepath.Join(dir, checkpointsDir, cell[:2], cell)
}

func encodeCheckpoint(c *checkpoint) ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c); err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, "%s%x\n", checkpointMagic, sha256.Sum256(b.Bytes())), b.Bytes()...), nil
}

func decodeCheckpoint(b []byte) (*checkpoint, error) {
	line, payload, ok := bytes.Cut(b, []byte{'\n'})
	if !ok || string(line) != fmt.Sprintf("%s%x", checkpointMagic, sha256.Sum256(payload)) {
		return nil, errDamaged
	}
	c := &checkpoint{}
	return c, gob.NewDecoder(bytes.NewReader(payload)).Decode(c)
}

// writeCheckpoint replaces a cell's checkpoint, durably.
func writeCheckpoint(fsys disk.FS, dir string, c *checkpoint) error {
	b, err := encodeCheckpoint(c)
	if err != nil {
		return err
	}
	path := checkpointPath(dir, c.Cell)
	if err := disk.MkdirAll(fsys, filepath.Dir(path)); err != nil {
		return err
	}
	return disk.WriteFile(fsys, path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// readCheckpoint is a cell's checkpoint, or nil where it has none. One that is
// damaged is set aside, and the error says so: the cell then starts again.
func readCheckpoint(fsys disk.FS, dir, cell string) (*checkpoint, error) {
	path := checkpointPath(dir, cell)
	b, err := disk.Read(fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := decodeCheckpoint(b)
	if err == nil && c.Cell != cell {
		err = fmt.Errorf("it belongs to the cell %s", c.Cell)
	}
	if err != nil {
		return nil, setAside(fsys, path, err)
	}
	return c, nil
}

// setAside renames a checkpoint that cannot be used.
func setAside(fsys disk.FS, path string, why error) error {
	err := fmt.Errorf("%s: %w; it is set aside and the cell starts again", path, why)
	return errors.Join(err, fsys.Rename(path, path+".damaged"))
}

// removeCheckpoint forgets a cell's checkpoint, if there is one.
func removeCheckpoint(fsys disk.FS, dir, cell string) {
	_ = fsys.Remove(checkpointPath(dir, cell)) // what is left is not read again
}
