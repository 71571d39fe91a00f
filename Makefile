# Two commands: `make demo` opens a throw-away book, `make test` runs every test. Both set everything up first.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
# Bytecode is what makes start-up fast; it is never switched off here.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check format soak bench snapshots docs clean
.DEFAULT_GOAL := demo

$(VENV)/ready: pyproject.toml
	@echo "Setting up $(VENV) (once) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sfa needs Python 3.11 or newer: make PYTHON=python3.x" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip >&2
	@$(BIN)/python -m pip install --quiet --editable '.[dev]' >&2
	@touch $@

demo: $(VENV)/ready  ## the TUI on a generated, throw-away book; as text into a pipe
	@$(BIN)/sfa demo

.counterparts/ready: tests/counterparts/install.sh tests/counterparts/requirements.txt tests/counterparts/package.json
	@echo "Installing what the tests work against (once) ..." >&2
	@PYTHON=$(PYTHON) sh tests/counterparts/install.sh .counterparts
	@touch $@

test: $(VENV)/ready .counterparts/ready  ## every test
	@$(BIN)/python -m pytest

check: $(VENV)/ready  ## style, types and the house's import table
	@$(BIN)/ruff check .
	@$(BIN)/ruff check -q --preview --select PLW1514 sfa  # files are read in a named encoding: Windows has others
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/ready
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

soak: $(VENV)/ready  ## laptops and head office against every fault, with new seeds: MINUTES=60 or SEEDS=0-100000
	@$(BIN)/python -m tests.sync.simulation $(if $(SEEDS),--seeds $(SEEDS),--minutes $(or $(MINUTES),10))

bench: $(VENV)/ready  ## everything measured against its limit, tables into bench/results.md
	@$(BIN)/python -m bench --peers

snapshots: $(VENV)/ready  ## take the pictures of the screens anew; look at each one
	@$(BIN)/python -m pytest -n 0 tests/screens/test_pictures.py --snapshot-update
	@$(MAKE) --no-print-directory docs

docs: $(VENV)/ready  ## the pages and the picture that the program makes itself
	@$(BIN)/python -m sfa.cli.docs > docs/commands.md
	@$(BIN)/python -c 'from sfa.keymap import keys_page; print(keys_page(), end="")' > docs/keys.md
	@$(BIN)/python docs/picture.py

clean:
	rm -rf $(VENV) .counterparts .mypy_cache .ruff_cache .pytest_cache .hypothesis
