package objective

// References:
//
//	Malkin, Jain, Bengio, Sun, Bengio. Trajectory balance: improved credit
//	assignment in GFlowNets. NeurIPS 2022.

var tbKind = Kind{
	Name:       "tb",
	Label:      "TB",
	Doc:        "trajectory balance with a learned log Z",
	Formula:    "mean of (log Z + c)²",
	Source:     "Malkin et al. 2022",
	Revision:   1,
	LearnsLogZ: true,
	OffPolicy:  true,
	Score:      linearScore(2),
	New:        func(Spec) Objective { return tb{} },
}

// tb is the mean of (log Z + c_n)². The coefficients are 2(log Z + c_n)/N; the derivative
// with respect to log Z is their sum.
type tb struct{}

func (tb) Coefficients(b *Batch, c *Coefficients) {
	n := float64(len(b.LogPF))
	sum := 0.0
	c.LogZ = 0
	for i := range b.LogPF {
		x := b.LogZ + b.residual(i)
		sum += float64(x * x)
		c.slope(i, 2*x/n)
	}
	c.Loss = sum / n
}
