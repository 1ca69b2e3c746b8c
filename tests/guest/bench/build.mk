programs += bench bench_peer bench_driver bench_bios
bench_sources := tests/guest/bench/main.c tests/guest/bench/measure.c tests/guest/bench/operations.c \
                 tests/guest/bench/calls.c tests/guest/bench/pipes.c tests/guest/bench/ports.c tests/guest/bench/events.c tests/guest/bench/keys.c \
                 tests/guest/bench/peers.c tests/guest/bench/restart.c tests/guest/bench/bios.c tests/guest/bench/displays.c tests/guest/bench/files.c tests/guest/bench/boot.c tests/guest/bench/modules.c tests/guest/bench/i386/loop.asm tests/guest/bench/i386/copy.asm \
                 tests/guest/bench/i386/clock.asm
bench_peer_sources := tests/guest/bench/peer.c tests/guest/bench/i386/clock.asm
bench_driver_sources := tests/guest/bench/driver.c
bench_bios_sources := tests/guest/bench/mode.c
libc_programs += bench_session
bench_session_sources := tests/guest/bench/session.c
