package objective

// References:
//
//	Bengio, Lahlou, Deleu, Hu, Tiwari, Bengio. GFlowNet foundations.
//	JMLR 24, 2023.

var dbKind = Kind{
	Name:       "db",
	Label:      "DB",
	Doc:        "detailed balance with a learned state flow",
	Formula:    "mean over trajectories of Σ over transitions of (log F(s) + log P_F(s'|s) - log F(s') - log P_B(s|s'))², F(x) = r(x)",
	Source:     "Bengio et al. 2023",
	Revision:   1,
	LearnsLogZ: true,
	NeedsFlows: true,
	OffPolicy:  true,
	New:        func(Spec) Objective { return db{} },
}

// db is the sum of squared transition residuals, averaged over trajectories.
type db struct{}

func (db) Coefficients(b *Batch, c *Coefficients) {
	n := len(b.LogPF)
	sum := 0.0
	c.LogZ = 0
	for t := range n {
		previous := 0.0 // derivative with respect to the previous transition's residual
		for i := int(b.Start[t]); i < int(b.Start[t+1]); i++ {
			e := b.transition(t, i)
			sum += float64(e * e)
			d := 2 * e / float64(n)
			c.step(i, d)
			c.LogF[i] = d - previous
			c.LogZ += c.LogF[i]
			previous = d
		}
	}
	c.Loss = sum / float64(n)
}

// transition returns the residual log F(s) + log P_F(s'|s) - log F(s') - log P_B(s|s') of
// transition i, which belongs to trajectory t. The flow of the terminal state is its
// reward.
func (b *Batch) transition(t, i int) float64 {
	next := b.LogR[t]
	if i+1 < int(b.Start[t+1]) {
		next = b.LogF[i+1]
	}
	return b.LogF[i] + b.StepLogPF[i] - next - b.StepLogPB[i]
}

// step writes the coefficients of the policies at transition i, given the derivative d
// with respect to log P_F - log P_B.
func (c *Coefficients) step(i int, d float64) {
	c.StepLogPF[i] = d
	if len(c.StepLogPB) > 0 {
		c.StepLogPB[i] = -d
	}
}
