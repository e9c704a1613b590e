package sheet

import (
	"regexp"
	"slices"
	"strings"
)

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "_", `\_`, "%", `\%`, "^", `\textasciicircum{}`,
	"~", `$\sim$`, "±", `$\pm$`, "−", `$-$`, "∞", `$\infty$`, "–", "--", "--", `-{}-`, "|", `\textbar{}`, "`", `\textasciigrave{}`, "“", "``", "”", "''",
	">", `$>$`, "<", `$<$`, "≥", `$\ge$`, "≤", `$\le$`, "≠", `$\ne$`, "≈", `$\approx$`, "→", `$\to$`, "‖", `$\|$`, "Σ", `$\Sigma$`, "½", `$\frac12$`, "¼", `$\frac14$`, "¾", `$\frac34$`, "₁", `$_1$`,
	"α", `$\alpha$`, "β", `$\beta$`, "γ", `$\gamma$`, "δ", `$\delta$`, "ε", `$\varepsilon$`, "η", `$\eta$`, "θ", `$\theta$`, "λ", `$\lambda$`, "μ", `$\mu$`,
	"π", `$\pi$`, "ρ", `$\rho$`, "σ", `$\sigma$`, "τ", `$\tau$`, "φ", `$\varphi$`, "χ", `$\chi$`, "ψ", `$\psi$`, "ω", `$\omega$`, "Δ", `$\Delta$`, "…", `\dots{}`, "√", `$\surd$`, "×", `$\times$`, "÷", `$\div$`)

// hash and comma, in a list, need places where lines can break.
var (
	hash  = regexp.MustCompile(`\b[0-9a-f]{24,}\b`)
	comma = regexp.MustCompile(`,(\S)`)
)

// powers are the powers of ten as package number writes them.
var (
	powers = regexp.MustCompile(`\$\\times\$10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+`)
	digits = strings.NewReplacer("⁻", "-", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")
)

func digitGroups(s, between string) string {
	var groups []string
	for group := range slices.Chunk([]byte(s), 8) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, between)
}

// EscapeLaTeX writes plain text as LaTeX.
func EscapeLaTeX(s string) string {
	s = powers.ReplaceAllStringFunc(latexEscapes.Replace(s), func(s string) string {
		return `$\times10^{` + digits.Replace(strings.TrimPrefix(s, `$\times$10`)) + `}$`
	})
	s = comma.ReplaceAllString(s, `,\allowbreak{}$1`)
	return hash.ReplaceAllStringFunc(s, func(s string) string { return digitGroups(s, `\allowbreak `) })
}

// HasHash reports whether a text contains a digest, which needs places where
// lines can break.
func HasHash(text string) bool { return hash.MatchString(text) }
