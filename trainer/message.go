package trainer

import "encoding/json"

// Hello is what a program says about itself.
type Hello struct {
	Protocol     int      `json:"protocol"`     // version that the program speaks
	Name         string   `json:"name"`         // such as "numpy"
	Version      string   `json:"version"`      // version of the program; part of a cell's id
	Environments []string `json:"environments"` // kinds of environments that it has
	Objectives   []string `json:"objectives"`   // objectives that it has
	Parameters   []string `json:"parameters"`   // settings that it obeys, such as "optimizer.lr"
	Offers       []string `json:"offers"`       // messages that it answers in addition to the required ones
}

// Greeting is the request for a Hello.
type Greeting struct {
	Protocol int    `json:"protocol"` // version that the harness speaks
	Harness  string `json:"harness"`  // name and version
}

// Start asks for a new run, which replaces any earlier one.
type Start struct {
	Cell        string      `json:"cell"`        // id of the cell, for the program's messages
	Environment Environment `json:"environment"` // the instance
	Objective   Objective   `json:"objective"`   // what is minimised
	Settings    Values      `json:"settings"`    // by their names in suite files
	Seed        int64       `json:"seed"`        // seed of every random number; at least 0, below 2^53
}

// Values are parameters or settings as JSON, by name.
type Values map[string]json.RawMessage

// An Environment is an instance.
type Environment struct {
	Kind            string  `json:"kind"`                       // such as "hypergrid"
	Params          Values  `json:"params"`                     // defaults included
	Instance        []Field `json:"instance,omitempty"`         // what was drawn or given; its numbers are sent as arrays
	Features        int     `json:"features,omitempty"`         // length of a state
	Actions         int     `json:"actions,omitempty"`          // forward actions
	BackwardActions int     `json:"backward_actions,omitempty"` // backward actions
	MaxSteps        int     `json:"max_steps,omitempty"`        // actions of the longest trajectory
	Dim             int     `json:"dim,omitempty"`              // coordinates of a point, if continuous
}

// A Field is a part of an instance. Its numbers, if any, are sent as the array called
// "instance." followed by its name.
type Field struct {
	Name string `json:"name"`           // such as "f"
	Text string `json:"text,omitempty"` // the value, if not numeric
}

// An Objective is what is minimised.
type Objective struct {
	Name           string `json:"name"`                      // such as "tb"
	Params         Values `json:"params"`                    // defaults included
	ControlVariate string `json:"control_variate,omitempty"` // "" for objectives without one
}

// Train asks for gradient steps.
type Train struct {
	To int `json:"to"` // step of the run to train to
}

// Trained is the reply to Train.
type Trained struct {
	Step         int      `json:"step"`                   // number of steps taken
	Loss         *float64 `json:"loss,omitempty"`         // of the last batch
	LogZ         *float64 `json:"log_z,omitempty"`        // if it is learned
	Trajectories *int64   `json:"trajectories,omitempty"` // number used so far
	Diverged     bool     `json:"diverged,omitempty"`     // loss or gradient not finite; the run has ended
}

// Policy asks for the log-probabilities of actions in states.
type Policy struct {
	Of string `json:"of"` // "forward" or "backward"
}

// Sample asks for trajectories of the policy.
type Sample struct {
	N    int   `json:"n"`    // how many
	Seed int64 `json:"seed"` // seed of these trajectories
}

// Loss is the value of the objective on a batch.
type Loss struct {
	Loss float64  `json:"loss"`            // of the batch
	LogZ *float64 `json:"log_z,omitempty"` // if it is learned
}

// Fit asks a program to adopt a given policy.
type Fit struct {
	LogZ float64 `json:"log_z"` // in nats
}

// refusal is the reply of a program that cannot do what was asked.
type refusal struct {
	Text string `json:"text"`
}

// Names of the messages. A reply has the name of its request, or "error".
const (
	MessageHello   = "hello"
	MessageStart   = "start"
	MessageTrain   = "train"
	MessagePolicy  = "log_probabilities"
	MessageDensity = "log_densities"
	MessageSample  = "sample"
	MessageSave    = "save"
	MessageLoad    = "load"
	MessageLoss    = "loss"
	MessageUpdate  = "update"
	MessageFit     = "fit"
	MessageStop    = "stop"
	messageError   = "error"
)
