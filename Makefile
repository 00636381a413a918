# Needs make, git and Python 3.11 or newer (with its venv module); all else is put into .venv.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
CLIENTS := .agents
FAULT_ROUNDS ?= 500
CCUSAGE := ccusage@20.0.24
CLAUDE_CODE := @anthropic-ai/claude-code@2.1.197
CODEX := @openai/codex@0.169.0
PI_BEFORE := @mariozechner/pi-coding-agent@0.73.1
PI := @earendil-works/pi-coding-agent@0.87.1
NODE := node-linux-$(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))@22
TIMED := tests/agents/test_live_capture.py
# Half as many again as there are processors: a good part of a test is waiting.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2)
NPM := npm install --ignore-scripts --no-save --no-audit --no-fund --loglevel=error

.DEFAULT_GOAL := help
.PHONY: help venv demo test check bench precision fidelity test-agents test-faults clean

help:  ## List the targets
	@awk -F ':.*## *' '/^[a-z-]+:.*##/ {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@sh scripts/venv.sh $(VENV)

# A stamp for each set of packages, so that a second run installs nothing.
$(VENV)/installed: pyproject.toml opentraces/__init__.py | $(BIN)/python
	@$(PIP) install --editable . && touch $@

$(VENV)/installed-test: pyproject.toml opentraces/__init__.py | $(BIN)/python
	@$(PIP) install --editable '.[test]' && touch $@ $(VENV)/installed

$(CLIENTS)/installed: Makefile
	@mkdir -p $(CLIENTS)/pi $(CLIENTS)/pi-before
	$(NPM) --prefix $(CLIENTS) $(CCUSAGE) $(CLAUDE_CODE) $(CODEX)
	$(NPM) --prefix $(CLIENTS)/pi $(PI) $(NODE)
	$(NPM) --prefix $(CLIENTS)/pi-before $(PI_BEFORE)
	@touch $@

venv: $(VENV)/installed-test  ## Make .venv, with all that the tests need

demo: $(VENV)/installed  ## Import into a home of its own (.demo), search it, read a trace
	@bash scripts/demo.sh

check: $(VENV)/installed-test  ## Format, lint, types and architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: check  ## All of `check`, then the tests
	PYTEST_DEBUG_TEMPROOT=$$(sh scripts/memory_disk.sh) PYTHONDONTWRITEBYTECODE= \
		$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-faults: $(VENV)/installed-test  ## Every fault at every instant, and kills (FAULT_ROUNDS=500)
	FAULT_ROUNDS=$(FAULT_ROUNDS) $(BIN)/python -m pytest -m faults -n auto tests/faults

bench: $(VENV)/installed-test  ## Measure speed and size
	$(BIN)/python -m benchmarks

precision: $(VENV)/installed-test  ## Judge credits by known histories; write docs/precision.md
	$(BIN)/python -m benchmarks.precision

fidelity: $(VENV)/installed-test  ## Say how much of what models were sent is put together from files alone
	$(BIN)/python -m benchmarks.fidelity

test-agents: $(VENV)/installed-test $(CLIENTS)/installed  ## Compare with the agents' own programs (needs npm)
	$(BIN)/python -m pytest -m agents $(TIMED)
	$(BIN)/python -m pytest -m agents -n $(WORKERS) --dist loadfile tests/agents --ignore $(TIMED)

clean:  ## Remove all that these targets made
	rm -rf $(VENV) $(CLIENTS) .demo .bench build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
