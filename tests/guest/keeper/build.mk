programs += keeper
keeper_sources := tests/guest/keeper/main.c tests/guest/ledger.c
