package env

// A Forest environment grows forests of rooted binary trees on labelled leaves by joining
// two roots at a time. A clade is the set of leaves below a node, as a mask with bit i
// for leaf i. The clades of its internal nodes determine a forest.
type Forest interface {
	Discrete

	// Leaves returns the number of leaves, at most 64.
	Leaves() int

	// AppendRoots appends the clades of the roots of s, in order of their smallest
	// leaves. A leaf that was never joined is also a root.
	AppendRoots(roots, s []uint64) []uint64

	// Children returns the two children of an internal node's clade, the one
	// with the smallest leaf first. A child with one bit is a leaf.
	Children(s []uint64, clade uint64) (first, second uint64)

	// Join returns the forward action that joins the roots whose smallest leaves are i
	// and j, i < j. The backward action that dissolves a root is the number of its
	// smallest leaf.
	Join(i, j int) int
}
