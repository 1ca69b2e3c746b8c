/*
 * Where a program of the C library meets the rest of Ternion: events, statuses, the class of what it spawns. Any thread may call
 * these.
 */
#pragma once

#include <spawn.h>
#include <stdbool.h>

#include <abi/event.h>
#include <abi/status.h>
#include <abi/types.h>
#include <ternion/terminal.h>

/*
 * waitpid, poll and select take the events of the process while they wait. Those that are not theirs go to this function, on
 * the thread that waits. Without one messages are dropped (message_discard), EVENT_SAVE_STATE is answered, and others are forgotten.
 */
typedef void libc_event_handler_t(const struct event *event);
void libc_set_event_handler(libc_event_handler_t *handler);

/*
 * For programs that take events themselves (event_wait, server_run): shows one to the C library. True: it was the library's, a
 * child that ended or a pipe that is ready, and who waits for it was woken; nobody else needs it.
 */
bool libc_event(const struct event *event);

/* The errno that stands for a status; 0 for OK. */
int status_errno(status_t status);

/* Does a descriptor lead to the log? So standard output and standard error do in a program that nobody gave others. */
bool libc_is_log(int descriptor);

/* The class of processes that posix_spawn makes with these attributes: the own one, if nothing is said. EINVAL: there is no such class. */
int posix_spawnattr_setclass_np(posix_spawnattr_t *attributes, process_class_t class);

/*
 * Claims a terminal ("screen", "serial", …), for who owns it: a descriptor for reading and writing. It is from now on the terminal of the
 * process, and of those that it spawns: /dev/tty. -1: errno: EPERM: it is another's; ENOENT: there is none of that name; ENODEV: its
 * hardware is not there; EINVAL, EMFILE, EIO: no s\terminal.
 */
int libc_terminal(const char *name);

/* What the functions of ternion/terminal.h take, for a descriptor. -1: errno: EBADF, ENOTTY. */
int libc_terminal_handle(int descriptor, struct terminal_handle *terminal_out);
