package env

import "gfnbench/gfn/param"

// A Kind is a registered environment: its parameters, how to make an instance,
// and the revision of its algorithm, which enters every cell's identity.
type Kind struct {
	Name     string        // as in a suite file
	Label    string        // name for readers of figures and tables; "": Name
	Doc      string        // one line
	Params   []param.Param // what it accepts, in the order of listings
	Revision int           // bumped by hand when the same parameters give other numbers
	Policies []string      // policy kinds that can act in it, the default first
	Samples  Samples       // the default of target samples, where the general one is too few
	Order    Order         // what features and actions are, for readers outside this program
	Small    param.Values  // of an instance with few enough states for every test; nil: the defaults

	// New makes an instance from parameters that Complete has checked and completed; Make
	// does both. If one parameter is at fault, the error is a *param.Error.
	New func(p param.Values) (Environment, error)
}

// Order says in words what stands where in the encoding of a state, a byte a feature, and
// in the list of actions, both numbered from 0.
type Order struct {
	State    string `json:"state"`              // a state, or a point of a continuous environment
	Forward  string `json:"forward,omitempty"`  // forward actions
	Backward string `json:"backward,omitempty"` // backward actions
}

// Samples are the exact target samples behind an estimated metric.
type Samples struct {
	Along int // before the last step; 0: the general default
	Final int // at the last step; 0: the general default

	// OneSided reports whether estimates use target samples alone by default, as all did
	// in version 0.1.0, given the parameters; nil: never.
	OneSided func(param.Values) bool
}

// BothSides reports whether estimates take samples from the policy as well as from the
// target by default, given the parameters.
func (k *Kind) BothSides(params param.Values) bool {
	return k.Samples.OneSided == nil || !k.Samples.OneSided(params)
}

// Complete checks parameters against their declarations and fills in the defaults; see
// [param.Complete].
func (k *Kind) Complete(given param.Values) (param.Values, []error) {
	return param.Complete(k.Name, k.Params, given)
}

// Make completes the parameters and makes the instance. Its error is the first of
// Complete's, or that of New.
func (k *Kind) Make(given param.Values) (Environment, error) {
	full, errs := k.Complete(given)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return k.New(full)
}
