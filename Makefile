# One rule for all: everything rests on `make install`, which needs Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Many tests start processes: without kept bytecode each of them would compile the whole bot again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test check bench eval coach faults screens gallery flows measures permissions retention fuzz audit lock clean

install: $(VENV)/.installed

# The stamp makes the install idempotent; it is redone when the lock or the package list changes.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	$(BIN)/throughline demo

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check
	$(BIN)/pytest -n auto --dist worksteal -rs

# Tables of figures with machine and date, as docs/benchmarks.md at the end; ratios are against a baseline of the same
# run. With DATA=folder, school years are planned on the calendar that is kept there.
bench: install
	$(BIN)/python -m tests.bench $(if $(DATA),--data $(DATA))

# How well notes, memos and questions are read, on labelled ones that are kept elsewhere: make eval DATA=folder.
eval: install
	@test -n "$(DATA)" || { echo "Say where the labelled data is: make eval DATA=folder" >&2; exit 2; }
	$(BIN)/python -m tests.eval.evidence $(DATA)
	$(BIN)/python -m tests.eval.mandates $(DATA)
	$(BIN)/python -m tests.eval.labelled
	$(BIN)/python -m tests.eval.questions $(DATA)

# Learn the evidence coach's weights anew from protocols/guided/coach/notes.
coach: install
	$(BIN)/python -m protocols.guided.coach.train

# Real processes under every fault of tests/faults/rows.py, with 200 kills; what came of it is docs/reliability.md.
# Then more examples of each property than `make test` has patience for.
faults: install
	$(BIN)/python -m tests.faults
	$(BIN)/pytest -n auto --dist worksteal tests/unit/test_strangers_press.py --kills=40
	$(BIN)/pytest -n auto --dist worksteal -m hypothesis --hypothesis-profile=thorough

# The pictures of the stories under docs/screens, played in the playground; needs a Chromium on PATH.
screens: install
	$(BIN)/python -m tests.browser.take_screens docs/screens

# The main screens under docs/gallery, drawn by renderers that are not ours; needs Node with npm and a Chromium on PATH.
gallery: install
	$(BIN)/python -m tests.gallery docs/gallery

# The pictures and the words of how each protocol goes, under docs/flows, from the files of the library.
flows: install
	$(BIN)/python -m bot.render.flow_files docs/flows

# What each measure counts, in docs/measures.md, from the definitions that the answers quote.
measures: install
	$(BIN)/python -m bot.render.measure_files docs/measures.md

# Each reader of what comes from outside on changed samples, for so many minutes in all: make fuzz MINUTES=60 TARGETS="pdf".
# Led by what code an input reaches where atheris has a wheel for this machine, else by chance alone.
MINUTES ?= 10
fuzz: install
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r tests/fuzz/tools.txt \
		|| echo "atheris cannot be had here, so the samples are changed by chance alone." >&2
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(TARGETS)

# What the bot is made of (CycloneDX), its licences, and what of it is known to be broken; needs the network.
audit: install
	@test -x build/audit/bin/python || $(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install --quiet --disable-pip-version-check -r tests/audit/tools.txt
	$(BIN)/python -m tests.audit build/audit/bin dist

# Who may see and do what, in docs/permissions.md, from the table that decides it.
permissions: install
	$(BIN)/python -m bot.render.permission_files docs/permissions.md

# How long what is kept is kept, in docs/retention.md, from the schedule that the clock goes by.
retention: install
	$(BIN)/python -m bot.render.retention_files docs/retention.md

# requirements.lock is what we work with, requirements.txt the part of it that a deployment needs.
lock: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --constraints requirements.lock pyproject.toml -o requirements.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
