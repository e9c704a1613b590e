package suites

// A Section is a part of a suite file: a table such as [run], or a list of
// tables such as [[grid]]. The section "" is the top of the file.
type Section struct {
	Name string // as between the brackets
	List bool   // [[name]]
	Doc  string // what it is for: one or more sentences
	Keys []*Key // its own keys, in the order of listings
	Runs bool   // any [run] key may stand in it too
	Axes bool   // any axis may stand in it too, as a list of values
}

// Header is the section as a suite writes it.
func (s *Section) Header() string {
	switch {
	case s.Name == "":
		return "the suite"
	case s.List:
		return "[[" + s.Name + "]]"
	}
	return "[" + s.Name + "]"
}

// Stats are the statistics of a metric's curve that tables and claims use.
var Stats = []string{"final", "best", "auc", "steps-to", "trajectories-to", "seconds-to"}

// Sections declares the whole suite file, in the order in which it is
// documented.
func Sections() []*Section {
	register()
	return []*Section{topSection, runSection, environmentSection, gridSection, sampleSection, excludeSection, overrideSection,
		varianceSection, pruneSection, slurmSection, tableSection, claimSection, figureSection}
}

var (
	topSection = &Section{Doc: "What the suite is.", Keys: []*Key{
		{Name: "schema", Type: Int, Required: true, Min: 1, Max: 1, Doc: "version of the suite format: 1"},
		{Name: "name", Type: String, Required: true, Doc: "name of the suite and of its results: letters, digits, dots, hyphens and underscores"},
		{Name: "title", Type: String, Doc: "title for reports"},
	}}
	runSection         = &Section{Name: "run", Runs: true, Doc: "Defaults for every cell: one value each, never an axis. The same keys are axes in a [[grid]]."}
	environmentSection = &Section{Name: "environment.NAME", Runs: true, Doc: "A named instance of an environment: its kind, the kind's parameters, and [run] keys that override [run] in it.", Keys: []*Key{
		{Name: "kind", Type: String, Required: true, Doc: "registered environment"},
	}}
	gridSection = &Section{Name: "grid", List: true, Axes: true, Doc: "The cells: the product of its lists. Without environment, it takes all. Several grids form a union."}

	sampleSection = &Section{Name: "sample", List: true, Axes: true, Doc: "Random or quasi-random points. A key with a list multiplies every point, as in a [[grid]]; a key with a table such as { log_uniform = [1e-4, 1e-1] }, { uniform = [0, 1] }, { integer = [1, 8] } or { choice = [1, 2, 4] } is drawn.", Keys: []*Key{
		{Name: "method", Type: String, Default: "random", Choices: []string{"random", "latin-hypercube", "halton"}, Doc: "how the points are spread"},
		{Name: "count", Type: Int, Required: true, Min: 1, Max: 1 << 20, Doc: "number of points"},
		{Name: "seed", Type: Int, Default: 1, Min: 0, Max: 1 << 53, Doc: "seed of the points"},
	}}
	excludeSection = &Section{Name: "exclude", List: true, Doc: "Cells to leave out of the grids.", Keys: []*Key{
		{Name: "match", Type: Select, Required: true, Doc: "which cells"},
		{Name: "why", Type: String, Required: true, Doc: "the reason, for people"},
	}}
	overrideSection = &Section{Name: "override", List: true, Doc: "Changes to cells after the grids, in order. Overriding an axis of the cell's own grid is an error.", Keys: []*Key{
		{Name: "match", Type: Select, Required: true, Doc: "which cells"},
		{Name: "set", Type: Settings, Required: true, Doc: "[run] keys and params.* with their new values"},
	}}
	varianceSection = &Section{Name: "variance", Doc: "Asks for the covariance trace of the batch gradient, for pairs of objective and control variate at the same parameters and on the same trajectories.", Keys: []*Key{
		{Name: "on", Type: Select, Doc: "the cells during which it is measured; all by default"},
		{Name: "steps", Type: Ints, Required: true, Min: 0, Max: 1e9, Doc: "training steps at which it is measured"},
		{Name: "batches", Type: Ints, Default: []int{32, 64, 128, 256, 512, 1024}, Min: 2, Max: 1 << 20, Doc: "batch sizes"},
		{Name: "replicates", Type: Int, Default: 64, Min: 2, Max: 1 << 20, Doc: "batches of each size"},
		{Name: "objective", Type: Strings, Required: true, Doc: "objectives to measure"},
		{Name: "control_variate", Type: Strings, Default: []string{"none"}, Doc: "with each control variate that the objective takes"},
		{Name: "alpha", Type: Floats, Default: []float64{}, Not: alphaExcluded, Doc: "with each alpha, where the objective takes one"},
		{Name: "a", Type: Floats, Default: []float64{1}, Not: []float64{0}, Doc: "with each a, where the objective takes one"},
	}}
	pruneSection = &Section{Name: "prune", Doc: "Successive halving: at each rung only the best 1/eta of the cells of one environment and seed go on. Pruned cells never enter claims.", Keys: []*Key{
		{Name: "metric", Type: String, Required: true, Doc: "metric by which cells are ranked"},
		{Name: "eta", Type: Int, Default: 3, Min: 2, Max: 100, Doc: "one in eta goes on"},
		{Name: "rungs", Type: Ints, Required: true, Min: 1, Max: 1e9, Doc: "steps at which cells are ranked, ascending"},
		{Name: "on", Type: Select, Doc: "the cells to prune; all by default"},
	}}
	slurmSection = &Section{Name: "slurm", Doc: "How the suite goes to a Slurm cluster.", Keys: []*Key{
		{Name: "partition", Type: String, Doc: "partition"},
		{Name: "account", Type: String, Doc: "account"},
		{Name: "qos", Type: String, Doc: "quality of service"},
		{Name: "constraint", Type: String, Doc: "features that nodes must have"},
		{Name: "time", Type: String, Doc: "time limit of a task, as sbatch --time writes it"},
		{Name: "memory", Type: String, Doc: "memory of a task, as sbatch --mem writes it"},
		{Name: "cpus", Type: Int, Default: 1, Min: 1, Max: 4096, Doc: "cores, and workers, of a task"},
		{Name: "max_running", Type: Int, Min: 1, Max: 1 << 20, Doc: "most tasks at a time"},
		{Name: "task_minutes", Type: Float, Default: 30.0, Max: 1e5, Above: true, Doc: "cells are packed into tasks of about this length"},
		{Name: "signal_seconds", Type: Int, Default: 120, Min: 1, Max: 65535, Doc: "time before the limit at which a task is told to checkpoint"},
		{Name: "options", Type: Options, Doc: "any other sbatch option, by its long name: a string, a number, or true"},
	}}
	tableSection = &Section{Name: "table", List: true, Doc: "A table of the report.", Keys: []*Key{
		{Name: "name", Type: String, Required: true, Doc: "name, for report table NAME"},
		{Name: "title", Type: String, Doc: "caption"},
		{Name: "on", Type: Select, Doc: "the cells in it; all by default"},
		{Name: "rows", Type: Names, Required: true, Doc: "columns of the results that make up the rows"},
		{Name: "columns", Type: Names, Required: true, Doc: "columns of the results that make up the columns"},
		{Name: "metric", Type: Metrics, Required: true, Doc: "what is shown, possibly by environment"},
		{Name: "stat", Type: String, Default: "final", Choices: Stats, Doc: "statistic of the metric's curve"},
		{Name: "threshold", Type: Float, Doc: "value to reach, for steps-to, trajectories-to and seconds-to"},
		{Name: "summary", Type: String, Default: "mean", Choices: []string{"mean", "iqm", "median"}, Doc: "summary over seeds"},
		{Name: "base", Type: String, Doc: "column with which the others are compared: its values joined by \"/\""},
		{Name: "paper", Type: Nested, Doc: "reference values by row and column, each named by its values joined by \"/\", \"none\" where one does not apply"},
	}}
	claimSection = &Section{Name: "claim", List: true, Doc: "A statement and how it is tested on the results.", Keys: []*Key{
		{Name: "id", Type: String, Required: true, Doc: "short identifier, such as C5"},
		{Name: "text", Type: String, Required: true, Doc: "the statement"},
		{Name: "where", Type: String, Doc: "where in the paper"},
		{Name: "test", Type: String, Required: true, Choices: []string{"better", "no-worse", "equal", "ratio", "value", "rank", "beaten", "none"}, Doc: "better: every member of a beats b; no-worse: a is worse than b by less than margin; equal: within margin; ratio: b over a is at least at_least; value: a is value within tolerance; rank: a is among the best at_most of a and b; beaten: every member of a is beaten by some member of b somewhere on the values of on; none: cannot be tested, see why"},
		{Name: "why", Type: String, Doc: "why it cannot be tested, for the test none"},
		{Name: "metric", Type: Metrics, Doc: "what is compared, possibly by environment"},
		{Name: "stat", Type: String, Default: "final", Choices: Stats, Doc: "statistic of the metric's curve"},
		{Name: "threshold", Type: Float, Doc: "value to reach, for steps-to, trajectories-to and seconds-to"},
		{Name: "a", Type: Select, Doc: "the cells of the statement; a key with a list has one member for each value, and each must pass"},
		{Name: "b", Type: Select, Doc: "the cells that they are compared with; keys that have a list in a and are not in b take the value of the member of a"},
		{Name: "on", Type: Select, Doc: "the cells on both sides; a key with a list gives one test for each value"},
		{Name: "margin", Type: Float, Max: 1e300, Above: true, Doc: "largest difference that counts as equal, or as no worse"},
		{Name: "at_least", Type: Float, Max: 1e300, Above: true, Doc: "smallest ratio"},
		{Name: "value", Type: Float, Doc: "the stated value"},
		{Name: "tolerance", Type: Float, Max: 1e300, Above: true, Doc: "largest distance from value"},
		{Name: "at_most", Type: Int, Default: 1, Min: 1, Max: 1000, Doc: "worst rank, 1 being the best"},
		{Name: "passes", Type: Int, Min: 1, Max: 1e6, Doc: "how many of the claim's tests must pass, for a statement that something often holds; all by default"},
		{Name: "paper", Type: String, Doc: "the paper's value, for people"},
	}}
	figureSection = &Section{Name: "figure", List: true, Doc: "A figure of the report.", Keys: []*Key{
		{Name: "name", Type: String, Required: true, Doc: "name, for report figure NAME"},
		{Name: "title", Type: String, Doc: "caption"},
		{Name: "where", Type: String, Doc: "where in the paper"},
		{Name: "kind", Type: String, Default: "curves", Choices: []string{"curves", "variance", "density"}, Doc: "curves: metric against steps; variance: covariance trace against batch size; density: the policy's density beside the target's"},
		{Name: "on", Type: Select, Doc: "the cells in it; all by default"},
		{Name: "panels", Type: Names, Default: []string{"environment"}, Doc: "columns of the results that make up the panels"},
		{Name: "lines", Type: Names, Default: []string{"objective"}, Doc: "columns of the results that make up the lines of a panel"},
		{Name: "metric", Type: Metrics, Doc: "what is drawn, possibly by environment"},
		{Name: "x", Type: String, Default: "step", Choices: []string{"step", "trajectories", "seconds"}, Doc: "horizontal axis of curves"},
		{Name: "step", Type: Int, Min: 0, Max: 1e9, Doc: "training step of a density; the last by default"},
		{Name: "log", Type: Bool, Default: false, Doc: "logarithmic vertical axis"},
	}}
)
