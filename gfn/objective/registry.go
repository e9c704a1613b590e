package objective

// Kinds are the registered objectives, in the order in which they are listed.
// Adding an objective is one file and one line here.
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

// Lookup returns the kind of that name, or nil.
func Lookup(name string) *Kind {
	for _, k := range Kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}
