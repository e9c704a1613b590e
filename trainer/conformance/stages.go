package conformance

import "gfnbench/trainer"

// Optional messages that checks need.
var (
	needsSample = []string{trainer.MessageSample}
	needsLoss   = []string{trainer.MessageLoss}
	needsUpdate = []string{trainer.MessageLoss, trainer.MessageUpdate}
	needsFit    = []string{trainer.MessageFit}
	needsSave   = []string{trainer.MessageSave, trainer.MessageLoad}
)

func (k *kit) discreteStages() {
	k.stage(func() error { return k.start(coarse, false) },
		check{name: "start", run: func() error { return nil }},
		check{name: "masks", run: k.masks},
		check{name: "probabilities", run: k.sums},
		check{name: "initial", run: k.initial},
	)
	k.stage(k.trained,
		check{name: "train", run: func() error { return nil }},
		check{name: "repeatable", run: k.repeatable},
		check{name: "actions", needs: needsSample, run: k.actions},
		check{name: "log_pf", needs: needsSample, run: k.sampleLogPF, hint: "the sum over another policy, such as that of earlier or averaged parameters, or over other actions than those that were taken"},
		check{name: "log_pb", needs: needsSample, run: k.sampleLogPB, hint: "the wrong number of parents, or P_B of another state"},
		check{name: "log_r", needs: needsSample, run: k.sampleLogR},
		check{name: "distribution", needs: needsSample, run: k.distribution},
		check{name: "sample seeds", needs: needsSample, run: k.sampleSeeds, hint: "sampling that changes the parameters"},
		check{name: "loss logs", needs: needsLoss, run: k.lossLogs, hint: "the sum over another policy than that of log_probabilities"},
		check{name: "loss", needs: needsLoss, run: k.loss},
		check{name: "learns", run: k.learns},
	)
	k.stage(func() error { return k.start(fine, false) },
		check{name: "step", needs: needsUpdate, run: k.step},
		check{name: "fresh", needs: needsUpdate, run: k.fresh},
		check{name: "log_z", needs: needsUpdate, run: k.logZ},
	)
	k.stage(func() error { return k.start(still, false) },
		check{name: "rates", needs: needsUpdate, run: k.rates},
	)
	if !k.the.learned { // the optimum belongs to a uniform backward policy
		k.stage(k.fit,
			check{name: "fit", needs: needsFit, run: k.fitted},
			check{name: "optimum", needs: append(needsFit, needsLoss...), run: k.optimum},
			check{name: "its samples", needs: append(needsFit, needsSample...), run: k.distribution},
		)
		k.stage(k.fitOne,
			check{name: "its training", needs: needsFit, run: k.trainsOn},
		)
	}
	k.runStage()
}

// variantStage examines rewards.
func (k *kit) variantStage() {
	k.stage(func() error { return k.start(coarse, false) },
		check{name: "masks", run: k.masks},
		check{name: "log_r", needs: needsSample, run: k.sampleLogR},
		check{name: "loss", needs: needsLoss, run: k.loss},
	)
}

// runStage compares whole runs.
func (k *kit) runStage() {
	k.stage(func() error { return nil },
		check{name: "same seed", run: k.sameSeed},
		check{name: "other seed", run: k.otherSeed},
		check{name: "division", run: k.division},
		check{name: "asking", run: k.asking},
		check{name: "saving", needs: needsSave, run: k.saving},
	)
}

func (k *kit) continuousStages() {
	k.world = nil
	k.stage(func() error { return k.start(coarse, false) },
		check{name: "start", run: func() error { return nil }},
		check{name: "densities", run: k.finite},
		check{name: "mass", run: k.mass},
	)
	k.stage(k.trained, check{name: "train", run: func() error { return nil }})
	k.runStage()
}
