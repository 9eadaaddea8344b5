# Two commands set everything up: `make run` and `make test`. `make help` lists all.
.DEFAULT_GOAL := help
SHELL := /bin/sh
python := .venv/bin/python
export PORT HOST
compile := $(python) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-emit-options

.PHONY: help run test lint format floors security types migrations translations articles lock messages prepare

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

run: ## the office on http://localhost:8000/ (PORT=8001, HOST=0.0.0.0; DATABASE_URL, REDIS_URL: servers outside)
	@bin/prepare run
	@exec $(python) -m edocman.supervisor run

test: ## the whole suite with PostgreSQL, Redis and Chromium (ARGS="-k register -x")
	@bin/prepare test
	@exec $(python) -m edocman.supervisor test $(ARGS)

lint: prepare ## lint
	@$(python) -m ruff check .

format: prepare ## whether all is formatted
	@$(python) -m ruff format --check .

floors: prepare ## who may import whom
	@$(python) -c 'from importlinter.cli import lint_imports_command as check; check()' --no-logo

security: prepare ## a second reading for unsafe calls
	@$(python) -m bandit --quiet --recursive --severity-level high core accounts notifications documents dossiers signatures incoming outgoing exchange reports edocman

types: prepare ## types
	@$(python) -m mypy

migrations: prepare ## every change of a model has its migration
	@SECRET_KEY=check ALLOWED_HOSTS=localhost DB_POOL=0 $(python) -W ignore manage.py makemigrations --check --dry-run

translations: prepare ## every sentence has its English
	@$(python) -m pytest --quiet tests/test_translations.py

articles: ## write docs/articles.md: the articles, and the tests that prove them, run now
	@bin/prepare test
	@exec $(python) -m edocman.supervisor test -p tests.articles

lock: prepare ## write the locks anew from pyproject.toml
	@$(compile) --extra dev --output-file requirements.lock pyproject.toml
	@$(compile) --constraint requirements.lock --output-file requirements-production.lock pyproject.toml

messages: prepare ## gather the sentences that have no English yet into locale/en
	@DJANGO_SETTINGS_MODULE=tests.settings $(python) manage.py makemessages --locale en --no-location --no-wrap --ignore var --ignore tests

prepare:
	@bin/prepare test
