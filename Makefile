# make run: the demo.  make test: everything quick.  make test-long: what is slower.
# A bare Debian 12 needs only: git make python3 python3-venv. The rest is installed here, see setup.sh.

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: run test test-long bench lint lock clean debian-run debian-test

# A Node.js of our own comes first, if setup.sh had to bring one.
export PATH := $(CURDIR)/.tools/node/bin:$(PATH)
export UV_CUSTOM_COMPILE_COMMAND := make lock
UV := .tools/bin/uv
INSTALL := $(UV) pip install -q --python .venv/bin/python
ANDON := $(INSTALL) --no-deps --no-build-isolation -e .

ifneq ($(wildcard web/package.json),)
WEB := web/dist/index.html
WEB_MODULES := web/node_modules/.package-lock.json
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print)
WEB_CHECK := cd web && npm run check
WEB_TEST := cd web && npm test
endif

PEER := tests/bench/peers/node
PEER_MODULES := $(PEER)/node_modules/.package-lock.json

run: debian-run .venv/.run $(WEB)
	@exec .venv/bin/andon up --demo

test: debian-test .venv/.test lint $(WEB)
	$(WEB_TEST)
	.venv/bin/pytest -p tests.no_skips -n 2 --dist loadfile -m "not long" --durations=20

test-long: debian-test .venv/.test $(WEB)
	.venv/bin/pytest -p tests.no_skips -m long --durations=20

# `make bench ONLY="fanout writes"` measures those two.
bench: debian-test .venv/.test $(WEB) $(PEER_MODULES)
	.venv/bin/python -m tests.bench $(ONLY)

lint: .venv/.test $(WEB_MODULES)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(WEB_CHECK)

# Hashes and pinned versions, no address. `make lock UPGRADE=--upgrade` takes the newest versions allowed.
COMPILE = $(UV) pip compile -q --generate-hashes --no-annotate --python-version 3.11 $(UPGRADE)
lock: .tools/.ok
	$(COMPILE) pyproject.toml --extra embedded --group build -o requirements.txt
	$(COMPILE) pyproject.toml --extra embedded --group build --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group tools -o requirements-tools.txt
	$(COMPILE) --group node -o requirements-node.txt

# Everything made here but the data in .data.
clean:
	rm -rf .venv .tools .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis web/node_modules web/dist \
		$(PEER)/node_modules

debian-run:
	@./setup.sh apt mosquitto=mosquitto

debian-test:
	@./setup.sh apt mosquitto=mosquitto chromium=chromium -=fonts-noto-cjk cc=gcc -=libc6-dev \
		samba=samba -=samba-ad-provision -=samba-dsdb-modules -=samba-vfs-modules -=python3-samba openssl=openssl

.tools/.ok: requirements-tools.txt setup.sh
	@./setup.sh python
	@touch $@

.venv/.run: .tools/.ok requirements.txt pyproject.toml
	@echo "Installing what the hub needs"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(ANDON)
	@touch $@

.venv/.test: .tools/.ok requirements-dev.txt pyproject.toml
	@echo "Installing what the hub and its tests need"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@$(ANDON)
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json web/package.json setup.sh | .tools/.ok
	@./setup.sh node
	@echo "Installing what the web app needs"
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(PEER_MODULES): $(PEER)/package-lock.json $(PEER)/package.json setup.sh | .tools/.ok
	@./setup.sh node
	cd $(PEER) && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	@touch $@
