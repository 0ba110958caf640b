# make run   pulls videos, predicts their moods and serves them on 127.0.0.1:$(PORT)
# make test  lint and all tests; CI adds COVER=1, which counts the branches that tests
#            reach, and LONG=1, which kills and storms for longer
# make admin changes the password of the admin account
# Each target sets up .venv by itself; Python 3.11, 3.12 or 3.13 and make are all they need.

VERSIONS = 3.13 3.12 3.11
# Tried by running it: a shim of pyenv may lead nowhere, a Python of Debian lack ensurepip.
NEWEST = for version in $(VERSIONS); do \
	PYENV_VERSION=$$version python$$version -c \
	'import ensurepip, os, sys; print(os.path.realpath(sys.executable))' 2>/dev/null && exit; done
PYTHON ?= $(shell $(NEWEST))
VENV_PYTHON = .venv/bin/python
MANAGE = MOODIBEATS_DEV=1 $(VENV_PYTHON) manage.py
INSTALLED = .venv/installed
.PHONY: run test admin lint FORCE

run: $(INSTALLED)
	@exec env MOODIBEATS_DEV=1 $(VENV_PYTHON) manage.py run

# With bytecode: a hundred tests start a process, which would compile us all each time.
test: lint
	env -u PYTHONDONTWRITEBYTECODE MOODIBEATS_DEV=1 LONG=$(LONG) $(VENV_PYTHON) -m pytest -q -n logical --maxprocesses 4 --dist worksteal$(if $(filter 1,$(COVER)), --cov --cov-report=term:skip-covered)

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
	@"$(PYTHON)" -c 'import sys; "%s.%s" % sys.version_info[:2] in "$(VERSIONS)".split() or sys.exit(1)' || \
		{ echo "MoodiBeats needs one of Python $(VERSIONS): make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (once, a minute or two) ..."
	@"$(PYTHON)" -m venv --clear .venv
	@$(VENV_PYTHON) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@$(VENV_PYTHON) -m pip install -qq --disable-pip-version-check -r requirements-factorisation.txt 2> .venv/factorisation.log || \
		echo "Without a C compiler there is no warp, bpr, logistic and warp-kos; all else works."
	@touch $@

# A .venv stays with its Python, also where a newer one is installed later: until that
# Python is gone, or PYTHON names another one.
ifneq ($(origin PYTHON),file)
WANTED := $(or $(shell "$(PYTHON)" -V 2>/dev/null),$(PYTHON))
endif
VENV_HAS := $(shell $(VENV_PYTHON) -V 2>/dev/null)
ifeq ($(and $(VENV_HAS),$(findstring $(or $(WANTED),$(VENV_HAS)),$(VENV_HAS))),)
$(INSTALLED): FORCE
endif
