# Everything here works in a fresh clone with Python 3.11+, make and pip, and writes inside the checkout only.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
BASE := .venv/.base-installed
DEV := .venv/.dev-installed
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test check bench proof screenshots format wheel pins chromium clean

help:
	@echo "make demo         see wirekin work: sample publishers, real daemon, page on http://127.0.0.1:8000"
	@echo "make run          poll ./feeds.yml and serve it"
	@echo "make test         set up what the tests need, and run them all"
	@echo "make check        what CI runs: formatting, lint, types, import contracts, tests"
	@echo "also              bench proof screenshots format wheel pins clean   (ARGS='...' is passed on)"

# --- running ---------------------------------------------------------------------------------------------------

demo: $(BASE)
	@$(BIN)/wirekin demo $(ARGS)

run: $(BASE)
	@$(BIN)/wirekin run $(ARGS)

# --- checking --------------------------------------------------------------------------------------------------

test: $(DEV) chromium
	@$(BIN)/pytest $(ARGS)

check: $(DEV) chromium
	@echo "--- formatting" && $(BIN)/ruff format --check .
	@echo "--- lint" && $(BIN)/ruff check .
	@echo "--- types" && $(BIN)/mypy
	@echo "--- import contracts" && $(BIN)/lint-imports
	@echo "--- tests" && $(BIN)/pytest $(ARGS)

format: $(DEV)
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

# Measure every figure that is due, in 10 to 20 minutes; ARGS=--long takes an hour or two. See docs/quality.md.
bench: $(DEV)
	@$(BIN)/python bench/_all.py $(ARGS)

proof: $(DEV)
	@WIREKIN_PROOF=1 $(BIN)/pytest -m proof $(ARGS)

screenshots: $(DEV) chromium
	@$(BIN)/python tests/browser/screenshots.py screenshots

# --- setting up ------------------------------------------------------------------------------------------------

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wirekin needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

# Install the pinned, hash-checked packages, then wirekin. hatchling is one of the pins, so nothing unpinned is fetched.
$(BASE): requirements/base.txt pyproject.toml | .venv/pyvenv.cfg
	@echo "installing the pinned packages (a minute the first time)"
	@$(PIP) install --quiet --require-hashes -r requirements/base.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	@echo "installing what the checks need"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# The browser tests drive a Chromium; without one they are skipped, with a message.
chromium:
	@sh .ci/chromium

wheel: $(BASE)
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

# Resolve the pins again after a change of pyproject.toml or build.in; ARGS=--upgrade takes newer versions.
pins: $(DEV)
	@$(UV_COMPILE) $(ARGS) pyproject.toml requirements/build.in -o requirements/base.txt > /dev/null
	@$(UV_COMPILE) $(ARGS) --extra dev -c requirements/base.txt pyproject.toml requirements/build.in -o requirements/dev.txt > /dev/null

clean:
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
