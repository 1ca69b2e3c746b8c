# What connects newlib to the system: with it, and without what it replaces, it is build/libc.a.
libc_sources := \
    libc/program.c \
    libc/start.c \
    libc/start_block.c \
    libc/status_errno.c \
    libc/position.c \
    libc/shared_position.c \
    libc/file.c \
    libc/descriptor.c \
    libc/standard_files.c \
    libc/pipe_file.c \
    libc/vfs_file.c \
    libc/terminal_settings.c \
    libc/terminal_file.c \
    libc/terminals.c \
    libc/passed_file.c \
    libc/path.c \
    libc/vfs.c \
    libc/read_write.c \
    libc/vectors.c \
    libc/duplicate.c \
    libc/files.c \
    libc/path_at.c \
    libc/file_rights.c \
    libc/file_times.c \
    libc/file_systems.c \
    libc/directory.c \
    libc/tree_walk.c \
    libc/events.c \
    libc/poll.c \
    libc/children.c \
    libc/wait.c \
    libc/image.c \
    libc/spawn_request.c \
    libc/spawn_files.c \
    libc/spawn.c \
    libc/command.c \
    libc/command_stream.c \
    libc/process.c \
    libc/limits.c \
    libc/exec.c \
    libc/system_name.c \
    libc/signals.c \
    libc/time_of_day.c \
    libc/clocks.c \
    libc/thread.c \
    libc/thread_attributes.c \
    libc/thread_sharing.c \
    libc/thread_keys.c \
    libc/mutex.c \
    libc/rwlock.c \
    libc/semaphores.c \
    libc/newlib_locks.c \
    libc/stream_locks.c \
    libc/newlib_memory.c \
    libc/newlib_mended.c \
    libc/newlib_rest.c

# Small rather than fast: every program has a part of it, and what takes time is done by servers, in memory functions, or by newlib.
$(foreach source,$(libc_sources),$(eval flags/$(source) = $$(small_flags)))
# Nearly all of it is in every program that reads and writes, and waits for others.
$(foreach source,$(libc_sources),$(eval flags/$(source) := -Os))
