# Short names for what contributors do. README.md shows the same as plain commands for Windows.
# Every path is relative, so that the checkout may lie in a folder with spaces.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: help tools demo months test test-fast lint bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name text; do printf '%-10s %s\n' "$$name" "$$text"; done

tools: .venv/stamp ## install the tools into .venv

demo: .venv/stamp ## generate a project, train its model, deliver new data, train again
	$(RUN) scripts/demo.py

months: .venv/stamp ## play the flights month by month, for docs/retraining.md
	$(RUN) scripts/months.py --rows all

test: .venv/stamp ## run all tests
	$(RUN) -m pytest -n 2

test-fast: .venv/stamp ## run the tests that install nothing
	$(RUN) -m pytest -n 2 -m "not slow"

lint: .venv/stamp ## check format, lint and types
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check
	$(RUN) -m mypy

bench: .venv/stamp ## measure speed and memory, as ratios to a bare script, and how often verdicts are wrong
	$(RUN) benchmarks/run.py
	cd build/bench/small/flight-delays && ../../../../.venv/bin/uv run --no-sync python ../../../../benchmarks/verdict.py
	$(RUN) benchmarks/serving_row.py build/bench/small/flight-delays
	$(RUN) benchmarks/serving_http.py build/bench/small/flight-delays
	$(RUN) benchmarks/drift.py
	$(RUN) benchmarks/batch.py build/bench/small/flight-delays

clean: ## remove the environment and everything that was built
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A stamp newer than pyproject.toml means that nothing is to install, so no network is needed.
.venv/stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "$(PYTHON) is Python " + sys.version.split()[0] + "; 3.11 or newer is needed. Name one: make PYTHON=python3.12")'
	@echo "Installing the tools into .venv ..."
	@$(PYTHON) -m venv .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check uv
	@$(RUN) -m uv pip install --quiet --python .venv --group dev
	@touch $@
