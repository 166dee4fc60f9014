# The commands of this repository. Everything real happens in scripts/, so that it can be read, typed and tested.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv/bin
SETUP := $(PYTHON) scripts/setup.py

.PHONY: help setup demo test test-fast check fmt bench docs build lock messages screenshots clean

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

setup:  ## create .venv with everything in it; does nothing when nothing changed
	@$(SETUP)

demo:  ## set up, then serve the sample organisation on http://127.0.0.1:$(PORT) (PORT= changes it)
	@$(SETUP) --port $(PORT)
	@$(VENV)/zhiheng demo --port $(PORT)

test: setup  ## every check: lint, types, contracts, migrations, tests on both databases, browser, docs
	@$(VENV)/python scripts/suite.py all

test-fast: setup  ## the checks worth running before each commit: lint, contracts, quick tests on SQLite
	@$(VENV)/python scripts/suite.py fast

check: setup  ## lint, types, import contracts and line counts; no tests
	@$(VENV)/python scripts/suite.py check

fmt: setup  ## format and fix what ruff can fix
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .

bench: setup  ## measure the performance budgets; results go to bench/results/
	@$(VENV)/python -m bench

docs: setup  ## build the documentation site into site/
	@$(VENV)/python scripts/suite.py docs

build: setup  ## build the wheel into dist/
	@$(VENV)/uv build --quiet --wheel --no-build-isolation --out-dir dist .

lock: setup  ## compile the hashed requirement files from pyproject.toml
	@$(VENV)/python scripts/lock.py

messages: setup  ## collect translatable texts into the .po files
	@$(VENV)/python scripts/messages.py

screenshots: setup  ## take the pictures of README and docs from a running demo (PORT= says which)
	@$(VENV)/python scripts/screenshots.py --base http://127.0.0.1:$(PORT)

clean:  ## remove what was built, but not the data in var/
	@rm -rf .venv dist site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache src/zhiheng/ui/static/zhiheng/build
