programs += vesa
vesa_sources := $(addprefix drivers/vesa/,main.c options.c bus.c vbe.c edid.c mode.c modes.c adapter.c refused.c planes.c banks.c shadow.c \
                panic_text.c retrace.c lending.c screen.c service.c)

# Each picture passes through these, where the framebuffer is not the client's own.
$(foreach source,planes.c banks.c shadow.c,$(eval flags/drivers/vesa/$(source) := -O2))
