package document

// Number returns the value of an integer or a float.
func (n *Node) Number() (float64, bool) {
	switch x := n.Value.(type) {
	case int64:
		return float64(x), true
	case float64:
		if x == 0 {
			x = 0 // no negative zero, which is the same value
		}
		return x, true
	}
	return 0, false
}

// Text returns the value of a string. It returns false if the node is nil.
func (n *Node) Text() (string, bool) {
	if n == nil {
		return "", false
	}
	s, ok := n.Value.(string)
	return s, ok
}

// List converts the elements of an array.
func List[T any](n *Node, convert func(*Node) (T, bool)) ([]T, bool) {
	if n.Kind != Array {
		return nil, false
	}
	list := make([]T, len(n.Items))
	for i, item := range n.Items {
		x, ok := convert(item)
		if !ok {
			return list, false
		}
		list[i] = x
	}
	return list, true
}

// Integer returns the value of an integer.
func (n *Node) Integer() (int, bool) {
	x, ok := n.Value.(int64)
	return int(x), ok
}
