package objective

// residual returns c_n = log p_F(τ_n) - log p_B(τ_n|x_n) - log r(x_n).
func (b *Batch) residual(n int) float64 {
	return b.LogPF[n] - b.LogPB[n] - b.LogR[n]
}

// slope writes the coefficients of trajectory n for a loss with derivative d with respect
// to log Z + c_n, and adds d to the derivative with respect to log Z.
func (c *Coefficients) slope(n int, d float64) {
	c.LogPF[n] = d
	if len(c.LogPB) > 0 {
		c.LogPB[n] = -d
	}
	c.LogZ += d
}
