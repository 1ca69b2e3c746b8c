programs += conformance
conformance_sources := $(addprefix tests/guest/conformance/,main.c runner.c role.c check.c common.c text.c line.c input.c storage.c \
                         stream.c bus.c clock.c tone.c display.c screen.c)
