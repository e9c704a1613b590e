package dag

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gfnbench/gfn/param"
)

// parseCSV reads numbers, one observation per line. They are separated by tabs or
// semicolons if the first line has one, and by commas otherwise. The first line names the
// variables if none of its fields is a number. Errors name file and line.
func parseCSV(f param.File) (names []string, rows [][]float64, err error) {
	data := strings.TrimPrefix(f.Data, "\ufeff")
	r := csv.NewReader(strings.NewReader(data))
	r.Comma, r.ReuseRecord = separator(data), true
	r.TrimLeadingSpace = r.Comma != '\t' // a tab is also a space
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, csvError(f.Name, err)
		}
		line, _ := r.FieldPos(0)
		if names == nil {
			if names, err = variableNames(record); err != nil {
				return nil, nil, fmt.Errorf("%s:%d: %w", f.Name, line, err)
			}
			if names != nil {
				continue
			}
			names = numberedNames(len(record))
		}
		row, err := numbers(record, names)
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", f.Name, line, err)
		}
		rows = append(rows, row)
	}
	if names == nil {
		return nil, nil, fmt.Errorf("%s: empty file: expected comma-separated numbers", f.Name)
	}
	return names, rows, nil
}

// separator returns the first of tab, semicolon and comma found in the first line outside
// quotes. A semicolon comes before a comma, which may be a decimal one.
func separator(data string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(data, "\r\n"), "\n")
	for _, c := range "\t;" {
		for i, part := range strings.Split(first, `"`) {
			if i%2 == 0 && strings.ContainsRune(part, c) {
				return c
			}
		}
	}
	return ','
}

func csvError(file string, err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if errors.Is(err, csv.ErrFieldCount) {
		return fmt.Errorf("%s:%d: the number of fields differs from the first line's", file, p.Line)
	}
	return fmt.Errorf("%s:%d: %w", file, p.Line, p.Err)
}

// variableNames returns the fields of a header line, or nil if the line is not a header
// because it holds a number.
func variableNames(fields []string) ([]string, error) {
	seen := map[string]int{}
	var names []string
	for i, field := range fields {
		name := strings.TrimSpace(field)
		if _, err := strconv.ParseFloat(name, 64); err == nil {
			return nil, nil
		}
		if name == "" {
			return nil, fmt.Errorf("column %d has no name (if it holds row names, leave it out)", i+1)
		}
		if first, ok := seen[name]; ok {
			return nil, fmt.Errorf("duplicate name %q in columns %d and %d", name, first, i+1)
		}
		seen[name] = i + 1
		names = append(names, name)
	}
	return names, nil
}

func numbers(fields, names []string) ([]float64, error) {
	row := make([]float64, len(fields))
	for k, field := range fields {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			hint := "missing values are not supported"
			if strings.Contains(field, ",") {
				hint = "decimals have a point"
			}
			return nil, fmt.Errorf("column %q: %q is not a finite number (%s)", names[k], field, hint)
		}
		row[k] = v
	}
	return row, nil
}
