# Everything runs from .venv, set up from the lock files on first use and again when they, the folder or Python change.
# Stamps are named after what they depend on, so that switching branches or moving the folder needs no thought.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install
LOCKED := $(PIP) --require-hashes --only-binary :all: --requirement
UV := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
RUN_PYTEST := $(PY) -m pytest --dist worksteal --numprocesses $(or $(JOBS),auto) --maxprocesses 4
QUICK := not browser and not loopback and not slow

key = $(shell { pwd; cat /dev/null $(wildcard $(1)); } | cksum | cut -d' ' -f1)
RUNTIME := .venv/.runtime-$(call key,pyproject.toml requirements/runtime.txt requirements/dkim.txt)
TESTS := .venv/.tests-$(call key,pyproject.toml requirements/runtime.txt requirements/test.txt)
BENCH := .venv/.bench-$(call key,requirements/bench.txt)
JUDGES := tests/judges/node_modules/.ready-$(call key,tests/judges/package-lock.json)
PEERS := tests/bench/peers/node_modules/.ready-$(call key,tests/bench/peers/package-lock.json)

# Python 3.11 reads the path of the checkout in the locale's encoding: a folder with a Japanese name must not depend on it.
export PYTHONUTF8 := 1
export LC_ALL := C.UTF-8

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint style bench proof faults docs lock clean system

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' Makefile | while read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: $(RUNTIME) ## Build the sample issue 2025-01: where its send-ready files are, and what was found in it
	@.venv/bin/enews build 2025-01

test: $(TESTS) $(JUDGES) system style ## Lint, and run every test (system packages are installed only with CI=true)
	@$(RUN_PYTEST) $(PYTEST)

quick: $(TESTS) ## Run the tests that need no browser and no server
	@$(RUN_PYTEST) -m "$(QUICK)" $(PYTEST)

lint: style ## Check style, types and the laws of the house
	@$(PY) -m pytest tests/laws

style: $(TESTS)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy --no-error-summary

bench: $(BENCH) $(PEERS) ## Measure ours beside its peers; the table is printed, the figures go to build/bench/
	@$(PY) -m tests.bench

proof: $(TESTS) ## Plant mistakes into good issues one by one: what the pre-flight finds, and what it says of good issues (HALF=unseen, HALF=second)
	@$(PY) -m tests.proof $(or $(HALF),seen) $(FAMILY)

faults: $(TESTS) ## Kill a send of 1,400 readers 200 times; the server's mailbox is the judge
	@ENEWS_SECRET=made-up-for-this-run $(PY) -m tests.delivery.faults

docs: $(TESTS) ## Make docs/reference.md and docs/checks.md from the code
	@$(PY) -m tests.docs.reference

lock: $(RUNTIME) ## Pin the dependencies anew (everything to its newest: make lock UV_FLAGS=--upgrade)
	@$(PIP) uv
	@$(UV) $(UV_FLAGS) --group build pyproject.toml --output-file requirements/runtime.txt
	@echo "dkimpy>=1.1" | $(UV) $(UV_FLAGS) --no-deps - --output-file requirements/dkim.txt
	@$(UV) $(UV_FLAGS) --group build --group test --group lint --constraint requirements/runtime.txt pyproject.toml \
		--output-file requirements/test.txt
	@$(UV) $(UV_FLAGS) --group bench --output-file requirements/bench.txt

clean: ## Remove everything that make and enews have made
	@rm -rf .venv build dist tests/judges/node_modules tests/bench/peers/node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Tests run without Chromium, Java and a Japanese font too, and say so; a build server must not leave anything out.
system: $(TESTS)
	@missing=$$($(PY) -m tests.tools); install="apt-get install -y --no-install-recommends $$missing"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$CI" = true ]; then \
		export DEBIAN_FRONTEND=noninteractive; \
		root=$$(test "$$(id -u)" = 0 || echo sudo); \
		$$root apt-get update -qq && $$root $$install -qq >/dev/null; \
	else echo "The browser tests will be left out. To run them: sudo $$install"; fi

$(RUNTIME):
	@test -n "$(PYTHON)" || { echo "Needs Python 3.11 or newer with venv: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(LOCKED) requirements/runtime.txt
	@$(LOCKED) requirements/dkim.txt --no-binary dkimpy --no-build-isolation
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f .venv/.runtime-* && touch $@

$(TESTS): | $(RUNTIME)
	@echo "Setting up what the tests need (once, about a minute) ..."
	@$(LOCKED) requirements/test.txt
	@rm -f .venv/.tests-* && touch $@

$(BENCH): | $(TESTS)
	@$(LOCKED) requirements/bench.txt
	@rm -f .venv/.bench-* && touch $@

# Judges and peers are programs in files: no script of theirs has to run to install them.
NPM = cd $(dir $(@D)) && PATH="$(CURDIR)/.venv/bin:$$PATH" npm --loglevel=error --ignore-scripts --no-audit --no-fund

$(JUDGES): | $(TESTS)
	@$(NPM) ci
	@touch $@

# Not ci: a lock file written where other platforms' optional parts cannot be had lacks them, and ci would refuse it.
$(PEERS): | $(TESTS)
	@echo "Setting up the peers from npm (once, about a minute) ..."
	@$(NPM) install --no-save && touch "$(CURDIR)/$@" || echo "npm cannot fetch the peers here: the rows of those that are not there will say so."
