package trainer

import "encoding/json"

// Hello is what a program says of itself.
type Hello struct {
	Protocol     int      `json:"protocol"`     // version that it speaks
	Name         string   `json:"name"`         // such as "numpy"
	Version      string   `json:"version"`      // of the program; part of a cell's id
	Environments []string `json:"environments"` // kinds that it has
	Objectives   []string `json:"objectives"`   // those that it has
	Parameters   []string `json:"parameters"`   // settings that it follows, such as "optimizer.lr"
	Offers       []string `json:"offers"`       // messages that it answers beyond those that all do
}

// Greeting is the request for a Hello.
type Greeting struct {
	Protocol int    `json:"protocol"` // version that the harness speaks
	Harness  string `json:"harness"`  // name and version
}

// Start asks for a new run in place of any before.
type Start struct {
	Cell        string      `json:"cell"`        // its id, for messages
	Environment Environment `json:"environment"` // the instance
	Objective   Objective   `json:"objective"`   // what is minimised
	Settings    Values      `json:"settings"`    // by their names in suite files
	Seed        int64       `json:"seed"`        // of every random number; at least 0, below 2^53
}

// Values are parameters or settings as JSON, by name.
type Values map[string]json.RawMessage

// An Environment is an instance.
type Environment struct {
	Kind            string  `json:"kind"`                       // such as "hypergrid"
	Params          Values  `json:"params"`                     // defaults included
	Instance        []Field `json:"instance,omitempty"`         // what was drawn or given; its numbers are arrays
	Features        int     `json:"features,omitempty"`         // length of a state
	Actions         int     `json:"actions,omitempty"`          // forward actions
	BackwardActions int     `json:"backward_actions,omitempty"` // backward actions
	MaxSteps        int     `json:"max_steps,omitempty"`        // actions of the longest trajectory
	Dim             int     `json:"dim,omitempty"`              // coordinates, of a continuous one
}

// A Field is a part of an instance. Its numbers, if any, are the array of the name
// "instance." and its own.
type Field struct {
	Name string `json:"name"`           // such as "f"
	Text string `json:"text,omitempty"` // what is not numeric
}

// An Objective is what is minimised.
type Objective struct {
	Name           string `json:"name"`                      // such as "tb"
	Params         Values `json:"params"`                    // defaults included
	ControlVariate string `json:"control_variate,omitempty"` // "" for objectives that take none
}

// Train asks for gradient steps.
type Train struct {
	To int `json:"to"` // steps of the run after which to stop
}

// Trained is the reply.
type Trained struct {
	Step         int      `json:"step"`                   // steps taken
	Loss         *float64 `json:"loss,omitempty"`         // of the last batch
	LogZ         *float64 `json:"log_z,omitempty"`        // where it is learned
	Trajectories *int64   `json:"trajectories,omitempty"` // used so far
	Diverged     bool     `json:"diverged,omitempty"`     // loss or gradient not finite: the run has ended
}

// Policy asks for the log-probabilities of actions in states.
type Policy struct {
	Of string `json:"of"` // "forward" or "backward"
}

// Sample asks for trajectories of the policy.
type Sample struct {
	N    int   `json:"n"`    // how many
	Seed int64 `json:"seed"` // of these trajectories
}

// Loss is the objective's value on a batch.
type Loss struct {
	Loss float64  `json:"loss"`            // of the batch
	LogZ *float64 `json:"log_z,omitempty"` // where it is learned
}

// Fit gives a policy to take on.
type Fit struct {
	LogZ float64 `json:"log_z"` // in nats
}

// refusal is the reply of a program that cannot do what it was asked.
type refusal struct {
	Text string `json:"text"`
}

// Names of the messages. The reply to each has its name, or is "error".
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
