# One host test a name: host_tests += NAME, NAME_sources := tests/host/NAME.c and the sources it tests,
# NAME_flags := what it needs beyond host_flags.
host_test := tests/host/test.c tests/host/panic.c

# The user library's portable parts.
libos_flags := -Ilibos/include -Ilibos/i386/include -iquote libos

host_tests += locks
locks_sources := tests/host/locks.c $(host_test) $(addprefix libos/,lock.c condition.c semaphore.c once.c)
locks_flags := $(libos_flags) -pthread

host_tests += server_exchange
server_exchange_sources := tests/host/server_exchange.c $(host_test) libos/server_exchange.c
server_exchange_flags := $(libos_flags)

# The supervisor's policy.
policy_flags := $(libos_flags) -iquote .
policy_parts := $(addprefix drivers/init/,words.c rule.c policy.c) libos/grant_text.c libos/format.c

host_tests += ranges
ranges_sources := tests/host/ranges.c $(host_test) drivers/init/ranges.c
ranges_flags := $(policy_flags)

host_tests += grant
grant_sources := tests/host/grant.c $(host_test) drivers/init/grant.c drivers/init/ranges.c
grant_flags := $(policy_flags)

host_tests += policy
policy_sources := tests/host/policy.c $(host_test) $(policy_parts)

host_tests += device_client
device_client_sources := tests/host/device_client.c $(host_test) libos/device_client.c
device_client_flags := $(libos_flags)

host_tests += block_clients
block_clients_sources := tests/host/block_clients.c $(host_test) $(addprefix libos/,storage_client.c stream_client.c)
block_clients_flags := $(libos_flags)

host_tests += display_client
display_client_sources := tests/host/display_client.c $(host_test) $(addprefix libos/,display_client.c display_driver.c display_mode.c)
display_client_flags := $(libos_flags) -include tests/host/display_words.h

host_tests += pixels
pixels_sources := tests/host/pixels.c $(host_test) libos/display_mode.c libos/display_pixel.c
pixels_flags := $(libos_flags)

host_tests += pictures
pictures_sources := tests/host/pictures.c $(host_test) libos/display_pixel.c apps/modes/card.c apps/picture/scale.c apps/picture/dither.c
pictures_flags := $(libos_flags) -iquote apps/modes -iquote apps/picture

host_tests += diff_rows
diff_rows_sources := tests/host/diff_rows.c $(host_test) apps/text/diff_compare.c
diff_rows_flags := $(libos_flags) -iquote .

host_tests += ram_disk
ram_disk_sources := tests/host/ram_disk.c $(host_test) drivers/virtual/ram_disk.c
ram_disk_flags := $(libos_flags) -iquote drivers/virtual

# The task manager without its kernel.
host_tests += sessions
sessions_sources := tests/host/sessions.c $(host_test) $(addprefix servers/tasks/,persons.c session.c table.c tree.c) libos/init_watches.c
sessions_flags := $(libos_flags) -iquote servers/tasks

# The portable parts of drivers.
terminal := $(addprefix drivers/console/,terminal.c sequences.c cursor.c cells.c style.c) tests/host/terminal_screen.c

host_tests += console_terminal
console_terminal_sources := tests/host/terminal.c $(terminal) $(host_test)
console_terminal_flags := $(libos_flags) -iquote .

host_tests += terminal_sequences
terminal_sequences_sources := tests/host/terminal_sequences.c $(terminal) $(host_test)
terminal_sequences_flags := $(console_terminal_flags)

host_tests += text_lending
text_lending_sources := $(addprefix tests/host/,text_lending.c text_return.c text_console.c text_adapter.c) $(host_test) $(addprefix libos/,vga.c svga.c refusals.c) \
                        $(addprefix drivers/console/,terminal.c sequences.c cursor.c cells.c style.c screen.c rom_font.c text_mode.c lending.c)
text_lending_flags := $(console_terminal_flags)

terminal_server := $(addprefix servers/terminal/,discipline.c typed.c output.c utf8.c glyphs.c) libos/column.c libos/code_page.c

host_tests += line_discipline
line_discipline_sources := tests/host/line_discipline.c tests/host/shown.c $(terminal_server) $(terminal) $(host_test)
line_discipline_flags := $(console_terminal_flags)

host_tests += terminal_foreground
terminal_foreground_sources := tests/host/terminal_foreground.c $(addprefix servers/terminal/,foreground.c modes.c) $(terminal_server) $(host_test)
terminal_foreground_flags := $(libos_flags) -iquote .

host_tests += terminal_text
terminal_text_sources := tests/host/terminal_text.c tests/host/shown.c $(terminal_server) $(addprefix servers/terminal/,keys.c) libos/format.c $(terminal) $(host_test)
terminal_text_flags := $(console_terminal_flags)

serial_world := $(addprefix drivers/serial/,serial_line.c queue.c uart.c) libos/column.c $(addprefix tests/host/,serial_world.c uart_model.c) $(host_test)

host_tests += serial_uart
serial_uart_sources := tests/host/serial_uart.c $(serial_world)
serial_uart_flags := $(libos_flags) -iquote .

host_tests += serial_clients
serial_clients_sources := tests/host/serial_clients.c $(serial_world)
serial_clients_flags := $(serial_uart_flags)

host_tests += manifest
manifest_sources := tests/host/manifest.c tests/host/elf_image.c $(host_test) libos/manifest.c kernel/elf.c
manifest_flags := $(libos_flags)

host_tests += pci_bus
pci_bus_sources := tests/host/pci_bus.c tests/host/pci_fake.c $(host_test) $(addprefix drivers/pci/,configuration.c function.c resource.c)
pci_bus_flags := $(libos_flags) -iquote drivers/pci

host_tests += clock_chip
clock_chip_sources := tests/host/clock_chip.c $(host_test) $(addprefix drivers/rtc/,calendar.c chip.c)
clock_chip_flags := $(libos_flags) -iquote drivers/rtc -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64

host_tests += pci_driver
pci_driver_sources := tests/host/pci_driver.c tests/host/pci_fake.c $(host_test) $(addprefix drivers/pci/,configuration.c driver.c function.c resource.c)
pci_driver_flags := $(libos_flags) -iquote drivers/pci

host_tests += init_bus
init_bus_sources := tests/host/init_bus.c $(host_test) drivers/init/bus.c
init_bus_flags := $(libos_flags) -iquote drivers/init

host_tests += input_server
input_server_sources := tests/host/input_server.c $(host_test) $(addprefix servers/input/,clients.c event_queue.c typing.c) \
                        $(addprefix libos/,keymap.c keymap_us.c keymap_de.c keymap_accents.c code_page.c)
input_server_flags := $(libos_flags) -iquote servers/input

# d\vesa but for requests, the bus and the BIOS itself.
vesa_host_flags := $(libos_flags) -Ivm86/include -iquote drivers/vesa
vesa_world := tests/host/vesa_world.c $(host_test) $(addprefix libos/,format.c vga.c svga.c) \
              $(addprefix drivers/vesa/,vbe.c refused.c edid.c mode.c modes.c adapter.c planes.c banks.c shadow.c panic_text.c retrace.c screen.c)

host_tests += vesa_blocks
vesa_blocks_sources := tests/host/vesa_blocks.c $(host_test) $(addprefix drivers/vesa/,edid.c mode.c planes.c)
vesa_blocks_flags := $(vesa_host_flags)

host_tests += vesa_retrace
vesa_retrace_sources := tests/host/vesa_retrace.c $(host_test) drivers/vesa/retrace.c
vesa_retrace_flags := $(vesa_host_flags)

host_tests += vesa_screen
vesa_screen_sources := $(addprefix tests/host/,vesa_screen.c vesa_driver.c vesa_modes.c vesa_linear.c vesa_banks.c vesa_colours.c vesa_failures.c vesa_text.c vesa_service.c) \
                       drivers/vesa/service.c $(vesa_world)
vesa_screen_flags := $(vesa_host_flags)

host_tests += port_map
port_map_sources := $(addprefix tests/host/,port_map.c physical_memory.c) $(addprefix kernel/,access.c frame.c i386/port_map.c) $(host_test)

host_tests += frame
frame_sources := tests/host/frame.c $(host_test) kernel/frame.c

host_tests += heap
heap_sources := tests/host/heap.c $(host_test) tests/host/physical_memory.c kernel/heap.c kernel/frame.c

host_tests += id_table
id_table_sources := tests/host/id_table.c $(host_test) kernel/id_table.c

host_tests += arena
arena_sources := tests/host/arena.c $(addprefix tests/host/,kernel_frames.c kernel_heap.c kernel_window.c) $(host_test) kernel/arena.c

host_tests += random
random_sources := tests/host/random.c $(host_test) kernel/random.c

host_tests += account
account_sources := tests/host/account.c $(host_test) kernel/account.c

host_tests += deadline
deadline_sources := tests/host/deadline.c $(host_test) kernel/deadline.c

host_tests += log_ring
log_ring_sources := tests/host/log_ring.c tests/host/log_ring_check.c $(host_test) kernel/log_ring.c

host_tests += format
format_sources := tests/host/format.c $(host_test) kernel/format.c

host_tests += options
options_sources := tests/host/options.c $(host_test) kernel/options.c

host_tests += name
name_sources := tests/host/name.c $(host_test) kernel/name.c

host_tests += boot_memory
boot_memory_sources := tests/host/boot_memory.c $(host_test) kernel/boot_memory.c

host_tests += elf
elf_sources := tests/host/elf.c tests/host/elf_image.c $(host_test) kernel/elf.c

host_tests += access
access_sources := tests/host/access.c $(host_test) kernel/access.c

host_tests += manifest_find
manifest_find_sources := $(addprefix tests/host/,manifest_find.c manifest_notes.c) $(host_test) kernel/manifest.c kernel/access.c

# d\ps2 but for ports and requests.
ps2_host_flags := $(libos_flags) -iquote drivers/ps2

host_tests += scancode
scancode_sources := tests/host/scancode.c $(host_test) $(addprefix drivers/ps2/,scancode.c scancode_tables.c)
scancode_flags := $(ps2_host_flags)

host_tests += packet
packet_sources := tests/host/packet.c $(host_test) $(addprefix drivers/ps2/,packet.c pointer_queue.c key_queue.c)
packet_flags := $(ps2_host_flags)

host_tests += ps2_devices
ps2_devices_sources := $(addprefix tests/host/,ps2_devices.c ps2_device.c) $(host_test) libos/format.c \
    $(addprefix drivers/ps2/,peripheral.c conversation.c keyboard.c scancode.c scancode_tables.c key_queue.c mouse.c packet.c pointer_queue.c)
ps2_devices_flags := $(ps2_host_flags)

host_tests += keymap
keymap_sources := tests/host/keymap.c $(host_test) \
                  $(addprefix libos/,keymap.c keymap_us.c keymap_de.c keymap_accents.c code_page.c)
keymap_flags := $(libos_flags)

# The debugger's portable parts.
debug_flags := $(libos_flags) -iquote servers/debug

host_tests += symbols
symbols_sources := tests/host/symbols.c tests/host/symbol_image.c $(host_test) servers/debug/symbols.c
symbols_flags := $(debug_flags)

host_tests += allocator
allocator_sources := tests/host/allocator.c $(host_test) libos/allocator.c
allocator_flags := $(libos_flags) -Dmalloc=os_malloc -Dcalloc=os_calloc -Drealloc=os_realloc -Dfree=os_free

host_tests += backtrace
backtrace_sources := tests/host/backtrace.c tests/host/symbol_image.c $(host_test) servers/debug/backtrace.c servers/debug/symbols.c
backtrace_flags := $(debug_flags)

host_tests += repetition
repetition_sources := tests/host/repetition.c $(host_test) servers/debug/repetition.c
repetition_flags := $(debug_flags)

# What the library for BIOS calls has for the host: the monitor, records.
vm86_flags := -Ivm86/include -iquote . -iquote vm86 $(libos_flags)
vm86_monitor_parts := $(addprefix vm86/,monitor.c monitor_interrupt.c string_io.c instruction.c)

host_tests += vm86_monitor
vm86_monitor_sources := $(addprefix tests/host/,vm86_monitor.c vm86_world.c) $(host_test) $(vm86_monitor_parts)
vm86_monitor_flags := $(vm86_flags)

host_tests += vm86_string
vm86_string_sources := $(addprefix tests/host/,vm86_string.c vm86_world.c) $(host_test) $(vm86_monitor_parts)
vm86_string_flags := $(vm86_flags)

host_tests += vm86_recording
vm86_recording_sources := $(addprefix tests/host/,vm86_recording.c vm86_world.c) $(host_test) $(vm86_monitor_parts) $(addprefix tools/bios_replay/,lines.c replay.c) \
                          $(addprefix vm86/,record_text.c recording.c) libos/format.c
vm86_recording_flags := $(vm86_flags)

# The shell: its language, its scripts beside another shell's, its editor on the screen of d\console. All but the language have the whole shell.
shell_host_flags := $(libos_flags) -iquote . -idirafter /usr/include/x86_64-linux-gnu -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
                    -Dmain=shell_main -DSHELL_SCRIPTS='"$(CURDIR)/tests/shell"'
shell_on_host := $(shell_parts) tests/host/shell/system.c libos/format.c
shell_language_parts := $(addprefix apps/shell/,memory.c stack.c utf8.c alias.c lexer.c word.c dollar.c input.c parser.c simple.c compound.c unparse.c unparse_word.c) \
                        libos/format.c

host_tests += shell_scripts
shell_scripts_sources := tests/host/shell_scripts.c tests/host/shell/console.c $(shell_on_host) $(host_test)
shell_scripts_flags := $(shell_host_flags)

host_tests += shell_editor
shell_editor_sources := tests/host/shell_editor.c $(terminal) $(shell_on_host) $(host_test)
shell_editor_flags := $(shell_host_flags)

host_tests += shell_language
shell_language_sources := tests/host/shell_language.c $(shell_language_parts) $(host_test)
shell_language_flags := $(libos_flags) -iquote .

# Fuzzers are tests of a bounded time; see fuzz.h.
fuzz_test := tests/host/fuzz.c tests/host/panic.c

fuzz_tests += fuzz_elf
fuzz_elf_sources := tests/host/fuzz_elf.c tests/host/elf_image.c $(fuzz_test) kernel/elf.c

fuzz_tests += fuzz_manifest
fuzz_manifest_sources := $(addprefix tests/host/,fuzz_manifest.c elf_image.c manifest_notes.c) $(fuzz_test) \
                         $(addprefix kernel/,access.c elf.c manifest.c)

fuzz_tests += fuzz_symbols
fuzz_symbols_sources := tests/host/fuzz_symbols.c tests/host/symbol_image.c $(fuzz_test) servers/debug/symbols.c
fuzz_symbols_flags := $(debug_flags)

fuzz_tests += fuzz_log_ring
fuzz_log_ring_sources := tests/host/fuzz_log_ring.c tests/host/log_ring_check.c $(fuzz_test) kernel/log_ring.c

fuzz_tests += fuzz_options
fuzz_options_sources := tests/host/fuzz_options.c $(fuzz_test) kernel/options.c

fuzz_tests += fuzz_policy
fuzz_policy_sources := tests/host/fuzz_policy.c $(fuzz_test) $(policy_parts) drivers/init/grant.c drivers/init/ranges.c
fuzz_policy_flags := $(policy_flags)

fuzz_tests += fuzz_list
fuzz_list_sources := tests/host/fuzz_list.c $(fuzz_test) drivers/init/list.c drivers/init/words.c libos/format.c
fuzz_list_flags := $(policy_flags)

fuzz_tests += fuzz_terminal
fuzz_terminal_sources := tests/host/fuzz_terminal.c $(terminal) $(fuzz_test)
fuzz_terminal_flags := $(console_terminal_flags)

fuzz_tests += fuzz_vesa
fuzz_vesa_sources := tests/host/fuzz_vesa.c $(fuzz_test) libos/format.c $(addprefix drivers/vesa/,vbe.c edid.c mode.c planes.c banks.c shadow.c)
fuzz_vesa_flags := $(vesa_host_flags)

fuzz_tests += fuzz_vm86
fuzz_vm86_sources := $(addprefix tests/host/,fuzz_vm86.c vm86_model.c vm86_world.c) $(fuzz_test) $(vm86_monitor_parts)
fuzz_vm86_flags := $(vm86_flags)

# The file server's file systems.
vfs_flags := $(libos_flags) -iquote .
disk_file_systems_parts := tests/host/disk_image.c $(addprefix servers/vfs/,path.c blocks.c fat.c fat_volume.c fat_entry.c fat_write.c fat_names.c fat_alias.c iso9660.c iso9660_directory.c iso9660_susp.c iso9660_record.c) libos/calendar.c

host_tests += disk_file_systems
disk_file_systems_sources := tests/host/disk_file_systems.c $(host_test) $(disk_file_systems_parts)
disk_file_systems_flags := $(vfs_flags)

host_tests += fat_cut_off
fat_cut_off_sources := tests/host/fat_cut_off.c $(host_test) $(disk_file_systems_parts)
fat_cut_off_flags := $(vfs_flags)

host_tests += rock_ridge
rock_ridge_sources := tests/host/rock_ridge.c $(host_test) $(disk_file_systems_parts)
rock_ridge_flags := $(vfs_flags)

host_tests += vfs_share
vfs_share_sources := tests/host/vfs_share.c $(host_test) servers/vfs/share.c
vfs_share_flags := $(vfs_flags)

host_tests += memory_file_system
memory_file_system_sources := tests/host/memory_file_system.c $(host_test) $(addprefix servers/vfs/,memory.c memory_contents.c path.c)
memory_file_system_flags := $(vfs_flags)

fuzz_tests += fuzz_fat
fuzz_fat_sources := tests/host/fuzz_fat.c $(fuzz_test) $(disk_file_systems_parts)
fuzz_fat_flags := $(vfs_flags)

fuzz_tests += fuzz_iso
fuzz_iso_sources := tests/host/fuzz_iso.c $(fuzz_test) $(disk_file_systems_parts)
fuzz_iso_flags := $(vfs_flags)

fuzz_tests += fuzz_shell
fuzz_shell_sources := tests/host/fuzz_shell.c $(shell_language_parts) apps/shell/pattern.c $(fuzz_test)
fuzz_shell_flags := $(libos_flags) -iquote .

host_tests += $(fuzz_tests)

# What processes say to each other, with the real kernel but for scheduler, heap and user memory.
ipc_kernel := $(addprefix kernel/,access.c account.c address_wait.c arena.c call.c clock.c deadline.c debug.c device.c dma.c event.c format.c \
              id_table.c irq.c message.c name.c pipe.c process.c random.c shared_object.c strike.c thread.c timer.c trace.c watch.c)
kernel_stubs := $(addprefix tests/host/,kernel_heap.c kernel_machine.c kernel_user_memory.c kernel_window.c privileged.c)
ipc_stubs  := tests/host/kernel_frames.c $(kernel_stubs)
ipc_model  := $(addprefix tests/host/,direct_switch.c ipc_model.c ipc_model_check.c ipc_model_queue.c ipc_calls_call.c ipc_calls_message.c \
              ipc_calls_object.c ipc_calls_process.c)

host_tests += ipc_random
ipc_random_sources := tests/host/ipc_random.c $(ipc_model) tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

host_tests += ipc
ipc_sources := tests/host/ipc.c tests/host/actor.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

host_tests += call
call_sources := tests/host/call.c tests/host/actor.c tests/host/direct_switch.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

host_tests += ready_queue
ready_queue_sources := tests/host/ready_queue.c $(host_test)

running := $(addprefix tests/host/,running.c direct_switch.c) $(ipc_stubs) $(ipc_kernel) kernel/scheduler.c $(host_test)

host_tests += scheduler
scheduler_sources := tests/host/scheduler.c $(running)

host_tests += donation
donation_sources := tests/host/donation.c $(running)

host_tests += pipe
pipe_sources := $(addprefix tests/host/,pipe.c pipe_world.c pipe_world_model.c kernel_ready.c) $(ipc_stubs) $(ipc_kernel) $(host_test)
pipe_flags   := -D_GNU_SOURCE -include tests/host/small_pipe.h

host_tests += timer
timer_sources := tests/host/timer.c tests/host/actor.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

host_tests += address_wait
address_wait_sources := tests/host/address_wait.c tests/host/actor.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

# What drivers have: lines, devices, DMA memory, ports.
host_tests += irq
irq_sources := tests/host/irq.c tests/host/actor.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

# The tracer's decoder.
host_tests += trace_decode
trace_decode_sources := tests/host/trace_decode.c $(host_test) $(addprefix apps/trace/,decode.c call.c value.c line.c summary.c) \
    $(addprefix libos/,format.c exception.c exit_code.c) $(build)/generated/libos/syscall_table.c
trace_decode_flags := $(libos_flags) -iquote apps/trace

host_tests += device
device_sources := tests/host/device.c tests/host/actor.c tests/host/kernel_ready.c $(ipc_stubs) $(ipc_kernel) $(host_test)

host_tests += dma
dma_sources := $(addprefix tests/host/,dma.c actor.c kernel_ready.c physical_memory.c) kernel/frame.c $(kernel_stubs) $(ipc_kernel) $(host_test)

# The C library's portable parts. asm/errno.h of 64-bit Linux serves for 32 bits too, and comes without a multilib compiler.
host_tests += c_library
c_library_sources := tests/host/c_library.c tests/host/c_library_files.c $(host_test) \
                     $(addprefix libc/,status_errno.c path.c start_block.c position.c file.c descriptor.c) libos/lock.c libos/calendar.c
c_library_flags := $(libos_flags) -iquote . -D_GNU_SOURCE -idirafter /usr/include/x86_64-linux-gnu

host_tests += c_library_writing
c_library_writing_sources := tests/host/c_library_writing.c $(host_test) libc/vfs_file.c libc/status_errno.c libos/lock.c
c_library_writing_flags := $(c_library_flags)

# The library of BIOS calls, but for the calls.
host_tests += bios_library
bios_library_sources := tests/host/bios_library.c $(host_test) $(addprefix vm86/,memory.c ports.c refused.c native.c timer.c services.c clock.c problem.c) libos/format.c
bios_library_flags := $(libos_flags) -iquote . -Ivm86/include

# And the calls: budgets, and what is counted.
host_tests += bios_call
bios_call_sources := tests/host/bios_call.c $(host_test) libos/format.c libos/exception.c $(build)/generated/libos/syscall_table.c \
                     $(addprefix vm86/,bios.c call.c budget.c exceptions.c world.c interrupts.c recorder.c memory.c ports.c refused.c native.c timer.c services.c clock.c problem.c \
                     monitor.c monitor_interrupt.c string_io.c instruction.c)
bios_call_flags := $(libos_flags) -iquote . -Ivm86/include
