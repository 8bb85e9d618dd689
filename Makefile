# make run: attune at http://127.0.0.1:8000, with the demonstration or with your product.yaml
# make test: every check and every test
# Both need Python 3.11 or newer and nothing else; the second time they need no network.

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format lock bench openapi clean

run: $(VENV)/ready
	@if [ -f product.yaml ]; then $(BIN)/attune serve; else $(BIN)/attune demo; fi

test: check
	$(BIN)/pytest -n 2 --dist worksteal --durations=10

check: $(VENV)/ready-dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

format: $(VENV)/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(VENV)/ready-dev
	$(BIN)/attune openapi --output openapi.json

bench: $(VENV)/ready-dev
	$(BIN)/pip install --quiet --requirement tests/bench/peers.txt
	$(BIN)/python -m tests.bench

lock: $(VENV)/ready-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --extra demo --group dev --output-file requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --extra demo --constraint requirements-dev.lock \
		--output-file requirements-demo.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "attune needs Python 3.11 or newer; none was found."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/ready: requirements-demo.lock pyproject.toml | $(VENV)/bin/python
	@test -f $(VENV)/ready-dev || echo "Setting attune up (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-demo.lock
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/attune.pth"
	@printf '%s\n' '#!/bin/sh' 'exec "$$(dirname "$$0")/python" -m service.cli "$$@"' > $(BIN)/attune
	@chmod +x $(BIN)/attune
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	@echo "Setting the tests up (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@
