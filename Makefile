# `make` alone prints the targets. Python 3.11 or newer and make are enough for
# `make run` and `make test`; the rest is fetched once and works offline after.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
FAST := not slow and not es and not journey and not validators and not postgres

.PHONY: help setup setup-dev run test test-fast test-postgres test-elasticsearch test-validators test-services soak chaos scan journeys \
	lint catalogs-check messages bench requirements next-wagtail services services-stop backup restore map

help: ## These targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort \
		| while IFS=$$'\t' read -r name words; do printf '  %-18s %s\n' "$$name" "$$words"; done

setup: ## Make or update .venv with what the site needs
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) scripts/setup.py

setup-dev: ## The same with the tests' tools
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) scripts/setup.py --dev

run: setup ## Start the whole site with demo content; PORT and GKC_HOME are honoured
	@exec $(VENV)/python -m gkc_site.runner

test: setup-dev ## All tests but the Elasticsearch suite
	@scripts/test

test-fast: setup-dev ## The quick tests of the rooms that are being changed; ROOM=network, ROOM="review search", ROOM=all
	@$(VENV)/python scripts/fast_tests.py "$(FAST)" $(ROOM)

test-postgres: setup-dev ## The suite on PostgreSQL and Redis, which it starts
	@scripts/test postgres

test-elasticsearch: setup-dev ## The search suite on Elasticsearch, which it starts, and faults
	@scripts/test elasticsearch

test-services: setup-dev ## The main journey on PostgreSQL, Redis and Elasticsearch together
	@scripts/test services

test-validators: setup-dev ## PDFs by veraPDF (PDF/UA-1), EPUB by epubcheck, calendars by ical4j; fetches all
	@scripts/test validators

soak: setup-dev ## A story and seats in 500 long walks, 10,000 mails killed; Elasticsearch away for SOAK_S=seconds
	@GKC_MACHINE=$(or $(MACHINE),500x50) $(VENV)/python -m pytest tests/bulletins/machine -q -n 0 \
		-k no_sequence --durations=1
	@GKC_SEATS=$(or $(SEATS),500x60) $(VENV)/python -m pytest tests/workshops/test_seats_properties.py \
		-q -n 0 -k no_sequence --durations=1
	@GKC_RELEASE=$(or $(RELEASE),10000) $(VENV)/python -m pytest tests/bulletins/test_release_killed.py \
		-q -n 0 --durations=1
	@scripts/packages require elasticsearch
	@GKC_SOAK_S=$(or $(SOAK_S),600) $(VENV)/python -m pytest tests/search/faults -q -n 0 \
		-k away_for_a_while --durations=3

chaos: setup-dev ## Every fault of Elasticsearch, again and again; ROUNDS=number
	@scripts/packages require elasticsearch
	@for round in $$(seq $(or $(ROUNDS),3)); do echo "round $$round"; \
		$(VENV)/python -m pytest tests/search/faults -q -n 0 --durations=0 --durations-min=1; done

scan: setup-dev ## Known weaknesses: a deployment's settings, and advisories for what is installed
	@scripts/scan

journeys: setup-dev ## The users' journeys, in Chromium
	@$(VENV)/python -m pytest -m journey -q

lint: setup-dev ## Style, import contracts, migrations
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/lint-imports
	@DJANGO_SETTINGS_MODULE=gkc_site.settings.test $(VENV)/python manage.py makemigrations --check --dry-run

catalogs-check: setup-dev ## Catalogs complete, unfuzzy and in step with the code
	@$(VENV)/python manage.py check_catalogs

messages: setup-dev ## Extract texts into the catalogs
	@$(VENV)/python manage.py extract_messages

bench: setup-dev ## Figures of pages, release, review and search, as tables; QUICK=1 for a short look
	@failed=0; \
	$(VENV)/python -m benchmarks.pages $(if $(QUICK),--quick) || failed=1; \
	$(VENV)/python -m benchmarks.book $(if $(QUICK),--sections 10 --languages ar) || failed=1; \
	$(VENV)/python -m benchmarks.editions $(if $(QUICK),--rounds 1) || failed=1; \
	$(VENV)/python -m benchmarks.reading $(if $(QUICK),--sections 100 --requests 20) || failed=1; \
	$(VENV)/python -m benchmarks.responses $(if $(QUICK),--quick) || failed=1; \
	$(VENV)/python -m benchmarks.release $(if $(QUICK),--recipients 1000 --rounds 1) || failed=1; \
	$(VENV)/python -m benchmarks.review $(if $(QUICK),--stories 200 --open 5000 --rounds 1) || failed=1; \
	$(VENV)/python -m benchmarks.board $(if $(QUICK),--stories 300 --times 3) || failed=1; \
	$(VENV)/python -m benchmarks.workshops $(if $(QUICK),--quick) || failed=1; \
	$(VENV)/python -m benchmarks.search $(if $(QUICK),--quick) $(if $(CORPUS),--corpus $(CORPUS)) || failed=1; \
	scripts/packages require elasticsearch && $(VENV)/python -m benchmarks.search.elasticsearch \
		$(if $(QUICK),--quick) $(if $(CORPUS),--corpus $(CORPUS)) || failed=1; \
	exit $$failed

requirements: ## Compile the pinned requirements from the .in files
	@scripts/requirements

next-wagtail: setup-dev ## Check and migrate on the next Wagtail
	@scripts/next-wagtail

services: ## Start PostgreSQL, Redis and Elasticsearch: by docker compose where an engine runs, else as processes
	@scripts/services start postgres redis elasticsearch

services-stop: ## Stop what `make services` started
	@scripts/services stop

backup: setup ## Write GKC_HOME into one archive: make backup TO=gkc.tar
	@$(VENV)/python manage.py backup "$(or $(TO),gkc-$(shell date +%Y%m%d-%H%M%S).tar)"

restore: setup ## Put an archive into GKC_HOME; what is there is moved aside: make restore FROM=gkc.tar
	@test -n "$(FROM)" || { echo "make restore FROM=<archive>"; exit 1; }
	@$(VENV)/python manage.py restore "$(FROM)"

map: ## The rooms, and what each says of itself
	@$(PYTHON) scripts/map.py
