package network

import "fmt"

// leakySlope is PyTorch's default negative slope of LeakyReLU.
const leakySlope = 0.01

// Slope returns the factor that an activation applies to negative inputs: 0 for
// "relu", 0.01 for "leaky-relu".
func Slope(activation string) (float32, error) {
	switch activation {
	case "relu":
		return 0, nil
	case "leaky-relu":
		return leakySlope, nil
	}
	return 0, fmt.Errorf("unknown activation %q: use relu or leaky-relu", activation)
}
