package objective

// Names of the control variates of the four divergences; ControlVariates has
// their formulas.
const (
	None        = "none"       // the naive estimator
	LeaveOneOut = "loo"        // full leave-one-out baseline
	Paper       = "paper"      // Eqs. 6 and 7 of da Silva et al. 2024
	BatchMean   = "batch-mean" // the batch mean as baseline
)

// A ControlVariate describes one way to reduce the variance of a divergence's gradient.
type ControlVariate struct {
	Name    string // as in a suite file
	Label   string // name for readers of figures and tables
	Doc     string // one line
	Formula string // coefficients for a divergence with integrand f
	Source  string // citation
}

// ControlVariates lists all control variates in the order of listings.
var ControlVariates = []ControlVariate{
	{None, "no CV", "the naive estimator", "k = f/N", "da Silva et al. 2024, Sec. 3"},
	{LeaveOneOut, "leave-one-out", "full leave-one-out baseline: unbiased for reverse-kl, forward-kl and tsallis", "k = (f - mean f)/(N-1)", "Kool et al. 2019; Shi et al. 2022"},
	{Paper, "paper's CV", "the paper's linearised baseline and leave-one-out: loo itself for the KL divergences, biased for renyi and tsallis", "k = ((α-1)g/N - â/N + (g - ḡ)/(N-1))/(α(α-1)), â = (α-1)⟨S, G⟩/(ε + ‖S‖²), over ḡ for renyi; loo for the KL divergences", "da Silva et al. 2024, Eqs. 6 and 7"},
	{BatchMean, "batch mean", "the batch mean as baseline: (N-1)/N times loo", "k = (f - mean f)/N", "Malkin et al. 2023"},
}

// divergenceControlVariates are those that every divergence accepts.
var divergenceControlVariates = []string{None, LeaveOneOut, Paper, BatchMean}

// centre writes to k the on-policy coefficients of the score-function gradient E[f s]
// under control variate cv (not Paper). k may be f.
func centre(cv string, f, k []float64) {
	n := float64(len(f))
	baseline, denominator := 0.0, n
	if cv != None {
		baseline = mean(f)
	}
	if cv == LeaveOneOut {
		// (f_n - mean of the others)/N = (f_n - mean)/(N-1).
		denominator = n - 1
	}
	for i, x := range f {
		k[i] = (x - baseline) / denominator
	}
}

// mean sums in index order.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
