# `make run` serves Fivegates here. `make test` checks everything. Both bring what they need.

VENV ?= .venv
PORT ?= 8000
DEMO ?= 1
export PORT DEMO

# The first Python on this machine that is new enough.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help run test check bench pictures messages format lock

help:
	@echo "make run     serve it on http://127.0.0.1:$(PORT)/ (DEMO=0 starts empty, PORT=… elsewhere)"
	@echo "make test    linters, types, import contracts and all tests, on SQLite and PostgreSQL"
	@echo "make check   the linters, types and import contracts alone"
	@echo "make bench   what the same work costs in a small and in a large portfolio, as ratios"
	@echo "make pictures  take the pictures of the user guide anew (PICTURES='gate reviews' only these)"
	@echo "make messages  bring the catalogues of the languages up to date with the sources"
	@echo "make format  lay the code out"
	@echo "make lock    resolve requirements*.in into requirements*.txt anew (needs uv)"

# FIVEGATES_FOLLOW: when make is killed, what it started ends by itself.
run: export FIVEGATES_FOLLOW = 1
run: $(VENV)/.runtime
	@$(BIN)/python manage.py serve

test: $(VENV)/.development
	@$(BIN)/python -m tests.run

check: $(VENV)/.development
	@$(BIN)/python -m tests.run --checks

bench: $(VENV)/.runtime
	@$(BIN)/python benchmarks/growth.py
	@$(BIN)/python benchmarks/answering.py
	@$(BIN)/python benchmarks/portfolio.py

pictures: $(VENV)/.development
	@$(BIN)/python -m tests.pictures $(PICTURES)

messages: $(VENV)/.development
	@$(BIN)/python -m tests.messages

format: $(VENV)/.development
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" $(UPGRADE) requirements.in --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" $(UPGRADE) requirements-dev.in --output-file requirements-dev.txt

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Fivegates needs Python 3.11 or newer; none was found."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "A virtual environment could not be made (on Debian: apt install python3-venv)."; exit 1; }
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.python
	@echo "Installing what Fivegates needs into $(VENV) …"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements.txt requirements-dev.txt $(VENV)/.python
	@echo "Installing what the tests need into $(VENV) …"
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
