# make run   pulls videos, predicts their moods and serves them on 127.0.0.1:$(PORT)
# make test  everything that CI demands
# make admin changes the password of the admin account
# Each target sets up .venv by itself; Python 3.11 and make are all they need.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV_PYTHON = .venv/bin/python
MANAGE = MOODIBEATS_DEV=1 $(VENV_PYTHON) manage.py
INSTALLED = .venv/installed
.PHONY: run test admin lint

run: $(INSTALLED)
	@exec env MOODIBEATS_DEV=1 $(VENV_PYTHON) manage.py run

test: lint
	MOODIBEATS_DEV=1 $(VENV_PYTHON) -m pytest -q -n logical --maxprocesses 4 --dist worksteal --cov --cov-report=term:skip-covered

lint: $(INSTALLED)
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(VENV_PYTHON) -m mypy
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file .venv/openapi.yaml
	diff -u docs/openapi.yaml .venv/openapi.yaml

admin: $(INSTALLED)
	@$(MANAGE) admin

$(INSTALLED): requirements.txt requirements-dev.txt requirements-factorisation.txt constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit("MoodiBeats needs Python 3.11: make PYTHON=/path/to/python3.11")'
	@echo "Setting up .venv (once, a minute or two) ..."
	@"$(PYTHON)" -m venv --clear .venv
	@$(VENV_PYTHON) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@$(VENV_PYTHON) -m pip install -qq --disable-pip-version-check -r requirements-factorisation.txt 2> .venv/factorisation.log || \
		echo "Without a C compiler there is no warp, bpr, logistic and warp-kos; all else works."
	@touch $@
