programs += buses
buses_sources := tests/guest/buses/main.c tests/guest/verbs.c tests/guest/buses/bus.c tests/guest/buses/clock.c tests/guest/buses/tone.c
