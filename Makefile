## make demo    try it: SQLite, demo data, web server, worker and a stand-in for Mollie (HOST=, PORT=)
## make dev     the same, reloading when code, templates or static files change
## make test    all tests, on SQLite, PostgreSQL and in Chromium (ARGS="-k waitlist" for some; PAGES=both: pages and tables of cases on both)
## make torture 200 bookings while everything is killed again and again, and long random days at the till
## make bad-days the whole dose of every bad day, with its figures: storms, openings, databases and neighbours away
## make stateful thousands of random days with places and with money (STATEFUL_EXAMPLES=100 for less)
## make api-fuzz Schemathesis asks the API everything its document allows and forbids (API_FUZZ_EXAMPLES=20 for less)
## make bench   measure against the bare limits of the machine, as one table of ratios (ARGS="--quick booking" for some)
## make check   format, lint, types, import order, templates, migrations
## make serve   production, with the settings of the environment
## make screens take the pictures of README.md and docs/ again
## make format  put code in the house format
## make release  an archive to install from, with the front-end files inside
## make rehearse carry docs/production.md out in a fresh Debian in a folder (root)
## make lock    resolve the locked Python packages again (ARGS=--upgrade for newer ones)
## make clean   remove what make made; instance/ stays

MAKEFLAGS += --no-print-directory
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
# The first Python that is new enough and can make a virtual environment; looked for only when one is made.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

.DELETE_ON_ERROR:
.PHONY: help demo dev test torture bad-days stateful api-fuzz bench check serve screens release rehearse format lock clean vendor assets page-tools

help:
	@sed -n 's/^## //p' Makefile

demo: .venv/.stamp assets
	@$(BIN)/eventapp demo

dev: .venv/.stamp vendor
	@EVENTAPP_RELOAD=1 $(BIN)/eventapp demo

serve: .venv/.stamp assets
	@exec $(BIN)/eventapp serve

test: .venv/.stamp-test assets page-tools
	@PAGES=$${PAGES:-once} $(BIN)/python tools/run_tests.py $(ARGS)

torture: .venv/.stamp-test assets
	@TORTURE_BOOKINGS=200 STATEFUL_EXAMPLES=150 $(BIN)/python tools/run_tests.py --dist load \
		tests/race/test_killed.py tests/stateful/test_money.py $(ARGS)

bad-days: .venv/.stamp-test assets
	@BAD_DAYS=full JOBS=0 $(BIN)/python tools/run_tests.py -m bad_day -q $(ARGS)

stateful: .venv/.stamp-test assets
	@STATEFUL_EXAMPLES=$${STATEFUL_EXAMPLES:-1000} $(BIN)/python tools/run_tests.py --dist load tests/stateful $(ARGS)

api-fuzz: .venv/.stamp-test
	@API_FUZZ_EXAMPLES=$${API_FUZZ_EXAMPLES:-200} $(BIN)/python tools/run_tests.py tests/api/test_fuzzed.py $(ARGS)

bench: .venv/.stamp-test assets page-tools
	@$(BIN)/python -m benchmarks $(ARGS)

check: .venv/.stamp-test
	@echo "check: format"
	@$(BIN)/ruff format --check --quiet --output-format concise .
	@echo "check: lint"
	@$(BIN)/ruff check --quiet --output-format concise .
	@echo "check: types"
	@$(BIN)/mypy --no-error-summary
	@echo "check: import order"
	@$(BIN)/pytest --quiet tests/test_architecture.py
	@echo "check: templates"
	@$(BIN)/python tools/check_templates.py
	@echo "check: migrations"
	@$(BIN)/python tools/check_migrations.py

screens: .venv/.stamp-test assets
	@$(BIN)/python -m tools.screens

release: vendor
	@$(BIN)/python -m tools.release

rehearse: vendor
	@$(BIN)/python -m tools.rehearsal

format: .venv/.stamp-test
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .

lock: .venv/.stamp
	@$(BIN)/python tools/lock.py $(ARGS)

clean:
	@rm -rf .venv build static/vendor *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

assets: vendor
	@$(BIN)/python tools/compress_assets.py
	@$(BIN)/python tools/compile_templates.py

page-tools: .venv/.stamp
	@$(BIN)/python tools/page_tools.py

vendor: .venv/.stamp
	@$(BIN)/python tools/vendor.py

.venv/.stamp: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "python: making .venv with $(PYTHON)"; $(PYTHON) -m venv --clear .venv; }
	@echo "python: installing the locked packages"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.stamp-test: .venv/.stamp requirements-test.txt
	@echo "python: installing the locked packages for tests"
	@$(PIP) --require-hashes -r requirements-test.txt
	@touch $@
