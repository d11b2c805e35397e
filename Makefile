# Everything runs in .venv, at the versions of constraints.txt; PYTHON chooses the interpreter.
PYTHON ?= python3
BIN := .venv/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo postgresql test exhaustive mutate check docs wheel benchmark clean

demo: .venv/installed
	$(BIN)/ecosystem-graph recommend horizon2020 --output runs/demo --overwrite
	$(BIN)/ecosystem-graph evaluate horizon2020 --cutoff 2019-01-01 --sources 500 \
	    --baseline adamic_adar

# Tests of databases start a server of their own if Debian's is installed, else they are skipped.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
	    command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	        && apt-get -q update && apt-get -qy install --no-install-recommends postgresql; \
	} || echo "PostgreSQL is not installed: its tests are skipped"

# Compiled loops check every index here, which changes no result; their code is kept apart.
test: export NUMBA_BOUNDSCHECK := 1
test: export NUMBA_CACHE_DIR := $(CURDIR)/.numba-checked
# A process for each core: more threads in each would only wait for a core.
test: export POLARS_MAX_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
# The tests of a file, and what they share, stay together.
test: .venv/installed-for-tests
	$(BIN)/python -m pytest -n auto --dist loadfile

exhaustive: .venv/installed-for-tests
	$(BIN)/python -m pytest -m exhaustive

# SEED and MUTANTS choose others, or more; prints which of them the tests let pass.
mutate: .venv/installed-for-tests
	$(BIN)/python tests/benchmarks/mutate.py --seed $(or $(SEED),1) --mutants $(or $(MUTANTS),300)

check: .venv/installed-for-tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

# The site, in site/: open site/index.html. A warning, such as a broken link, stops it.
docs: export NO_MKDOCS_2_WARNING := 1
docs: .venv/installed-for-docs
	$(BIN)/mkdocs build --strict --clean

wheel: .venv/installed-for-tests
	$(BIN)/python -m pytest -m wheel tests/test_wheel.py

benchmark: .venv/installed-for-tests
	$(BIN)/python tests/benchmarks/signal_speed.py

clean:
	rm -rf .venv .numba-checked runs dist site

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-for-tests: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[test,check]'
	touch $@ .venv/installed

.venv/installed-for-docs: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@ .venv/installed
