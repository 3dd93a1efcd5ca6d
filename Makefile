# The same commands without make: python3 scripts/dev.py setup|test|lint|types|demo|bench
PYTHON ?= python3

.PHONY: setup test lint types demo bench
setup test lint types demo bench:
	@$(PYTHON) scripts/dev.py $@
