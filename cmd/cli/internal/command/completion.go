package command

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A shell is a shell for which words can be completed.
type shell struct {
	name, long, example string
	script              func(root *cobra.Command, w io.Writer, descriptions bool) error
}

var shells = []shell{
	{
		"bash", "Print the script for bash, which needs the package bash-completion.",
		"  source <(NAME completion bash)\n  mkdir -p ~/.local/share/bash-completion/completions\n  NAME completion bash > ~/.local/share/bash-completion/completions/NAME",
		(*cobra.Command).GenBashCompletionV2,
	},
	{
		"zsh", "Print the script for zsh, which looks for it in the folders of fpath: ~/.zshrc needs these lines, in this order.\n\n    fpath=(~/.zfunc $fpath)\n    autoload -U compinit && compinit",
		"  mkdir -p ~/.zfunc\n  NAME completion zsh > ~/.zfunc/_NAME",
		either((*cobra.Command).GenZshCompletionNoDesc, (*cobra.Command).GenZshCompletion),
	},
	{
		"fish", "Print the script for fish.",
		"  mkdir -p ~/.config/fish/completions\n  NAME completion fish > ~/.config/fish/completions/NAME.fish",
		(*cobra.Command).GenFishCompletion,
	},
	{
		"powershell", "Print the script for PowerShell.",
		"  NAME completion powershell > NAME.ps1",
		either((*cobra.Command).GenPowerShellCompletion, (*cobra.Command).GenPowerShellCompletionWithDesc),
	},
}

// either returns a function that writes a script with or without descriptions.
func either(plain, described func(*cobra.Command, io.Writer) error) func(*cobra.Command, io.Writer, bool) error {
	return func(root *cobra.Command, w io.Writer, descriptions bool) error {
		if descriptions {
			return described(root, w)
		}
		return plain(root, w)
	}
}

// completionCommand replaces cobra's. It has its own wording, and its scripts
// complete flags whose value contains a =.
func completionCommand(root *cobra.Command) *cobra.Command {
	root.CompletionOptions.DisableDefaultCmd = true
	program := root.Name()
	completion := &cobra.Command{
		Use:     "completion",
		Short:   "Print a completion script for bash, zsh, fish or PowerShell",
		Long:    "Print a script that completes the words of " + program + ": commands, flags, suites, directories under runs/, and the values of flags. Load it in the current shell, or save it where the shell finds it: " + program + " completion SHELL --help says where.",
		Example: strings.ReplaceAll("  source <(NAME completion bash)\n  NAME completion fish | source", "NAME", program),
		Args:    unknownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, sh := range shells {
		short := false
		c := &cobra.Command{
			Use:     sh.name,
			Short:   "Print the script for " + strings.Replace(sh.name, "powershell", "PowerShell", 1),
			Long:    sh.long,
			Example: strings.ReplaceAll(sh.example, "NAME", program),
			Args:    Exactly(0),

			ValidArgsFunction: cobra.NoFileCompletions,
			RunE: func(c *cobra.Command, _ []string) error {
				var b bytes.Buffer
				if err := sh.script(c.Root(), &b, !short); err != nil {
					return err
				}
				_, err := c.OutOrStdout().Write(bytes.ReplaceAll(b.Bytes(), []byte(greedyPrefix), []byte("'^-[^=]*='")))
				return err
			},
		}
		c.Flags().BoolVar(&short, "no-descriptions", false, "leave out descriptions")
		completion.AddCommand(c)
	}
	return completion
}

// greedyPrefix is the pattern by which cobra's scripts for zsh and fish find a flag
// and its =. For --filter=environment=g it would match up to the second one.
const greedyPrefix = "'-.*='"
