# Every task of the collection by its name.

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.complete
LINK := .build/ansible_collections/streamops/flink
REQUIREMENTS := tools/requirements.txt
REPORT := .nox/report.json
FAILURES := .nox/failures
CHROMIUM ?= chromium
NOX = $(VENV)/bin/nox
RUN = $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo stop test test-quick docs golden catalogue conformance bench picture

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(STAMP) ## Run a Flink cluster on this machine, verify its memory and run a job; FLINK=1.20.5 for another release
	@$(RUN) demo/demo.py up $(if $(FLINK),--flink $(FLINK))

stop: $(STAMP) ## Stop the cluster of the demo
	@$(RUN) demo/demo.py stop

test: $(STAMP) ## Run every check, two at a time, and sum up
	@rm -f $(REPORT) $(FAILURES)
	@$(NOX) --parallel 2 --report $(REPORT)

test-quick: $(STAMP) ## Run the checks that need neither Flink nor hosts
	@$(NOX) --parallel 2 --keywords "(lint or workflows or typing or licenses or changelog or units or quick) and not devel"

docs: $(STAMP) ## Make the documentation site in .build/site
	@$(NOX) --session site

golden: $(STAMP) ## Let every Flink release compute the golden vectors and docs/conformance.md again
	@$(RUN) tools/golden.py

catalogue: $(STAMP) ## Read all options out of every Flink release again, and write docs/options.md; CHECK=1 only compares
	@$(RUN) tools/catalogue.py $(if $(CHECK),--check)

conformance: $(STAMP) ## Compare random configurations with Flink's own classes; CASES=100000 SEED=1 for another number and seed
	@$(RUN) tools/conformance.py $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

bench: $(STAMP) ## Measure plans, inventories, runs, deployments, starts and pages
	@$(RUN) tools/bench.py
	@$(NOX) --reuse-existing-virtualenvs --session bench-page

picture: $(STAMP) ## Draw the pictures of the documentation again, in Chromium, light and dark; CHROMIUM=/path for another one
	@CHROMIUM=$(CHROMIUM) $(RUN) tools/pictures.py

.PHONY: changelog
changelog: $(STAMP) ## Write CHANGELOG.rst for the version in galaxy.yml; VERSION=1.1.0 sets another one before
	@$(NOX) --session changelog -- prepare $(VERSION)

# The checkout, importable as a collection.
$(LINK):
	@mkdir -p $(@D)
	@ln -s ../../.. $@

$(STAMP): $(REQUIREMENTS) | $(LINK)
	@command -v $(PYTHON) >/dev/null || \
	    { echo "Python 3.11 or newer is needed and '$(PYTHON)' is not on PATH; name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed and '$(PYTHON)' is $$($(PYTHON) -V 2>&1); name another: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	    { echo "Python's venv module is incomplete; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Making the virtual environment $(VENV), once"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS) 2>$(VENV)/pip.log || \
	    { echo "pip could not install $(REQUIREMENTS): is the Python package index reachable? See $(VENV)/pip.log"; exit 1; }
	@touch $@
