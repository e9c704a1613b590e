package env

// A Sequential environment has sequences of tokens as states, so a policy can
// read their tokens as numbers.
type Sequential interface {
	Discrete

	// Tokens returns the number of different tokens, whose ids are 0 to Tokens()-1.
	Tokens() int

	// Positions returns the largest number of tokens in a state.
	Positions() int

	// AppendTokens appends the ids of the tokens of s, from the first position to
	// the last one that is filled.
	AppendTokens(ids []int32, s []uint64) []int32
}
