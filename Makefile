# Two commands: `make demo` shows the whole path, `make test` checks everything.
# Both set up what they need: Python 3.11+ and Node 20+ are all a machine must have.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PACKAGES := frontend/node_modules/.installed
PAGE := frontend/dist/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.json frontend/*.ts frontend/*.html)
# Tests and demo need no GPU: on Linux the build of torch without CUDA. For a GPU box: make TORCH=torch==2.13.0
TORCH ?= torch==2.13.0$(if $(filter Linux,$(shell uname -s)),+cpu)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# One thread for each process: of several, torch's spin while they wait, and miniatures gain nothing by them.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest
# The tests start hundreds of processes: each would compile every module anew where this is set.
export PYTHONDONTWRITEBYTECODE :=
# Many tests wait for processes of their own, so three at a time keep two cores busy. A file stays in one
# process: what it sets up for all its tests is set up once.
AT_ONCE ?= 3
SPREAD := --numprocesses $(AT_ONCE) --dist loadfile
# Targets that run at the same time, each one's output in one piece where make can (GNU make 4)
TOGETHER := $(MAKE) --no-print-directory --keep-going --jobs 3 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
BENCH_CLIENT := .bench/client/.installed
BENCH_PYTHON := PYTHONPATH=.bench/client $(BIN)/python

.PHONY: demo test check dev ui types bench bench-frontend bench-dispatch bench-depth bench-fanin bench-placement bench-ads bench-bundles bench-swap bench-shots chaos simulate \
	ready needs lint lint-python lint-page lint-page-types unit ui-test e2e lock clean

demo: $(INSTALLED) $(PAGE)  ## import the sample film, draw it, cut it, serve it
	$(BIN)/cinefarm demo

test: ready lint unit ui-test e2e  ## everything; what .ci/run calls

ready:
	$(TOGETHER) needs $(INSTALLED) $(PAGE)

check: lint  ## fast: lint, types, import stair and the quick tests
	$(PYTEST) $(SPREAD) -m "not processes" -x

lint: $(INSTALLED) $(PACKAGES)
	$(TOGETHER) lint-python lint-page lint-page-types

lint-python: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-page: $(PACKAGES)
	cd frontend && npm run --silent check:style

lint-page-types: $(PACKAGES)
	cd frontend && npm run --silent check:types

unit: $(INSTALLED) $(PAGE)
	$(PYTEST) $(SPREAD)

ui-test: $(INSTALLED) $(PACKAGES)
	cd frontend && npm run --silent test

e2e: $(INSTALLED) $(PAGE) needs
	cd frontend && npm run --silent e2e:built

dev: $(INSTALLED) $(PACKAGES)  ## master, worker and a page that reloads as you edit
	$(BIN)/python -m cinefarm.cli.dev

ui: $(PAGE)  ## build the page that the master serves

types: $(INSTALLED) $(PACKAGES)  ## regenerate what is generated: OpenAPI client, workflow schema, tables in docs
	$(BIN)/python -m workflows.write_schema
	$(BIN)/python -m workflows.write_table
	cd frontend && npm run --silent types

bench: $(INSTALLED)  ## measure; each prints one line of JSON
	$(BIN)/python -m bench.panels
	$(BIN)/python -m bench.import_rows

bench-frontend: $(BENCH_CLIENT) $(PAGE) needs  ## the page with 10,000 and 50,000 shots in a real Chromium
	cd frontend && npm run --silent bench

bench-dispatch: $(BENCH_CLIENT)  ## jobs a second against the queues one would pick instead; ROUNDS=3
	$(BENCH_PYTHON) -m bench.dispatch $(ARGS)

bench-depth: $(BENCH_CLIENT)  ## rate, memory and restart with a million queued jobs
	$(BENCH_PYTHON) -m bench.depth $(ARGS)

bench-fanin: $(BENCH_CLIENT)  ## thousands of agents with full heartbeats, and bursts of jobs for them
	$(BENCH_PYTHON) -m bench.fanin $(ARGS)

bench-placement: $(INSTALLED)  ## loads and waits against what one would pick instead; SEED=4,5 for other traces
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	SEED="$${SEED:-1,2,3}" OMP_NUM_THREADS=1 $(BIN)/python -m bench.placement

bench-bundles: $(INSTALLED)  ## seconds of loading a job by how weights are kept; SEED=4,5 for other traces
	$(BIN)/python -m bench.bundles

bench-ads: $(INSTALLED) $(PAGE)  ## whole ads and text changes, also in the browser, a hundred at once, cut-outs, layouts
	cd frontend && node bench/ad-words.mjs
	$(BIN)/python -m bench.ads

bench-swap: $(INSTALLED)  ## weights between RAM and a GPU; GB=24 a bundle, FOLDER for its files
	$(BIN)/python -m bench.swap

bench-shots: $(BENCH_CLIENT)  ## long shot lists, gestures of 500 rows, and when others see an edit
	$(BENCH_PYTHON) -m bench.shot_list
	$(BENCH_PYTHON) -m bench.edits
	$(BENCH_PYTHON) -m bench.live_edits

chaos: $(INSTALLED)  ## kill and pause 50 agents and their master through 5,000 jobs; ends with one line of JSON
	$(BIN)/python -m tests.chaos

simulate: $(INSTALLED)  ## farms by seed under every fault, then mutants of them; ends with one line of JSON; SEEDS=200
	$(BIN)/python -m tests.simulation --seeds $(or $(SEEDS),200)

needs:
	sh tests/needs.sh

lock: $(INSTALLED)  ## refresh constraints.txt
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header --no-annotate \
		pyproject.toml --output-file constraints.txt

$(BENCH_CLIENT): bench/client.txt $(INSTALLED)
	$(BIN)/python -m pip install --quiet --upgrade --target .bench/client -r bench/client.txt
	touch $@

clean:
	rm -rf $(VENV) .bench frontend/node_modules frontend/dist

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; install it, or set PYTHON=…"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 -c constraints.txt \
		--extra-index-url $(TORCH_INDEX) '$(TORCH)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[master,worker,gpu,mcp,dev]'
	touch $@

$(PACKAGES): frontend/package.json frontend/package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null \
		|| { echo "Node 20 or newer is needed for the page; install it from https://nodejs.org."; exit 1; }
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(PAGE): $(PACKAGES) $(PAGE_SOURCES)
	cd frontend && npm run --silent build
	touch $@
