package reportcmd

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeInside writes a file in the folder of results, at a path relative to it. It
// follows no symbolic link, because a planted one must not lead the report over
// another file. It makes everything first, as writeFile does.
func writeInside(folder, name string, f func(io.Writer) error) (path string, err error) {
	path = filepath.Join(folder, name)
	elsewhere := func(err error) error {
		return fmt.Errorf("writing %s: %w: name another place with -o", path, err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return "", elsewhere(err)
	}
	defer root.Close()
	for _, part := range []string{filepath.Dir(name), name} {
		switch info, err := root.Lstat(part); {
		case err != nil: // it is made
		case info.Mode()&fs.ModeSymlink != 0:
			return "", fmt.Errorf("%s is a symbolic link, and links are not followed: remove it, or name another place with -o", filepath.Join(folder, part))
		case part != name && !info.IsDir():
			return "", elsewhere(fmt.Errorf("%s is no folder", filepath.Join(folder, part)))
		}
	}
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return "", err
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return "", elsewhere(err)
	}
	temp := fmt.Sprintf("%s.%016x", name, rand.Uint64())
	if err = writeNew(root, temp, b.Bytes()); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		_ = root.Remove(temp) // it may not exist
		return "", elsewhere(err)
	}
	return path, nil
}

// writeNew writes a file that must not exist, durably.
func writeNew(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
