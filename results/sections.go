package results

import (
	"errors"
	"fmt"
	"iter"
)

// A section holds the rows of one cell in a Parquet file.
type section[T any] struct {
	id   string
	rows []T
}

// errEnough ends a loop over row groups early.
var errEnough = errors.New("enough")

// sections yields the rows of each cell of a file with ascending cells. decode returns
// the rows of a row group. A nil table has no rows.
func sections[T any](t *tableReader, names []string, decode func(*rowGroup) ([]T, error)) iter.Seq2[section[T], error] {
	return func(yield func(section[T], error) bool) {
		if t == nil {
			return
		}
		var held section[T]
		err := t.each(names, func(g *rowGroup) error {
			rows, err := decode(g)
			if err != nil {
				return err
			}
			cells := g.columns["cell"].Strings
			for a, b := 0, 0; a < g.rows; a = b {
				for b = a + 1; b < g.rows && cells[b] == cells[a]; {
					b++
				}
				switch {
				case cells[a] < held.id:
					return fmt.Errorf("its cells do not ascend: %s follows %s", cells[a], held.id)
				case cells[a] == held.id:
					held.rows = append(held.rows, rows[a:b]...)
					continue
				case held.id != "" && !yield(held, nil):
					return errEnough
				}
				held = section[T]{cells[a], rows[a:b:b]}
			}
			return nil
		})
		switch {
		case errors.Is(err, errEnough):
		case err != nil:
			yield(section[T]{}, err)
		case held.id != "":
			yield(held, nil)
		}
	}
}

// A tail gives out the sections of a file by ascending cells.
type tail[T any] struct {
	next func() (section[T], error, bool)
	stop func()
	at   section[T]
	more bool
}

func newTail[T any](sections iter.Seq2[section[T], error]) (*tail[T], error) {
	t := &tail[T]{}
	t.next, t.stop = iter.Pull2(sections)
	return t, t.advance()
}

func (t *tail[T]) advance() (err error) {
	t.at, err, t.more = t.next()
	return err
}

// of returns the rows of a cell. Rows of smaller ids that were not asked for are left
// out.
func (t *tail[T]) of(id string) ([]T, error) {
	for t.more && t.at.id < id {
		if err := t.advance(); err != nil {
			return nil, err
		}
	}
	if !t.more || t.at.id != id {
		return nil, nil
	}
	return t.at.rows, nil
}
