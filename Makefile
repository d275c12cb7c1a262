# Everything here needs Python 3.11 or newer, make and nothing else.
#
#   make run     install the package into .venv, build the POH graph at ./bundle, ask it one question,
#                write its page to ./poh.html
#   make test    install what the tests need as well, and run them all
#   make lint    the style checks alone: ruff, format, mypy
#   make bench   time and memory of the commands
#   make clean   remove what was built; .venv stays (remove it with `rm -r .venv`)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: run test lint bench clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed
	$(BIN)/poh-graph build -o bundle
	$(BIN)/poh-graph query genes POH -s bundle
	$(BIN)/poh-graph export html --disorder POH -s bundle -o poh.html

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/cpu.py

clean:
	rm -rf bundle .bundle.* poh.html build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find poh_graph tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamps are newer than pyproject.toml once it is installed: a second `make` installs nothing. The install is editable,
# so that code and data which change need no new one.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing poh-graph into $(VENV) ..."
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV) ..."
	$(PIP) --editable '.[test]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one so: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
