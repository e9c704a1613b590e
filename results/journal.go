package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// A chunk is a file of the journal: a line
//
//	gfnbench-journal VERSION SHA-256 LENGTH
//
// and LENGTH bytes, of that hash, which are a batch compressed with zstd.
const (
	chunkMagic  = "gfnbench-journal "
	chunkSuffix = ".chunk"
	maxHeader   = 128

	// journalVersion is the version of a batch's encoding; from version 2 a batch
	// names its columns.
	journalVersion = 2

	// Limits of a chunk. A curve whose metrics never change takes the fewest bytes
	// for what it holds: a 90th of its encoding, and a 110th of its memory.
	freeBatch, batchPerByte   = 16 << 20, 256 // bytes of its batch
	freeMemory, memoryPerByte = 64 << 20, 512 // bytes of its runs and instances
)

var (
	chunkEncoder, _ = zstd.NewWriter(nil) // fails only on bad options
	chunkDecoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true))
)

// chunkName returns a name that no other chunk has. Names sort in the order of
// writing.
func chunkName() string {
	return fmt.Sprintf("%016x-%016x%s", time.Now().UnixNano(), rand.Uint64(), chunkSuffix)
}

func encodeChunk(runs []Run, instances []Instance) []byte {
	batch := encodeBatch(runs, instances)
	payload := chunkEncoder.EncodeAll(batch, nil)
	if n := len(batch) - maxBatch(len(payload)); n > 0 {
		payload = append(payload, skippable(n/batchPerByte+1)...) // otherwise the reader would reject it
	}
	header := fmt.Appendf(nil, "%s%d %x %d\n", chunkMagic, journalVersion, sha256.Sum256(payload), len(payload))
	return append(header, payload...)
}

func decodeChunk(b []byte) ([]Run, []Instance, error) {
	if len(b) == 0 {
		return nil, nil, fmt.Errorf("%w: it is empty", columnar.ErrTruncated)
	}
	line, _, ok := bytes.Cut(b[:min(len(b), maxHeader)], []byte{'\n'})
	header, magic := strings.CutPrefix(string(line), chunkMagic)
	fields := strings.Split(header, " ")
	switch {
	case !magic:
		return nil, nil, fmt.Errorf("%w: it is not a journal file", columnar.ErrForeign)
	case !ok || len(fields) != 3:
		return nil, nil, columnar.ErrTruncated
	}
	version, err := checkVersion(fields[0], journalVersion)
	if err != nil {
		return nil, nil, err
	}
	payload := b[len(line)+1:]
	if n, err := strconv.Atoi(fields[2]); err == nil && len(payload) < n {
		return nil, nil, fmt.Errorf("%w: it has %d of %d bytes", columnar.ErrTruncated, len(payload), n)
	} else if err != nil || len(payload) > n || strconv.Itoa(n) != fields[2] {
		return nil, nil, columnar.ErrAltered
	}
	if fmt.Sprintf("%x", sha256.Sum256(payload)) != fields[1] {
		return nil, nil, columnar.ErrAltered
	}
	batch, err := decompress(payload)
	if err != nil {
		return nil, nil, err
	}
	return decodeBatch(batch, version, freeMemory+memoryPerByte*int64(len(payload)))
}

// maxBatch returns the largest batch, in bytes, that a payload of n bytes may
// expand to.
func maxBatch(n int) int { return freeBatch + batchPerByte*n }

// skippable returns a zstd frame of n zeros, which decoders skip.
func skippable(n int) []byte {
	frame := binary.LittleEndian.AppendUint32([]byte{0x50, 0x2a, 0x4d, 0x18}, uint32(n))
	return append(frame, make([]byte, n)...)
}

// decompress returns the batch in a payload. It allocates the memory that the
// payload declares, if that is plausible.
func decompress(payload []byte) ([]byte, error) {
	var h zstd.Header
	if err := h.Decode(payload); err != nil {
		return nil, err
	}
	size := uint64(1 << 10) // batches of up to 255 bytes do not declare theirs
	if h.HasFCS {
		size = h.FrameContentSize
	}
	if size > uint64(maxBatch(len(payload))) {
		return nil, fmt.Errorf("%w: %d bytes declare %d", errCodec, len(payload), size)
	}
	return chunkDecoder.DecodeAll(payload, make([]byte, 0, size))
}

// A chunk names a file of the journal.
type chunk struct {
	path string
	size int64
}

// listChunks lists the journal in the order of writing. It is empty if the
// directory has no journal.
func listChunks(fsys disk.FS, dir string) ([]chunk, error) {
	path := filepath.Join(dir, journalDir)
	entries, err := fsys.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var chunks []chunk
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue // being written, never completed, or made by a network file system
		}
		file := filepath.Join(path, e.Name())
		if !strings.HasSuffix(e.Name(), chunkSuffix) {
			return nil, refuse(file, fmt.Errorf("%w: it is not a journal file", columnar.ErrForeign))
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // compacted meanwhile
		}
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, chunk{file, info.Size()})
	}
	slices.SortFunc(chunks, func(a, b chunk) int { return strings.Compare(a.path, b.path) })
	return chunks, nil
}

// readChunk reads a journal file. The error is fs.ErrNotExist if the file has
// been compacted meanwhile.
func readChunk(fsys disk.FS, path string) ([]Run, []Instance, error) {
	b, err := disk.Read(fsys, path)
	if errors.Is(err, disk.ErrIrregular) {
		return nil, nil, refuse(path, disk.ErrIrregular)
	}
	if err != nil {
		return nil, nil, err
	}
	runs, instances, err := decodeChunk(b)
	if err != nil {
		return nil, nil, refuse(path, err)
	}
	return runs, instances, nil
}

// writeChunk adds a file to the journal.
func writeChunk(fsys disk.FS, dir string, runs []Run, instances []Instance) error {
	b := encodeChunk(runs, instances)
	return disk.WriteFile(fsys, filepath.Join(dir, journalDir, chunkName()), func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}
