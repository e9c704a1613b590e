package export

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/results"
)

// TensorBoard writes the curves of each cell that is shown as one run of TensorBoard.
// create makes a file at a slash-separated path. A run is named by the environment and
// the values that distinguish its cells, such as "sets/tb/lr=0.001/seed=0". Numbers
// become float32, as TensorBoard requires, and evaluations are dated as if all steps of a
// run took equally long.
func TensorBoard(create func(name string, write func(io.Writer) error) error, s *report.Sweep) error {
	curves, err := s.Curves(false)
	if err != nil {
		return err
	}
	defer curves.Close()
	columns := differing(s)
	taken := make(map[string]bool)
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		name := runName(columns, r)
		if taken[name] {
			name = path.Join(name, r.ID())
		}
		taken[name] = true
		run, err := curves.Run(r)
		if err != nil {
			return err
		}
		err = create(path.Join(name, "events.out.tfevents.0.gfnbench"), func(w io.Writer) error {
			_, err := w.Write(events(run, curves.Metrics))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// differing returns the columns that distinguish the cells of an environment:
// environment, objective and so on, with the seed last.
func differing(s *report.Sweep) (columns []string) {
	trained := make(map[string][]*report.Row)
	for _, r := range s.Rows {
		if r.Run != nil {
			trained[r.Environment()] = append(trained[r.Environment()], r)
		}
	}
	columns = []string{"environment", "objective"}
	for _, c := range s.Columns() {
		if c == "seed" || slices.Contains(columns, c) {
			continue
		}
		for _, rows := range trained {
			if report.Differ([]string{c}, rows...) != "" {
				columns = append(columns, c)
				break
			}
		}
	}
	return append(columns, "seed")
}

// runName returns the path of a cell's run. Characters that some file system does not
// allow become "_".
func runName(columns []string, r *report.Row) string {
	parts := strings.Split(report.NameOf(columns, r.Value), "/")
	for i, part := range parts {
		part = strings.Map(func(c rune) rune {
			if c < ' ' || strings.ContainsRune(`<>:"\|?*`, c) {
				return '_'
			}
			return c
		}, part)
		if strings.Trim(part, ".") == "" {
			part = "_" // not the parent folder
		}
		parts[i] = part
	}
	return path.Join(parts...)
}

// events returns the event file of a run.
func events(run *results.Run, metrics []metric.Metric) []byte {
	date := func(step int64) float64 {
		share := 0.0
		if run.Step > 0 {
			share = float64(step) / float64(run.Step)
		}
		return float64(run.Timing.Start.UnixMicro())/float64(time.Second/time.Microsecond) + run.Timing.Wall*share
	}
	file := record(nil, event(date(0), 0, 3, []byte("brain.Event:2")))
	for i := range run.Curve {
		p := &run.Curve[i]
		var summary []byte
		for _, m := range metrics {
			x, ok := p.Get(m)
			if !ok {
				continue
			}
			value := field(nil, 1, []byte(m.String()))
			value = binary.AppendUvarint(value, 2<<3|fixed32)
			value = binary.LittleEndian.AppendUint32(value, math.Float32bits(float32(x)))
			summary = field(summary, 1, value)
		}
		file = record(file, event(date(p.Step), p.Step, 5, summary))
	}
	return file
}

// Wire types of protocol buffers.
const (
	varint    = 0
	fixed64   = 1
	delimited = 2
	fixed32   = 5
)

// event returns a message Event of TensorFlow's event.proto: a date in seconds since
// 1970, a step, and what happened, in the field with the given number (3 the version of
// the file, 5 a summary).
func event(date float64, step int64, number uint64, what []byte) []byte {
	b := binary.AppendUvarint(nil, 1<<3|fixed64)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(date))
	b = binary.AppendUvarint(b, 2<<3|varint)
	b = binary.AppendUvarint(b, uint64(step))
	return field(b, number, what)
}

// field appends a field that holds bytes.
func field(b []byte, number uint64, what []byte) []byte {
	b = binary.AppendUvarint(b, number<<3|delimited)
	b = binary.AppendUvarint(b, uint64(len(what)))
	return append(b, what...)
}

// record appends a record of a TFRecord file: length, its checksum, data, checksum.
func record(file, data []byte) []byte {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	file = append(file, length...)
	file = binary.LittleEndian.AppendUint32(file, masked(length))
	file = append(file, data...)
	return binary.LittleEndian.AppendUint32(file, masked(data))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked returns the CRC-32C of data as TFRecord files store it: rotated and shifted,
// because the data may itself hold checksums.
func masked(data []byte) uint32 {
	c := crc32.Checksum(data, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}
