package columnar

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// The seal is the last pair of the footer's metadata. Its value is the SHA-256
// of the file in which that value is 64 zeros.
const (
	sealKey  = "gfnbench.sha256"
	sealSize = 2 * sha256.Size

	magic     = "PAR1"
	trailer   = 8       // length of the footer and magic
	maxFooter = 1 << 30 // more means damage
)

var (
	unsealed = bytes.Repeat([]byte{'0'}, sealSize)
	// In Thrift's compact protocol a value that follows its key is announced by
	// 0x18, a binary field whose number is one more, and its length.
	sealMark = append([]byte(sealKey), 0x18, sealSize)
)

// Reasons for rejecting a file.
var (
	ErrForeign   = errors.New("it was not written by this program, or was rewritten by another one")
	ErrTruncated = errors.New("it is truncated")
	ErrAltered   = errors.New("its contents do not match its checksum: it was damaged or edited")
)

// A sealer passes on what is written and hashes it. It keeps the first error,
// because the library's Close loses errors of the footer. It holds back the
// footer to put the seal into it.
type sealer struct {
	w      io.Writer
	h      hash.Hash
	footer *bytes.Buffer // if not nil, holds back what is written
	err    error
}

func newSealer(w io.Writer) *sealer { return &sealer{w: w, h: sha256.New()} }

func (s *sealer) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.footer != nil {
		return s.footer.Write(p)
	}
	s.h.Write(p)
	n, err := s.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}

// seal puts the seal into the footer and writes the footer.
func (s *sealer) seal() error {
	if s.err != nil {
		return s.err
	}
	footer := s.footer.Bytes()
	at, ok := findSeal(footer)
	if !ok || !bytes.HasSuffix(footer, []byte(magic)) {
		return errors.New("the Parquet library wrote no complete footer")
	}
	s.h.Write(footer)
	hex.Encode(footer[at:], s.h.Sum(nil))
	s.footer = nil
	_, err := s.Write(footer)
	return err
}

// findSeal returns where the seal's value begins in a footer.
func findSeal(footer []byte) (at int, ok bool) {
	i := bytes.LastIndex(footer, sealMark)
	at = i + len(sealMark)
	return at, i >= 0 && at+sealSize <= len(footer)
}

// checkFrame returns a file's footer and the position of the seal in it, or an
// error if the file does not begin and end as it was written.
func checkFrame(f io.ReaderAt, size int64) (footer []byte, seal int, err error) {
	fail := func(err error) ([]byte, int, error) { return nil, 0, err }
	var head, tail [trailer]byte
	if size == 0 {
		return fail(fmt.Errorf("%w: it is empty", ErrTruncated))
	}
	n, err := f.ReadAt(head[:], 0)
	if n < len(magic) && err != nil && err != io.EOF {
		return fail(err)
	}
	if !bytes.HasPrefix(head[:n], []byte(magic)) {
		return fail(fmt.Errorf("%w: it does not begin as Parquet does", ErrForeign))
	}
	if size < int64(len(magic)+trailer) {
		return fail(ErrTruncated)
	}
	if _, err := f.ReadAt(tail[:], size-trailer); err != nil {
		return fail(err)
	}
	if string(tail[4:]) != magic {
		return fail(fmt.Errorf("%w: it does not end as Parquet does", ErrTruncated))
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if length > maxFooter || length > size-trailer-int64(len(magic)) {
		return fail(fmt.Errorf("%w: its footer does not fit", ErrAltered))
	}
	footer = make([]byte, length+trailer)
	if _, err := f.ReadAt(footer, size-length-trailer); err != nil {
		return fail(err)
	}
	at, ok := findSeal(footer)
	if !ok {
		return fail(fmt.Errorf("%w: it has no checksum", ErrForeign))
	}
	return footer, at, nil
}

// checkSeal reads the whole file and reports whether it is as it was written.
func checkSeal(f io.ReaderAt, size int64) error {
	footer, at, err := checkFrame(f, size)
	if err != nil {
		return err
	}
	want := bytes.Clone(footer[at : at+sealSize])
	copy(footer[at:], unsealed)
	h := sha256.New()
	if _, err := io.CopyBuffer(h, io.NewSectionReader(f, 0, size-int64(len(footer))), make([]byte, 1<<20)); err != nil {
		return err
	}
	h.Write(footer)
	if got := hex.AppendEncode(nil, h.Sum(nil)); !bytes.Equal(got, want) {
		return ErrAltered
	}
	return nil
}
