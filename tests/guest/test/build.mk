test_frame := tests/guest/test/main.c tests/guest/test/runner.c tests/guest/test/frame.c tests/guest/test/child.c \
              tests/guest/test/image.c tests/guest/test/module_image.c tests/guest/ledger.c tests/guest/test/ledger.c \
              tests/guest/test/witness.c tests/guest/bystander/sequence.c tests/guest/bystander/i386/sequence.asm \
              tests/guest/test/files.c tests/guest/test/dice.c

programs += test
test_sources := $(test_frame) tests/guest/test/all_files.c tests/guest/test/pages.c tests/guest/test/tiny_image.c tests/guest/test/i386/raw.asm
test_sources += tests/guest/test/syscalls.c tests/guest/test/pointers.c tests/guest/test/sizes.c \
                tests/guest/test/races.c tests/guest/test/images.c tests/guest/test/identity.c \
                tests/guest/test/names.c tests/guest/test/control.c tests/guest/test/memory_map.c \
                tests/guest/test/memory.c tests/guest/test/physical.c
test_sources += tests/guest/test/stream.c tests/guest/test/transfer.c tests/guest/test/puppet.c \
                tests/guest/test/pipe_bytes.c tests/guest/test/pipe_threads.c \
                tests/guest/test/pipe_members.c tests/guest/test/pipe_events.c tests/guest/test/pipe_keys.c tests/guest/test/pipe_readers.c \
                tests/guest/test/log_lines.c tests/guest/test/shared_pages.c tests/guest/test/shared_rights.c \
                tests/guest/test/timers.c tests/guest/test/addresses.c tests/guest/test/address_locks.c \
                tests/guest/test/randomness.c tests/guest/test/object_races.c tests/guest/test/soak_pipes.c
test_sources += tests/guest/test/messages.c tests/guest/test/callers.c tests/guest/test/events.c \
                tests/guest/test/scheduling.c tests/guest/test/budget.c \
                tests/guest/test/processor.c tests/guest/test/i386/processor.asm \
                tests/guest/test/fpu.c tests/guest/test/i386/fpu.asm tests/guest/test/ports.c \
                tests/guest/test/registers.c tests/guest/test/exhaustion.c tests/guest/test/log.c
test_sources += tests/guest/test/call_state.c tests/guest/test/i386/call_state.asm tests/guest/test/peer.c \
                tests/guest/test/words.c tests/guest/test/call_ids.c tests/guest/test/call_threads.c \
                tests/guest/test/call_ends.c tests/guest/test/rings.c tests/guest/test/call_classes.c \
                tests/guest/test/call_pages.c tests/guest/test/call_pages_refused.c \
                tests/guest/test/call_processor.c tests/guest/test/call_strings.c tests/guest/test/call_answers.c \
                tests/guest/test/soak_calls.c
test_sources += tests/guest/test/echo.c tests/guest/test/protocols.c tests/guest/test/servers.c \
                tests/guest/test/asynchronous.c tests/guest/test/locks.c
test_sources += tests/guest/test/disk.c tests/guest/test/redirection.c tests/guest/test/soak_kills.c
# What is a driver's and what is said of processes: grants, devices, DMA memory, interrupts, traces, frozen processes.
test_sources += tests/guest/test/access.c tests/guest/test/partners.c \
                tests/guest/test/keylogger.c tests/guest/test/manifest_image.c tests/guest/test/manifests.c \
                tests/guest/test/devices.c tests/guest/test/dma.c tests/guest/test/interrupts.c \
                tests/guest/test/frozen.c tests/guest/test/i386/mistakes.asm \
                tests/guest/test/tracing.c tests/guest/test/port_grants.c tests/guest/test/damage.c tests/guest/test/vm86.c tests/guest/test/framebuffers.c tests/guest/test/i386/port_strings.asm
# VM86 mode and the library of BIOS calls.
test_sources += tests/guest/test/vm86_code.c tests/guest/test/i386/vm86_code.asm tests/guest/test/vm86_threads.c tests/guest/test/vm86_fpu.c \
                tests/guest/test/vm86_states.c tests/guest/test/vm86_pages.c tests/guest/test/i386/vm86_endless.asm
test_sources += tests/guest/test/real_code.c tests/guest/test/bios_services.c tests/guest/test/real_mode.c \
                tests/guest/test/real_random.c tests/guest/test/module_text.c tests/guest/test/libraries.c tests/guest/test/real_processes.c tests/guest/test/bios_driver.c
# The file server.
test_sources += tests/guest/test/vfs_files.c tests/guest/test/vfs_clients.c tests/guest/test/vfs_disks.c tests/guest/test/vfs_place.c

# The file server on disks, and dying: an image of its own, so that the other one stays small.
programs += test_files
test_files_sources := $(test_frame) tests/guest/test/disk_files.c tests/guest/test/module_spawn.c
test_files_sources += $(addprefix tests/guest/test/vfs_,place.c say_files.c say_names.c say_bytes.c say_lists.c say_reading.c \
                        everywhere.c hostile.c liars.c storms.c deaths.c trees.c)

# Small rather than fast: every test is a process of one of these images.
$(foreach source,$(filter %.c,$(test_sources) $(test_files_sources)),$(eval flags/$(source) := -Os -Wno-nonnull))
