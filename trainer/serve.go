package trainer

import (
	"bufio"
	"errors"
	"io"
)

// Serve answers the requests read from r until stop or the end of r. It is the program's
// side of the protocol, for programs in Go. answer returns the fields and the arrays of a
// reply; its error is sent to the harness as a refusal.
func Serve(r io.Reader, w io.Writer, answer func(f *Frame) (fields any, arrays []Array, err error)) error {
	in := bufio.NewReader(r)
	for {
		f, err := Read(in, MaxHeader, maxState)
		if errors.Is(err, io.EOF) || err == nil && f.Message == MessageStop {
			return nil
		}
		if err != nil {
			return err
		}
		fields, arrays, err := answer(f)
		message := f.Message
		if err != nil {
			message, fields, arrays = messageError, refusal{err.Error()}, nil
		}
		if err := Write(w, message, f.ID, fields, arrays...); err != nil {
			return err
		}
	}
}
