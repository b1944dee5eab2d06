# `make help` lists what there is. Each target sets up first what it needs; nothing is done twice.

HOST ?= 0.0.0.0
PORT ?= 8000
# Passed on to pytest, e.g. make test ARGS='tests/live -x'
ARGS ?=
# Two cores, one file on one of them at a time: what a file has started is started once.
WORKERS ?= 2
# The tests take half an hour at most on two cores; whatever hangs beyond each test's own limit ends here.
AT_MOST ?= timeout --foreground --signal=INT --kill-after=60 60m

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf '  make %-12s %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: ## packages, front-end files, catalogues; afterwards .venv/bin/kickoff stands
	@bin/setup

.PHONY: run
run: setup ## the demo kickoff on SQLite; HOST=0.0.0.0 PORT=8000, FRESH=1 begins anew
	@.venv/bin/kickoff demo --host $(HOST) --port $(PORT) $(if $(FRESH),--fresh)

.PHONY: test
test: setup ## all tests, with a real PostgreSQL, Redis and browser; ARGS='-k votes' picks
	@bin/setup-tests
	@$(AT_MOST) .venv/bin/pytest -n $(WORKERS) --dist loadfile $(ARGS)

.PHONY: check
check: setup ## format, lint, types, import directions, templates, catalogues, lock files
	@bin/check

.PHONY: fix
fix: setup ## formats and repairs what the tools can repair by themselves
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: bench
bench: setup ## the benchmarks, side by side in one run
	@bin/setup-tests
	.venv/bin/python -m bench $(ARGS)

.PHONY: chaos
chaos: setup ## the long versions of the fault and attack tests
	@bin/setup-tests
	.venv/bin/pytest -m chaos -o timeout=1800 $(ARGS)

.PHONY: catalogues
catalogues: setup ## brings the translations' files in line with the strings in the source
	bin/catalogues update

.PHONY: lock
lock: setup ## resolves the dependencies anew and writes the lock files
	bin/lock
