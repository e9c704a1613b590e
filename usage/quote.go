package usage

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote writes a word so that a shell reads it as that word, and keeps it on
// one line.
func Quote(word string) string {
	if word != "" && word[0] != '=' && !strings.ContainsFunc(word, special) && utf8.ValidString(word) {
		return word
	}
	if utf8.ValidString(word) && !strings.ContainsFunc(word, unprintable) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRuneInString(word[i:])
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == utf8.RuneError && n == 1 || unprintable(r):
			for _, c := range []byte(word[i : i+n]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		default:
			b.WriteString(word[i : i+n])
		}
		i += n
	}
	return "$'" + b.String() + "'"
}

// QuotePath quotes a file or directory, so that a leading dash does not make it
// a flag.
func QuotePath(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	return Quote(path)
}

func special(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_@%+=:,./-", r)
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
