programs += witness
witness_sources := tests/guest/witness/main.c tests/guest/verbs.c tests/guest/witness/log.c tests/guest/witness/devices.c tests/guest/witness/disks.c \
                   tests/guest/witness/mistakes.c tests/guest/witness/sink.c
