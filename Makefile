# `make` alone lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
GO ?= go
export CGO_ENABLED ?= 0
export GOAMD64 ?= v1
TOOL := $(GO) tool -modfile=.ci/tools/go.mod
SOURCES := $(shell find cmd gfn report results suites sweep trainer tuning usage -name '*.go' -o -name '*.s' -o -name '*.toml' 2>/dev/null)
# The binaries carry the commit that results name, where git knows it.
STAMP := $(if $(shell git rev-parse HEAD 2>/dev/null),-buildvcs=true,-buildvcs=false)

FORMATTED := cmd docs examples gfn report results suites sweep trainer tuning usage .ci

.PHONY: help build run test race test-slurm test-trainers soak lint generate audit bench bench-kernels bench-peers paths guard assembly neurips24 fuzz dist clean

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: bin/sweep bin/report ## build bin/sweep and bin/report

bin/%: go.mod go.sum $(SOURCES) $(wildcard .git/logs/HEAD)
	$(GO) build -trimpath $(STAMP) -o $@ ./cmd/$*

run: build ## run a small real suite and print its convergence table
	@bin/sweep run quickstart -o runs/quickstart
	@bin/report table runs/quickstart
	@echo
	@echo "Parquet: runs/quickstart/runs.parquet and runs/quickstart/curves.parquet"

test: build ## every test
	.ci/readers.sh
	$(GO) test -timeout 60m ./...

race: ## the race detector over the runner, the results and the command lines (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short -timeout 30m ./sweep/... ./results/... ./cmd/...

test-slurm: ## the tests on a Slurm cluster, which they start here (root, or Slurm installed)
	.ci/slurm.sh run $(GO) test -count=1 -v -run TestCluster ./sweep/slurm

test-trainers: ## the trainers of torchgfn and gfnx by sweep trainer check (5 GB of Python, minutes)
	GFNBENCH_PEERS=$$(gfn/bench/peers/setup.sh) $(GO) test -count=1 -v -timeout 60m -run TestPeers ./examples/trainers

soak: build ## the long tests: kills, portable path, statistics
	GFNBENCH_SOAK=1 $(GO) test -timeout 60m ./...

fuzz: ## every fuzz target for FUZZTIME (30s)
	.ci/fuzz.sh

lint: ## gofmt, vet, staticcheck, tidy
	@test -z "$$(gofmt -l $(FORMATTED))" || { gofmt -d $(FORMATTED); exit 1; }
	$(GO) vet ./...
	$(GO) vet ./.ci/dist
	$(TOOL) staticcheck ./...
	$(GO) mod tidy -diff

generate: ## write the documents that come from the code
	$(GO) generate ./docs/...

audit: ## known vulnerabilities in the dependencies (asks the online database, or VULNDB)
	$(TOOL) govulncheck $(if $(VULNDB),-db $(VULNDB)) ./...

bench: ## Go benchmarks, for benchstat
	$(GO) test -run '^$$' -bench . -benchmem ./gfn/...

bench-kernels: ## speed of the kernels and of steps on this machine, into bench-kernels.txt, to be sent to us (minutes)
	$(GO) test -run '^$$' -bench . ./gfn/internal/vec | tee bench-kernels.txt
	$(GO) test -run '^$$' -bench 'Tasks/task=(sets|hypergrid12|dag|phylo|gmm)/objective=tb' ./gfn | tee -a bench-kernels.txt

bench-peers: ## the comparison with torchgfn and gfnx (5 GB of Python, an hour, an idle machine)
	$(GO) run ./gfn/bench

paths: ## the same results from every implementation of the kernels, arm64 included (minutes)
	.ci/paths.sh

guard: ## speed against strict bars (an idle machine)
	GFNBENCH_GUARD=1 $(GO) test -p 1 -count=1 -v -run 'TestGemmSpeed|TestControlVariatesCost|TestTwoWorkers|AllocateNothing|DoesNotAllocate|TestLargePlan|TestTinyCells|TestManyCells' ./gfn/internal/vec ./gfn ./sweep ./report/page

assembly: ## check that the generator writes the committed assembly
	.ci/assembly.sh

neurips24: build ## the paper's whole experimental section
	bin/sweep run neurips24 -o runs/neurips24
	bin/report table runs/neurips24

dist: ## archives and Python wheels for six systems, checksums, bill of materials
	$(GO) run ./.ci/dist -o dist

clean: ## remove what was built
	rm -rf bin dist
