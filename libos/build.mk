# The user library: what every program is linked with. Start-up is apart (i386/start.asm: build/crt0.o).
libos_sources := \
    libos/start.c \
    libos/string.c \
    libos/i386/memory.asm \
    libos/format.c \
    libos/log.c \
    libos/must.c \
    libos/clock.c \
    libos/i386/timestamp.asm \
    libos/allocator.c \
    libos/lock.c \
    libos/condition.c \
    libos/semaphore.c \
    libos/once.c \
    libos/thread.c \
    libos/i386/thread.asm \
    libos/i386/port.asm \
    libos/message.c \
    libos/protocol.c \
    libos/room.c \
    libos/async.c \
    libos/server.c \
    libos/server_exchange.c \
    libos/server_answer.c \
    libos/process.c \
    libos/exit_code.c \
    libos/exception.c \
    libos/spawn.c \
    libos/device_client.c \
    libos/storage_client.c \
    libos/stream_client.c \
    libos/text_client.c \
    libos/line_client.c \
    libos/log_client.c \
    libos/init_client.c \
    libos/init_watches.c \
    libos/manifest.c \
    libos/grant_text.c \
    libos/pci_client.c \
    libos/calendar.c \
    libos/clock_device_client.c \
    libos/tone_client.c \
    libos/keyboard_client.c \
    libos/pointer_client.c \
    libos/input_client.c \
    libos/terminal_client.c \
    libos/tasks_client.c \
    libos/vfs_attempt.c \
    libos/vfs_client.c \
    libos/vfs_path_client.c \
    libos/display_client.c \
    libos/display_driver.c \
    libos/display_mode.c \
    libos/display_pixel.c \
    libos/keymap.c \
    libos/keymap_us.c \
    libos/keymap_de.c \
    libos/keymap_accents.c \
    libos/code_page.c \
    libos/column.c \
    libos/refusals.c \
    libos/vga.c \
    libos/svga.c

# GCC would recognise strlen's loop as a strlen and call it.
flags/libos/string.c := -fno-tree-loop-distribute-patterns

# Small rather than fast: most programs have them, and their time is the servers' they ask.
$(foreach source,$(addprefix libos/,vfs_client.c vfs_attempt.c vfs_path_client.c tasks_client.c terminal_client.c format.c clock.c process.c),$(eval flags/$(source) = $$(small_flags) -Wno-nonnull))
