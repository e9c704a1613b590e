package env

// Kinds are the registered environments, in the order in which they are listed.
// Adding an environment is one file and one line here.
var Kinds = []*Kind{
	hypergridKind,
	setsKind,
	sequencesKind,
	phyloKind,
	dagKind,
	gmmKind,
	bananaKind,
	bitseqKind,
	isingKind,
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
