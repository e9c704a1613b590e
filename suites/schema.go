package suites

import (
	"encoding/json"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
)

// object is a JSON object; encoding/json writes its keys in order.
type object = map[string]any

// Schema returns the JSON Schema (draft 2020-12) of suite files, for editors.
func Schema() []byte {
	properties := object{}
	for _, s := range Sections() {
		if s.Name == "" || s == environmentSection || s == trainerSection || s == halvingSection {
			continue
		}
		table := s.schema()
		if s.List {
			table = object{"type": "array", "items": table}
		}
		properties[s.Name] = documented(table, s.Doc)
	}
	for _, k := range topSection.Keys {
		properties[k.Name] = k.schema()
	}
	properties["environment"] = environmentsSchema()
	properties["trainer"] = object{"type": "object", "description": trainerSection.Doc, "additionalProperties": trainerSection.schema()}
	text, err := json.MarshalIndent(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions(),
		"title": "gfnbench suite", "description": "A suite of training runs, as TOML.",
		"type": "object", "properties": properties, "required": required(topSection), "additionalProperties": false,
	}, "", "  ")
	if err != nil {
		panic(err) // strings, numbers, lists and maps always have a JSON form
	}
	return append(text, '\n')
}

// environmentsSchema returns the schema of the table of all environments.
func environmentsSchema() object {
	schemas := make([]any, len(kinds.All))
	for i, k := range kinds.All {
		schemas[i] = environmentSchema(k)
	}
	return object{
		"type": "object", "description": environmentSection.Doc,
		"additionalProperties": object{"type": "object", "required": []string{"kind"}, "properties": object{"kind": object{"enum": environmentKinds()}}, "oneOf": schemas},
	}
}

// schema returns the schema of one table of the section.
func (s *Section) schema() object {
	properties := object{}
	for _, k := range s.Keys {
		properties[k.Name] = k.schema()
	}
	if s.Runs {
		insertRunKeys(properties)
	}
	table := object{"type": "object", "properties": properties, "additionalProperties": false}
	if s.Free != "" {
		return object{"type": "object", "additionalProperties": object{"type": "string", "minLength": 1}}
	}
	if s.Axes {
		table["required"] = append(required(s), keyObjective.Name)
		properties["environment"] = documented(object{"type": "array", "items": object{"type": "string"}}, "names of environments; all by default")
		for _, k := range axes() {
			insert(properties, k.Name, s.axis(k))
		}
		table["patternProperties"] = object{`^params\.`: object{"description": "a parameter of an environment"}}
		properties["params"] = object{"type": "object"}
	} else if r := required(s); len(r) > 0 {
		table["required"] = r
	}
	return table
}

// axes returns the keys that a grid may hold.
func axes() []*Key {
	var list []*Key
	for _, k := range cellKeys {
		if k != keySeeds && k != keyPair && k.role != manages {
			list = append(list, k)
		}
	}
	return list
}

// schema returns the schema of the key's value.
func (k *Key) schema() object {
	s := documented(k.typeSchema(), k.Doc)
	if !k.Default.IsNull() {
		s["default"] = json.RawMessage(k.Default.Canonical())
	}
	if k.When != "" {
		s["description"] = k.Doc + ". Applies to: " + k.When
	}
	return s
}

func (k *Key) typeSchema() object {
	text := object{"type": "string"}
	switch k.Form {
	case Duration:
		return object{"type": "string", "pattern": `^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$`}
	case Seeds, Instances:
		return object{"oneOf": []any{object{"type": "integer", "minimum": 1, "maximum": maxSeeds},
			object{"type": "array", "items": object{"type": "integer", "minimum": 0}, "minItems": 1, "uniqueItems": true}}}
	case WordOrNumber:
		return object{"oneOf": []any{object{"enum": k.Choices}, object{"type": "number"}}}
	case Start:
		words := "^(" + strings.Join(k.Choices, "|") + `)([+-][0-9.eE+-]+)?$`
		return object{"oneOf": []any{object{"type": "string", "pattern": words}, object{"type": "number"}}}
	case Names:
		return object{"oneOf": []any{text, object{"type": "array", "items": text}}}
	case Metrics:
		return object{"oneOf": []any{ref(metricDef), object{"type": "object", "additionalProperties": ref(metricDef)}}}
	case SizeOf:
		above := func() object { return object{"type": "number", "exclusiveMinimum": 0} }
		return object{"oneOf": []any{above(), object{"type": "object", "minProperties": 1, "additionalProperties": false, "properties": object{
			"relative": documented(above(), "share of the value of b, or of the stated value"),
			"spread":   documented(above(), "in standard deviations over seeds or instances"),
			"absolute": documented(above(), "in the metric's unit"),
			"why":      documented(object{"type": "string"}, "the reason of an absolute one"),
		}}}}
	case Nested:
		return object{"type": "object", "additionalProperties": object{"type": "object", "additionalProperties": text}}
	case Quoted:
		return object{"type": "object", "required": []string{"source"}, "additionalProperties": false, "properties": object{
			"source": text, "moved": object{"type": "object", "additionalProperties": text},
			"measured": object{"oneOf": []any{ref(metricDef), object{"type": "object", "additionalProperties": ref(metricDef)}}},
		}}
	case Settings:
		properties := object{}
		insertRunKeys(properties)
		return object{"type": "object", "properties": properties}
	case Halving:
		return halvingSection.schema()
	case StepLists:
		return object{"oneOf": []any{paramSchema(&keyRungs.Param), object{"type": "object", "minProperties": 1, "additionalProperties": paramSchema(&keyRungs.Param)}}}
	case Networks:
		one := object{"oneOf": []any{object{"enum": []string{KeepFinal, KeepBest}}, object{"type": "integer", "minimum": 0}}}
		return object{"oneOf": []any{one, object{"type": "array", "items": one, "minItems": 1, "uniqueItems": true}}}
	case Select, Options:
		return object{"type": "object"}
	}
	return paramSchema(&k.Param)
}

func documented(s object, doc string) object {
	s["description"] = doc
	return s
}

func required(s *Section) []string {
	var list []string
	for _, k := range s.Keys {
		if k.Required {
			list = append(list, k.Name)
		}
	}
	return list
}

// environmentSchema returns the schema of an environment of that kind.
func environmentSchema(kind *env.Kind) object {
	properties := object{}
	insertRunKeys(properties)
	delete(properties, keyPair.Name)
	properties["kind"] = documented(object{"const": kind.Name}, kind.Doc)
	if drawsInstances(kind) {
		properties[keyInstances.Name] = keyInstances.schema()
	}
	var needed []string
	for _, p := range kind.Params {
		schema := documented(paramSchema(&p), p.Doc)
		if !p.Default.IsNull() {
			schema["default"] = json.RawMessage(p.Default.Canonical())
		}
		if run, ok := properties[p.Name]; ok {
			schema = object{"oneOf": []any{schema, run}}
		}
		properties[p.Name] = schema
		if p.Required {
			needed = append(needed, p.Name)
		}
	}
	return object{"title": kind.Name, "properties": properties, "required": append(needed, "kind"), "additionalProperties": false}
}

// paramSchema returns the schema of a parameter's value.
func paramSchema(p *param.Param) object {
	list := func(items object) object { return object{"type": "array", "items": items} }
	number := func(kind string) object {
		s := object{"type": kind}
		p.Range.Schema(s)
		return s
	}
	switch p.Type {
	case param.Int:
		return number("integer")
	case param.Float:
		return number("number")
	case param.Bool:
		return object{"type": "boolean"}
	case param.Ints:
		return list(number("integer"))
	case param.Floats:
		return list(number("number"))
	case param.Matrix:
		return list(list(number("number")))
	case param.Strings:
		return list(object{"type": "string"})
	}
	if len(p.Choices) > 0 {
		return object{"enum": p.Choices}
	}
	return object{"type": "string"}
}
