package env

// A Sequential environment has sequences of tokens as states, which a policy can read as
// numbers.
type Sequential interface {
	Discrete

	// Tokens returns the number of different tokens; their ids are 0 to Tokens()-1.
	Tokens() int

	// Positions returns the number of tokens in the longest state.
	Positions() int

	// AppendTokens appends the ids of the tokens of s, from the first position to the
	// last filled one.
	AppendTokens(ids []int32, s []uint64) []int32
}
