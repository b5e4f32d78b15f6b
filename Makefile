# All tasks of this project; `make` lists them.

PYTHON ?= $(or $(shell for name in python3.11 python3.12 python3.13 python3; do command -v $$name && break; done),python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
MANAGE := $(BIN)/python manage.py
# Compiled modules are kept whatever the environment says: dozens of tests start processes, which would compile them anew.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist worksteal
# Settings of a deployment behind TLS, for `check --deploy`.
AS_DEPLOYED := DEBUG=false BEHIND_TLS=true SECRET_KEY=only-for-this-check-only-for-this-check-only-for-this-check

.DEFAULT_GOAL := help
.PHONY: help run dev test test-database fuzz audit check format screenshots pages bench bench-learning bench-study soak lighthouse \
	texts messages lock clean

help: ## list the targets
	@echo "Usage: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s%s\n", $$1, $$2 }' Makefile

run: .venv/.base ## install, prepare the database and serve on http://127.0.0.1:8000 (HOST=, PORT= change it)
	@$(MANAGE) prepare
	@$(MANAGE) serve

dev: .venv/.dev ## run with DEBUG, the debug toolbar and auto-reload
	@DEBUG=true $(MANAGE) prepare
	@DEBUG=true $(MANAGE) runserver $(or $(HOST),127.0.0.1):$(or $(PORT),8000)

test: .venv/.dev ## run all tests (ARGS= is passed to pytest, for example ARGS="-k admin")
	@.ci/browser headless
	@$(PYTEST) $(ARGS)

test-database: .venv/.dev ## run the tests that use the database, on the one of DATABASE_URL (ARGS= as above)
	@.ci/browser headless
	@$(PYTEST) -m "database and not one_database and (concurrent or not browser)" $(ARGS)

fuzz: .venv/.dev ## send random requests to all URLs (FUZZ_REQUESTS=, 10,000 by default)
	@FUZZ_REQUESTS=$(or $(FUZZ_REQUESTS),10000) $(BIN)/python -m pytest -q -s questions/tests/security/test_fuzz.py

audit: .venv/.dev ## check the locked packages for known vulnerabilities (needs internet access)
	@for name in base dev; do $(BIN)/pip-audit --require-hashes --disable-pip --strict -r requirements/$$name.txt || exit 1; done

check: .venv/.dev ## check code style, types, layers, templates, Dockerfile, migrations and deployment settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/hadolint docs/deploy/Dockerfile
	$(MANAGE) makemigrations --check --dry-run
	$(AS_DEPLOYED) $(MANAGE) check --deploy --fail-level WARNING

format: .venv/.dev ## format the code and sort its imports
	$(BIN)/ruff check --fix --select I
	$(BIN)/ruff format

screenshots: .venv/.dev ## update the screenshots in docs/images from a new site
	@.ci/browser
	@$(BIN)/python scripts/screenshots.py

pages: .venv/.dev requirements/node/node_modules ## save all pages to var/pages and validate their HTML and CSS (needs npm and Java)
	@.ci/browser
	@$(BIN)/python scripts/pages.py

bench: .venv/.dev ## compare the pages with minimal views that do the same (ARGS=--help lists the options; needs wrk)
	@$(BIN)/python -m bench.run $(ARGS)

bench-learning: .venv/.dev ## compare question orders in a simulation (about 5 minutes)
	@$(BIN)/python scripts/bench_learning.py $(ARGS)

bench-study: .venv/.dev ## measure the pages of the study plan with 50,000 answers
	@$(BIN)/python scripts/bench_study.py $(ARGS)

soak: .venv/.dev ## load-test the real server and inject faults (about 10 minutes; ARGS=--help lists the options)
	@$(BIN)/python -m soak $(ARGS)

lighthouse: .venv/.dev requirements/node/node_modules ## print the Lighthouse scores of the main pages (needs npm)
	@.ci/browser
	@$(BIN)/python scripts/lighthouse.py

texts: .venv/.dev ## print every translatable text with its file and line
	@$(BIN)/python scripts/texts.py

messages: .venv/.dev ## update and compile the translations in locale/
	@$(BIN)/python scripts/texts.py --update

lock: .venv/.dev ## compile requirements/*.in into requirements/*.txt (ARGS=--upgrade updates the versions)
	@for name in base dev; do \
		echo "requirements/$$name.txt"; \
		$(BIN)/uv pip compile requirements/$$name.in --output-file requirements/$$name.txt --quiet --universal \
			--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(ARGS) \
			|| exit 1; \
	done

clean: ## remove .venv and caches, but keep var/ with the database
	rm -rf requirements/node/node_modules .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=...")'
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv

.venv/.base: requirements/base.txt | .venv/bin/python
	@echo "Installing requirements/base.txt"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python # dev.txt holds all of base.txt
	@echo "Installing requirements/dev.txt"
	@$(PIP) -r requirements/dev.txt
	@touch .venv/.base $@

requirements/node/node_modules: requirements/node/package-lock.json
	@npm ci --prefix requirements/node --ignore-scripts --no-audit --no-fund --silent
	@touch $@
