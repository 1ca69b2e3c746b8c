programs += bystander
bystander_sources := tests/guest/bystander/main.c tests/guest/bystander/sequence.c tests/guest/bystander/i386/sequence.asm tests/guest/verbs.c
