package suites

import (
	"strings"

	"gfnbench/gfn/metric"
)

// Definitions of the schema besides those of the keys, which are named after
// them: the metrics, the distributions of a sample's keys, and the prefixes of
// the keys as axes.
const (
	metricDef       = "metric"
	distributionDef = "distribution"
	listAxis        = "axis."
	drawnAxis       = "sample."
)

// definitions returns the parts that occur in several places of the schema.
// Each table that uses them is closed by additionalProperties, because some
// language servers for TOML ignore unevaluatedProperties.
func definitions() object {
	defs := object{metricDef: object{"enum": metric.Names()}, distributionDef: distributionSchema()}
	for _, k := range runKeys {
		insert(defs, k.Name, ref(k.Name))
	}
	for _, k := range cellKeys {
		defs[k.Name] = k.schema()
	}
	for _, k := range axes() {
		defs[listAxis+k.Name] = documented(object{"type": "array", "items": ref(k.Name), "minItems": 1, "uniqueItems": true}, k.Doc)
		if k != keyObjective {
			defs[drawnAxis+k.Name] = documented(object{"oneOf": []any{ref(listAxis + k.Name), ref(distributionDef)}}, k.Doc)
		}
	}
	return defs
}

// ref returns the definition of that name.
func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

// axis returns the schema of a list of values or, in a sample, of a
// distribution.
func (s *Section) axis(k *Key) object {
	if s != sampleSection || k == keyObjective {
		return ref(listAxis + k.Name)
	}
	return ref(drawnAxis + k.Name)
}

// distributionSchema returns the schema of a table with one distribution.
func distributionSchema() object {
	drawn := object{}
	for _, d := range distributions {
		drawn[d] = object{"type": "array", "minItems": 1}
	}
	return object{"type": "object", "properties": drawn, "additionalProperties": false, "minProperties": 1, "maxProperties": 1}
}

// insertRunKeys inserts the [run] keys, and the tables that their dots make.
func insertRunKeys(properties object) {
	for _, k := range runKeys {
		properties[k.Name] = ref(k.Name)
		if table, _, ok := strings.Cut(k.Name, "."); ok {
			properties[table] = ref(table)
		}
	}
}

// insert puts a dotted key wherever it may be written: as it is, in quotes, and
// in the table that its dots make.
func insert(properties object, key string, schema object) {
	properties[key] = schema
	table, name, ok := strings.Cut(key, ".")
	if !ok {
		return
	}
	if _, ok := properties[table]; !ok {
		properties[table] = object{"type": "object", "properties": object{}, "additionalProperties": false}
	}
	properties[table].(object)["properties"].(object)[name] = schema
}
