package objective

// Kinds lists the registered objectives in the order of listings. Adding an objective
// takes one file and one line here.
var Kinds = []*Kind{
	&tbKind,
	&dbKind,
	&subtbKind,
	&vargradKind,
	&reverseKLKind,
	&forwardKLKind,
	&renyiKind,
	&tsallisKind,
	&linexKind,
	&shiftedCoshKind,
}

// Lookup returns the kind with the given name, or nil.
func Lookup(name string) *Kind {
	for _, k := range Kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}
