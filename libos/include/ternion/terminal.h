/*
 * Terminals: where a person types and reads. The protocol of s\terminal, and its client. A terminal is the text screen with the keyboard,
 * or a serial line with somebody at its other end; programs cannot tell which. Bytes are UTF-8, both ways.
 *
 * A terminal has an owner, a process that d\init watches, and whose name is in the arguments of s\terminal: `screen=a\shell`. The owner
 * claims it with a key of its own making; who has the key uses the terminal, and the owner gives it to the programs it starts. Without the
 * key there is no way to it: nobody reads what is typed at somebody else's. Who gives 16 wrong keys is not listened to any more.
 *
 * What is typed goes to who reads first of those that have the foreground: everybody, until the owner says who (terminal_foreground).
 * Reads, changes of the mode, and dropping what was typed, by others wait until they have it. In line mode, as at the start, a read gets a
 * line once it is finished: it is echoed, Backspace, Ctrl+U and Ctrl+W take back, Ctrl+D ends the input. Ctrl+C and Ctrl+Z are no input:
 * they answer terminal_await_key of who has named the foreground, and drop what was typed of the line. In raw mode every byte is input, and
 * nothing is echoed; Enter is \r, Backspace 7Fh. Keys without a character are the sequences of ECMA-48 and xterm: ESC [ A is the arrow up,
 * ESC [ 3 ~ Delete. A mode holds until another is set, or who has set it ends: then the terminal is in line mode again. It does not count
 * while who has set it is not in the foreground. What was typed in raw mode and not read is typed anew, as it were, when line mode begins.
 * docs/terminal.md has the whole of it.
 *
 * What is written is text as ternion/text.h has it; docs/terminal.md lists the sequences.
 *
 * s\terminal may die and be started again: the owner's library claims the terminal again with the same key, and the others wait for
 * that. What was typed before and not read is lost; the library of who has set a mode sets it again with its next call.
 */
#pragma once

#include <abi/types.h>
#include <ternion/protocol.h>

#define TERMINAL_NAME_MAX 15U        /* bytes: "screen", "serial" */
#define TERMINAL_READ_MAX 4096U      /* bytes in one request */
#define TERMINAL_WRITE_MAX 4096U
#define TERMINAL_GROUP_MAX 64U       /* processes that can be named for the foreground */
#define TERMINAL_FOREVER 0xFFFFFFFFU /* milliseconds */

/* Modes. 0 is line mode. */
#define TERMINAL_RAW 1U              /* see above */
#define TERMINAL_RAW_KEYS 2U         /* with TERMINAL_RAW: Ctrl+C and Ctrl+Z are no input all the same */
#define TERMINAL_NO_ECHO 4U          /* in line mode: for passwords */
#define TERMINAL_MODES 7U            /* all of them */

enum terminal_key {
    TERMINAL_INTERRUPT = 1,          /* Ctrl+C */
    TERMINAL_SUSPEND = 2,            /* Ctrl+Z */
};

/* A terminal, for those who may use it. */
struct terminal_handle {
    uint32_t number;                 /* the same for every s\terminal that is started with the same arguments */
    uint32_t key[2];                 /* the halves of an object_key_t that is not 0 */
};

struct terminal_claim_request {
    char name[TERMINAL_NAME_MAX + 1];
    uint32_t key[2];
    uint32_t names_foreground;       /* 1: nobody else has the foreground until the owner has named it */
};

struct terminal_read_request {
    struct terminal_handle terminal;
    uint32_t most;                   /* bytes, 1 to TERMINAL_READ_MAX */
    uint32_t milliseconds;           /* how long it waits for the first one; 0: not at all; TERMINAL_FOREVER */
};

struct terminal_mode_request {
    struct terminal_handle terminal;
    uint32_t mode;                   /* TERMINAL_… */
};

struct terminal_mode_reply {
    uint32_t mode;                   /* that it was in before */
};

struct terminal_size_reply {
    uint32_t columns;                /* 80 and 24 where nobody knows */
    uint32_t rows;
};

struct terminal_key_reply {
    uint32_t key;                    /* enum terminal_key */
};

struct terminal_state_reply {
    uint32_t mode;
    uint32_t is_readable;            /* 1: a read would not wait */
};

/*
 * Every operation but claim answers NOT_ALLOWED to a wrong key, ABSENT while the hardware is not there, and waits while the terminal has not
 * been claimed since s\terminal's start (NO_MEMORY: too many wait; TIMED_OUT: it was not for 5 s).
 * notify: a message of TERMINAL_NOTICE in its first word comes from s\terminal once, when a read would not wait.
 */
#define TERMINAL_PROTOCOL(OPERATION, TRANSFER, terminal_call) \
    OPERATION(terminal_call, claim, 1, struct terminal_claim_request, struct terminal_handle)       /* NOT_FOUND; NOT_ALLOWED: not the owner */ \
    TRANSFER(terminal_call, write, 2, struct terminal_handle, struct nothing, TERMINAL_WRITE_MAX, 0, 0, 0) \
    TRANSFER(terminal_call, read, 3, struct terminal_read_request, struct nothing, 0, TERMINAL_READ_MAX, 0, 0) /* NOTHING: in time; no bytes: end */ \
    OPERATION(terminal_call, mode, 4, struct terminal_mode_request, struct terminal_mode_reply)     /* BAD_ARGUMENT */ \
    OPERATION(terminal_call, size, 5, struct terminal_handle, struct terminal_size_reply) \
    OPERATION(terminal_call, await_key, 6, struct terminal_handle, struct terminal_key_reply)       /* NOT_ALLOWED; BUSY: it waits already */ \
    OPERATION(terminal_call, unread, 7, struct terminal_handle, struct nothing)                     /* drops what was typed and not read */ \
    OPERATION(terminal_call, state, 8, struct terminal_handle, struct terminal_state_reply) \
    OPERATION(terminal_call, notify, 9, struct terminal_handle, struct nothing) \
    TRANSFER(terminal_call, foreground, 10, struct terminal_handle, struct nothing, TERMINAL_GROUP_MAX * sizeof(process_id_t), 0, 0, 0)
PROTOCOL_DECLARE(terminal_call, 0x0022, 1, TERMINAL_PROTOCOL)

/* words[0] of the message that notify brings: of no operation. */
#define TERMINAL_NOTICE PROTOCOL_HEADER(terminal_call_protocol_identity, terminal_call_protocol_version, 0)

/*
 * The functions below find s\terminal by themselves, and again when it has died; they wait for that 5 s in all, then TIMED_OUT. All block. Any
 * thread may call them.
 */

/*
 * Makes the calling process the one that uses a terminal, and gives the key out. Who has claimed it already gets the same key again.
 *   name           "screen", "serial", …
 *   terminal_out   what to give to others who shall use it
 * Statuses: NOT_FOUND: s\terminal has none of that name; NOT_ALLOWED: the arguments of s\terminal name another owner; BAD_NAME; ABSENT: the
 * machine has no such hardware; NO_MEMORY: it has too many terminals; TIMED_OUT; those of protocol.h.
 */
[[nodiscard]] status_t terminal_claim(const char *name, struct terminal_handle *terminal_out);

/* Writes text, in as many requests as it takes; it is on its way to the screen or line when it comes back. Statuses: NOT_ALLOWED; ABSENT; TIMED_OUT;
 * PEER_DIED: s\terminal died: some is written, or all. */
[[nodiscard]] status_t terminal_write(const struct terminal_handle *terminal, const void *text, size_t size);

/*
 * Reads what is typed: in line mode one line, or as much of it as fits; in raw mode what there is.
 *   milliseconds   how long it waits for the first byte
 *   size_out       bytes that were read; 0: Ctrl+D, the end
 * Statuses: NOTHING: nothing came in time; BAD_ARGUMENT: size is 0; NOT_ALLOWED, ABSENT, TIMED_OUT. Who waits while s\terminal dies waits on.
 */
[[nodiscard]] status_t terminal_read(const struct terminal_handle *terminal, void *bytes, uint32_t size, uint32_t milliseconds,
                                     uint32_t *size_out);

/* Sets the mode. mode_before_out: NULL, or the mode that it was in. Statuses: BAD_ARGUMENT, NOT_ALLOWED, ABSENT, TIMED_OUT. */
[[nodiscard]] status_t terminal_mode(const struct terminal_handle *terminal, uint32_t mode, uint32_t *mode_before_out);

[[nodiscard]] status_t terminal_size(const struct terminal_handle *terminal, uint32_t *columns_out, uint32_t *rows_out);

/*
 * The next Ctrl+C or Ctrl+Z. For the owner, and for who has named a foreground below him: the innermost of these that has it, and has
 * ever awaited a key, gets it; NOT_ALLOWED: it is neither. One thread at a time: BUSY. A key that nobody awaits is kept, the last one alone, until a
 * mode is set or terminal_unread: who sets line mode, starts a program and then awaits keys misses none.
 */
[[nodiscard]] status_t terminal_await_key(const struct terminal_handle *terminal, enum terminal_key *key_out);

/*
 * Names those that have the foreground among the processes that this one has started, with all that they start: a shell names its job.
 * Whoever of them reads waits for that, so it may be named after its start. Nobody has the foreground whom one of its ancestors has not
 * named: a shell in a job has to give away what that was given. With each Ctrl+C and Ctrl+Z it goes back to who gets the key, as if he had
 * named nobody; he names his job again if that goes on. What a process of a job has left behind when it ended has the foreground no more.
 *   processes    NULL with a count of 0: this process alone
 *   count        at most TERMINAL_GROUP_MAX
 * Statuses: NO_MEMORY: too many have named somebody; TOO_BIG: too many processes; NOT_ALLOWED, ABSENT, TIMED_OUT.
 */
[[nodiscard]] status_t terminal_foreground(const struct terminal_handle *terminal, const process_id_t *processes, uint32_t count);

/* Drops what was typed and not read. */
[[nodiscard]] status_t terminal_unread(const struct terminal_handle *terminal);

/* The mode, and whether a read would not wait. Either pointer may be NULL. */
[[nodiscard]] status_t terminal_state(const struct terminal_handle *terminal, uint32_t *mode_out, bool *is_readable_out);

/*
 * Asks s\terminal for one message with words[0] == TERMINAL_NOTICE when a read would not wait; one may stand for several. If
 * s\terminal dies none comes: server_out, the process that was asked, can be watched (process_watch).
 */
[[nodiscard]] status_t terminal_notify(const struct terminal_handle *terminal, process_id_t *server_out);
