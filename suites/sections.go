package suites

import "gfnbench/gfn/param"

// A Section is a part of a suite file: a table such as [run], or a list of
// tables such as [[grid]]. The section "" is the top of the file.
type Section struct {
	Name string // name between the brackets
	List bool   // [[name]]
	Doc  string // what it is for: one or more sentences
	Keys []*Key // its own keys, in the order of the documentation
	Runs bool   // it may also hold any [run] key
	Axes bool   // it may also hold any axis, as a list of values
	Free string // "" or what its keys name; the values are strings
}

// Header returns the section's header as a suite writes it.
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

// Sections declares the whole suite file, in the order of the documentation.
func Sections() []*Section {
	register()
	return []*Section{topSection, runSection, environmentSection, trainerSection, gridSection, sampleSection, excludeSection, overrideSection,
		varianceSection, tuneSection, halvingSection, keepSection, slurmSection, tableSection, claimSection, figureSection, labelsSection}
}

var (
	topSection = &Section{Doc: "What the suite is.", Keys: []*Key{
		{Param: param.Param{Name: "schema", Type: param.Int, Required: true, Range: param.Between(1, 1), Doc: "version of the suite format: 1"}},
		{Param: param.Param{Name: "name", Type: param.String, Required: true, Doc: "name of the suite and of its results: letters, digits, dots, hyphens and underscores"}},
		{Param: param.Param{Name: "title", Type: param.String, Doc: "title for reports"}},
	}}
	runSection         = &Section{Name: "run", Runs: true, Doc: "Defaults for every cell: one value each, never an axis. The same keys are axes in a [[grid]]."}
	environmentSection = &Section{Name: "environment.NAME", Runs: true, Doc: "A named instance of an environment: its kind, the kind's parameters, and [run] keys that override [run] in it.", Keys: []*Key{
		{Param: param.Param{Name: "kind", Type: param.String, Required: true, Doc: "registered environment"}},
		keyInstances,
	}}
	trainerSection = &Section{Name: "trainer.NAME", Doc: "A program that trains cells, in any language: a value of the axis trainer. It speaks the protocol of trainers.md. A suite that names one is a program itself: it is run only once it is trusted, see sweep trainer trust. Version and files are part of the ids of its cells, the command is not.", Keys: []*Key{
		{Param: param.Param{Name: "command", Type: param.Strings, Required: true, Doc: "the program and its arguments, such as [\"python3\", \"trainer.py\"]; it runs in a folder that holds its files"}},
		{Param: param.Param{Name: "version", Type: param.String, Required: true, Doc: "version of the program, which it must confirm when it is run"}},
		{Param: param.Param{Name: "timeout", Type: param.String, Default: param.Of("10m"), Doc: "longest time without an answer; 0s is no limit"}, Form: Duration},
		{Param: param.Param{Name: "files", Type: param.Strings, Default: param.Of([]string{}), Doc: "files that it consists of, in the suite's folder or below"}},
	}}
	gridSection = &Section{Name: "grid", List: true, Axes: true, Doc: "The cells: the product of its lists. Without environment it takes all environments. Several grids form a union."}

	sampleSection = &Section{Name: "sample", List: true, Axes: true, Doc: "Random or quasi-random points. A key with a list multiplies every point, as in a [[grid]]; a key with a table such as { log_uniform = [1e-4, 1e-1] }, { uniform = [0, 1] }, { integer = [1, 8] } or { choice = [1, 2, 4] } is drawn.", Keys: []*Key{
		{Param: param.Param{Name: "method", Type: param.String, Default: param.Of("random"), Choices: []string{"random", "latin-hypercube", "halton"}, Doc: "how the points are spread"}},
		{Param: param.Param{Name: "count", Type: param.Int, Required: true, Range: param.Between(1, 1<<20), Doc: "number of points"}},
		{Param: param.Param{Name: "seed", Type: param.Int, Default: param.Of(1), Range: param.Between(0, param.Exact), Doc: "seed of the points"}},
	}}
	excludeSection = &Section{Name: "exclude", List: true, Doc: "Cells to leave out of the grids.", Keys: []*Key{
		{Param: param.Param{Name: "match", Required: true, Doc: "which cells"}, Form: Select},
		{Param: param.Param{Name: "why", Type: param.String, Required: true, Doc: "the reason, for readers"}},
	}}
	overrideSection = &Section{Name: "override", List: true, Doc: "Changes to cells after the grids, in order. Overriding an axis of the cell's own grid is an error.", Keys: []*Key{
		{Param: param.Param{Name: "match", Required: true, Doc: "which cells"}, Form: Select},
		{Param: param.Param{Name: "set", Required: true, Doc: "[run] keys and params.* with their new values"}, Form: Settings},
	}}
	varianceSection = &Section{Name: "variance", Doc: "Asks for the covariance trace of the batch gradient, for pairs of objective and control variate at the same parameters and on the same trajectories.", Keys: []*Key{
		{Param: param.Param{Name: "on", Doc: "the cells during which it is measured; all by default"}, Form: Select},
		{Param: param.Param{Name: "steps", Type: param.Ints, Required: true, Range: param.Between(0, 1e9), Doc: "training steps at which it is measured"}},
		{Param: param.Param{Name: "batches", Type: param.Ints, Default: param.Of([]int{32, 64, 128, 256, 512, 1024}), Range: param.Between(2, 1<<20), Doc: "batch sizes"}},
		{Param: param.Param{Name: "replicates", Type: param.Int, Default: param.Of(64), Range: param.Between(2, 1<<20), Doc: "batches of each size"}},
		{Param: param.Param{Name: "objective", Type: param.Strings, Required: true, Doc: "objectives to measure"}},
		{Param: param.Param{Name: "control_variate", Type: param.Strings, Default: param.Of([]string{"none"}), Doc: "with each control variate that the objective takes"}},
		{Param: param.Param{Name: "reference", Type: param.String, Default: param.Of("batch"), Choices: []string{"batch", "exact"}, Doc: "what the cosine is to: the same estimator on a batch of 16384, or the exact gradient, where the states can be enumerated, the backward policy is uniform and nothing explores (elsewhere the batch); with it bias and variance are told apart"}},
	}}
	tuneSection = &Section{Name: "tune", Doc: "Tuning: the settings of each arm are trained on the tuning seeds, and the best of them on the seeds of [run]. Tables, figures and claims are about the latter alone.", Keys: []*Key{
		{Param: param.Param{Name: "metric", Required: true, Doc: "metric by which the settings of an arm are ranked, possibly by environment"}, Form: Metrics},
		{Param: param.Param{Name: "stat", Type: param.String, Default: param.Of("final"), Choices: []string{"final", "best", "auc"}, Doc: "statistic of the metric's curve"}},
		{Param: param.Param{Name: "arms", Type: param.Strings, Default: param.Of([]string{"environment", "objective", "alpha", "control_variate", "trainer"}), Doc: "what is compared: each combination of the values of these columns is an arm, and whatever else varies is tuned inside its arm"}, Form: Names},
		{Param: param.Param{Name: "seeds", Type: param.Ints, Required: true, Range: param.Between(0, 1<<31), Doc: "tuning seeds, none of them one of [run]"}},
		{Param: param.Param{Name: "instances", Type: param.Ints, Range: param.Between(0, param.Exact), Doc: "tuning instances, by their seeds, in place of those of the environments that draw several, none of them one of these"}},
		{Param: param.Param{Name: "budget", Type: param.Int, Range: param.Between(1, 1<<20), Doc: "settings that an arm may try; there is a warning where some try fewer"}},
		{Param: param.Param{Name: "default", Type: param.Bool, Default: param.Of(false), Doc: "whether the default setting of each arm is trained to its end although halving cut it, so it can be compared with the chosen one"}},
		{Param: param.Param{Name: "halving", Doc: "successive halving: the keys of [tune.halving]; without it all settings are trained to the end"}, Form: Halving},
	}}
	halvingSection = &Section{Name: "tune.halving", Doc: "Successive halving of [tune]: at each rung only the best 1/eta of the settings of an arm go on, by their mean rank over the tuning seeds.", Keys: []*Key{
		{Param: param.Param{Name: "eta", Type: param.Int, Default: param.Of(3), Range: param.Between(2, 100), Doc: "one setting in eta goes on, at least one"}},
		{Param: param.Param{Name: "rungs", Required: true, Doc: "steps at which settings are ranked, ascending, each an evaluation, possibly by environment"}, Form: StepLists},
	}}
	slurmSection = &Section{Name: "slurm", Doc: "How the suite is submitted to a Slurm cluster.", Keys: []*Key{
		{Param: param.Param{Name: "partition", Type: param.String, Doc: "partition"}},
		{Param: param.Param{Name: "account", Type: param.String, Doc: "account"}},
		{Param: param.Param{Name: "qos", Type: param.String, Doc: "quality of service"}},
		{Param: param.Param{Name: "constraint", Type: param.String, Doc: "features that nodes must have"}},
		{Param: param.Param{Name: "time", Type: param.String, Doc: "time limit of a task, as for sbatch --time"}},
		{Param: param.Param{Name: "memory", Type: param.String, Doc: "memory of a task, as for sbatch --mem"}},
		{Param: param.Param{Name: "cpus", Type: param.Int, Default: param.Of(1), Range: param.Between(1, 4096), Doc: "cores, and workers, per task"}},
		{Param: param.Param{Name: "max_running", Type: param.Int, Range: param.Between(1, 1<<20), Doc: "largest number of tasks at a time"}},
		{Param: param.Param{Name: "task_minutes", Type: param.Float, Default: param.Of(30.0), Range: param.Above(0).To(1e5), Doc: "length of a task, into which cells are packed"}},
		{Param: param.Param{Name: "signal_seconds", Type: param.Int, Default: param.Of(120), Range: param.Between(1, 65535), Doc: "time before the limit at which a task is told to checkpoint"}},
		{Param: param.Param{Name: "options", Doc: "any other sbatch option, by its long name: a string, a number, or true"}, Form: Options},
	}}
	labelsSection = &Section{Name: "labels", Free: "a metric, an objective, a control variate, an environment of the suite or a column of the results", Doc: "What readers see in figures, on the page and in LaTeX tables, in place of the built-in names: l1 = \"distance\", tb = \"Trajectory balance\", \"optimizer.lr\" = \"learning rate\". If all objectives, control variates or environments have a label, they stand in the order of their labels."}
	tableSection  = &Section{Name: "table", List: true, Doc: "A table of the report.", Keys: []*Key{
		{Param: param.Param{Name: "name", Type: param.String, Required: true, Doc: "name, for report table NAME"}},
		{Param: param.Param{Name: "title", Type: param.String, Doc: "caption"}},
		{Param: param.Param{Name: "on", Doc: "the cells in it; all by default"}, Form: Select},
		{Param: param.Param{Name: "kind", Type: param.String, Default: param.Of(TableOfValues), Choices: TableKinds, Doc: "values: one for each row and column; the others compare the rows over tasks: aggregate: interquartile mean, median, mean and optimality gap of their scores; ranks: mean ranks and which rows can be told apart; improvement: the probability that one is better than another"}},
		{Param: param.Param{Name: "rows", Type: param.Strings, Required: true, Doc: "columns of the results that make up the rows"}, Form: Names},
		{Param: param.Param{Name: "columns", Type: param.Strings, Doc: "columns of the results that make up the columns; required where kind is values, and for it alone"}, Form: Names},
		{Param: param.Param{Name: "tasks", Type: param.Strings, Default: param.Of([]string{"environment"}), Doc: "columns of the results that make up the tasks, for the other kinds"}, Form: Names},
		{Param: param.Param{Name: "normalise", Type: param.String, Default: param.Of(ByRange), Choices: Normalisations, Doc: "for the other kinds, how scores of several tasks are put on one scale: range, from the policy at step 0, 0, to the optimum, 1; base, as ratios to the row base; none"}},
		{Param: param.Param{Name: "metric", Required: true, Doc: "what is shown, possibly by environment"}, Form: Metrics},
		{Param: param.Param{Name: "stat", Type: param.String, Default: param.Of("final"), Choices: Stats, Doc: "statistic of the metric's curve"}},
		{Param: param.Param{Name: "threshold", Type: param.Float, Doc: "value to reach, for steps-to, trajectories-to and seconds-to"}},
		{Param: param.Param{Name: "summary", Type: param.String, Default: param.Of("mean"), Choices: []string{"mean", "iqm", "median"}, Doc: "summary over seeds or instances"}},
		{Param: param.Param{Name: "over", Type: param.String, Default: param.Of(OverSeeds), Choices: []string{OverSeeds, OverInstances}, Doc: "what a slot is over: seeds, of one instance; instances, each the mean of its seeds"}},
		{Param: param.Param{Name: "base", Type: param.String, Doc: "column, of other kinds than values row, with which the others are compared: its values joined by \"/\""}},
		{Param: param.Param{Name: "paper", Doc: "reference values by row and column, each named by its values joined by \"/\", \"none\" where one does not apply"}, Form: Nested},
		{Param: param.Param{Name: "reference", Doc: "of the values in paper: source, where they are printed; measured, the metric that they probably show, possibly by environment; moved, by row or row/column, the choice that brings ours to them"}, Form: Quoted},
	}}
	claimSection = &Section{Name: "claim", List: true, Doc: "A statement and how it is tested on the results.", Keys: []*Key{
		{Param: param.Param{Name: "id", Type: param.String, Required: true, Doc: "short identifier, such as C5"}},
		{Param: param.Param{Name: "text", Type: param.String, Required: true, Doc: "the statement"}},
		{Param: param.Param{Name: "where", Type: param.String, Doc: "where in the paper"}},
		{Param: param.Param{Name: "test", Type: param.String, Required: true, Choices: []string{"better", "no-worse", "equal", "ratio", "value", "rank", "beaten", "none"}, Doc: "better: every member of a beats b; no-worse: a is worse than b by less than margin; equal: within margin; ratio: b over a is at least at_least; value: a is value within tolerance; rank: a is among the best at_most of a and b; beaten: every member of a is beaten by some member of b somewhere on the values of on; none: cannot be tested, see why"}},
		{Param: param.Param{Name: "why", Type: param.String, Doc: "why it cannot be tested, for the test none"}},
		{Param: param.Param{Name: "metric", Doc: "what is compared, possibly by environment"}, Form: Metrics},
		{Param: param.Param{Name: "stat", Type: param.String, Default: param.Of("final"), Choices: Stats, Doc: "statistic of the metric's curve"}},
		{Param: param.Param{Name: "threshold", Type: param.Float, Doc: "value to reach, for steps-to, trajectories-to and seconds-to"}},
		{Param: param.Param{Name: "over", Type: param.String, Default: param.Of(OverSeeds), Choices: []string{OverSeeds, OverInstances}, Doc: "what the statement is about: seeds, the instance that was trained; instances, the task, each instance being the mean of its seeds"}},
		{Param: param.Param{Name: "readings", Doc: "what the paper leaves open: columns, each with a list of the values that it may have meant; the claim is tested in every combination"}, Form: Select},
		{Param: param.Param{Name: "a", Doc: "the cells of the statement; a key with a list has one member for each value, and each must pass"}, Form: Select},
		{Param: param.Param{Name: "b", Doc: "the cells that they are compared with; keys that have a list in a and are not in b take the value of the member of a"}, Form: Select},
		{Param: param.Param{Name: "on", Doc: "the cells on both sides; a key with a list gives one test for each value"}, Form: Select},
		{Param: param.Param{Name: "effect", Doc: "smallest difference that counts: the verdict is TIE where it is shown to be smaller"}, Form: SizeOf},
		{Param: param.Param{Name: "margin", Doc: "largest difference that counts as equal, or as no worse"}, Form: SizeOf},
		{Param: param.Param{Name: "at_least", Type: param.Float, Range: param.Above(0).To(1e300), Doc: "smallest ratio"}},
		{Param: param.Param{Name: "value", Type: param.Float, Doc: "the stated value"}},
		{Param: param.Param{Name: "tolerance", Doc: "largest distance from value"}, Form: SizeOf},
		{Param: param.Param{Name: "at_most", Type: param.Int, Default: param.Of(1), Range: param.Between(1, 1000), Doc: "worst rank, 1 being the best"}},
		{Param: param.Param{Name: "passes", Type: param.Int, Range: param.Between(1, 1e6), Doc: "how many of the claim's tests must pass, to test that something often holds; all by default"}},
		{Param: param.Param{Name: "paper", Type: param.String, Doc: "the paper's value, for readers"}},
	}}
	figureSection = &Section{Name: "figure", List: true, Doc: "A figure of the report.", Keys: []*Key{
		{Param: param.Param{Name: "name", Type: param.String, Required: true, Doc: "name, for report figure NAME"}},
		{Param: param.Param{Name: "title", Type: param.String, Doc: "caption"}},
		{Param: param.Param{Name: "where", Type: param.String, Doc: "where in the paper"}},
		{Param: param.Param{Name: "kind", Type: param.String, Default: param.Of("curves"), Choices: FigureKinds, Doc: "curves: metric against steps; variance: covariance trace against batch size; density: the policy's density beside the target's; profile: the share of runs over all tasks whose score is better than a threshold; ranks: mean ranks over tasks, with bars over what cannot be told apart; strip: a point for every run at the end; cost: metric against the cost of training, with the Pareto front; forest: the estimates of the suite's claims with their intervals"}},
		{Param: param.Param{Name: "on", Doc: "the cells in it; all by default"}, Form: Select},
		{Param: param.Param{Name: "panels", Type: param.Strings, Default: param.Of([]string{"environment"}), Doc: "columns of the results that make up the panels"}, Form: Names},
		{Param: param.Param{Name: "lines", Type: param.Strings, Default: param.Of([]string{"objective"}), Doc: "columns of the results that make up the lines of a panel"}, Form: Names},
		{Param: param.Param{Name: "metric", Doc: "what is drawn, possibly by environment"}, Form: Metrics},
		{Param: param.Param{Name: "x", Type: param.String, Default: param.Of("step"), Doc: "horizontal axis of curves: step, trajectories, seconds, or a column whose values are numbers, such as optimizer.lr, against which the metric at the end is drawn"}},
		{Param: param.Param{Name: "stat", Type: param.String, Default: param.Of("final"), Choices: []string{"final", "best", "auc"}, Doc: "statistic of the metric's curve, for profile, ranks, strip and cost"}},
		{Param: param.Param{Name: "over", Type: param.String, Default: param.Of(OverSeeds), Choices: []string{OverSeeds, OverInstances}, Doc: "what a line or a point is over: seeds, of one instance; instances, each the mean of its seeds"}},
		{Param: param.Param{Name: "tasks", Type: param.Strings, Default: param.Of([]string{"environment"}), Doc: "columns of the results that make up the tasks of profile and ranks, which have one panel"}, Form: Names},
		{Param: param.Param{Name: "normalise", Type: param.String, Default: param.Of(ByRange), Choices: Normalisations, Doc: "how profile and ranks put scores of several tasks on one scale, as for a table"}},
		{Param: param.Param{Name: "base", Type: param.String, Doc: "line to which profile and ranks normalise, where normalise is base: its values joined by \"/\""}},
		{Param: param.Param{Name: "claims", Type: param.Strings, Doc: "ids of the claims of a forest; all by default"}, Form: Names},
		{Param: param.Param{Name: "step", Type: param.Int, Range: param.Between(0, 1e9), Doc: "training step of a density; the last by default"}},
		{Param: param.Param{Name: "log", Type: param.Bool, Default: param.Of(false), Doc: "logarithmic vertical axis"}},
		{Param: param.Param{Name: "paper", Doc: "how far the lines reach in the paper, by panel, as its axes tell: { sets = { top = \"200 to 300\" } } says between which values the highest point lies, bottom the lowest; the figure notes whether ours do"}, Form: Nested},
	}}
)
