// Manifest reads the manifest of a Kubernetes Job as strictly as an API server
// can be asked to (kubectl apply --validate=strict): a field that the API does not
// have, or that stands twice, is an error. It prints the Job as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	batch "k8s.io/api/batch/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "manifest:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: manifest FILE")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var job batch.Job
	if err := yaml.UnmarshalStrict(text, &job); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return json.NewEncoder(os.Stdout).Encode(&job)
}
