package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The usage of a flag names what it takes in backquotes, as package pflag wants
// it: in a sentence, or first and with a colon, "`NAME`: the partition", where
// the name is not part of the text. As completion shows usages as they are, the
// names are moved into an annotation.
const valueName = "gfnbench_value"

// describe moves what the flags of the commands take out of their usages.
func describe(c *cobra.Command) {
	move := func(f *pflag.Flag) {
		if _, done := f.Annotations[valueName]; done {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		if strings.HasPrefix(f.Usage, "`"+name+"`: ") {
			usage = strings.TrimPrefix(usage, name+": ")
		}
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[valueName], f.Usage = []string{name}, usage
	}
	c.Flags().VisitAll(move)
	c.PersistentFlags().VisitAll(move)
	for _, sub := range c.Commands() {
		describe(sub)
	}
}

// ValueName is what a flag takes, "" for a switch.
func ValueName(f *pflag.Flag) string {
	if name := f.Annotations[valueName]; len(name) > 0 {
		return name[0]
	}
	name, _ := pflag.UnquoteUsage(f)
	return name
}

// byDefault says the default of a flag that has one and does not say it.
func byDefault(f *pflag.Flag) string {
	if slices.Contains([]string{"", "0", "false", "[]"}, f.DefValue) || strings.Contains(f.Usage, "(default") {
		return ""
	}
	return " (default " + f.DefValue + ")"
}

// listFlags lists the flags in the help.
func listFlags(b *strings.Builder, flags *pflag.FlagSet, columns int) {
	var names, texts []string
	widest := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		name = strings.TrimRight(name+" "+ValueName(f), " ")
		widest = max(widest, len(name))
		names, texts = append(names, name), append(texts, f.Usage+byDefault(f))
	})
	indent := strings.Repeat(" ", widest+3)
	for i, name := range names {
		text := wrap(texts[i], columns, indent)
		fmt.Fprintf(b, "%-*s   %s\n", widest, name, strings.TrimPrefix(text, indent))
	}
}
