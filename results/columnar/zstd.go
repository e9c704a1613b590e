package columnar

import (
	"io"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/klauspost/compress/zstd"
)

// The library's own codec makes a new encoder for every page, which costs
// milliseconds and megabytes each time. This one shares one encoder and one
// decoder, both of which are safe for concurrent use. The decoder fills the memory
// it is given and allocates none, whatever size and window its input declares.
func init() { compress.RegisterCodec(compress.Codecs.Zstd, sharedZstd{}) }

var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithZeroFrames(true)) // fails on bad options only
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true))
)

type sharedZstd struct{}

func (sharedZstd) Encode(dst, src []byte) []byte { return encoder.EncodeAll(src, dst[:0]) }

func (sharedZstd) EncodeLevel(dst, src []byte, _ int) []byte { return encoder.EncodeAll(src, dst[:0]) }

// Decode panics on damaged data, which is how the library's codecs report it.
func (sharedZstd) Decode(dst, src []byte) []byte {
	dst, err := decoder.DecodeAll(src, dst[:0])
	if err != nil {
		panic(err)
	}
	return dst
}

func (sharedZstd) NewReader(r io.Reader) io.ReadCloser {
	d, err := zstd.NewReader(r)
	if err != nil {
		panic(err)
	}
	return d.IOReadCloser()
}

func (sharedZstd) NewWriter(w io.Writer) io.WriteCloser {
	e, err := zstd.NewWriter(w)
	if err != nil {
		panic(err)
	}
	return e
}

func (c sharedZstd) NewWriterLevel(w io.Writer, _ int) (io.WriteCloser, error) {
	return c.NewWriter(w), nil
}

func (sharedZstd) CompressBound(n int64) int64 { return n + n>>8 + 1<<10 }
