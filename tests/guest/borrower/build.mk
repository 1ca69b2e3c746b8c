programs += borrower
borrower_sources := tests/guest/borrower/main.c tests/guest/verbs.c
