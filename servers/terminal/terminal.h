/*
 * A terminal: who owns it, what is typed at it, what is to be written to it, and who waits for either. Requests of all kinds stand
 * in one list until they can be answered; terminal_work answers those that can be.
 *
 * The lock protects all terminals; nobody waits for anything while he holds it.
 */
#pragma once

#include <ternion/condition.h>
#include <ternion/server.h>

#include "discipline.h"
#include "foreground.h"
#include "hardware.h"

#define REQUESTS_MAX 64U
#define REQUESTS_OF_OWNER_MAX 60U    /* the rest is for claims, which others are to keep nobody from */
#define REQUESTS_WITH_KEY_MAX 52U
#define READERS_MAX 36U              /* of these: who waits for the foreground is to keep nobody from writing */
#define NOTICES_MAX 16U
#define SET_ASIDE_MAX 8U

enum request_kind {
    REQUEST_CLAIM,
    REQUEST_WRITE,
    REQUEST_READ,
    REQUEST_MODE,
    REQUEST_SIZE,
    REQUEST_AWAIT_KEY,
    REQUEST_UNREAD,
    REQUEST_STATE,
    REQUEST_NOTIFY,
    REQUEST_FOREGROUND,
    REQUEST_KINDS,
};

struct request {
    enum request_kind kind;
    struct pending_call call;
    nanoseconds_t since_ns;
    uint32_t key[2];
    uint32_t size;               /* WRITE, READ, FOREGROUND: bytes; MODE: the mode; CLAIM: 1: the foreground will be named */
    uint32_t milliseconds;       /* READ */
    bool stands_back;            /* it waits for the foreground: those behind it need not wait for it */
};

/* Whether there is something to write to. */
enum presence { PRESENCE_UNKNOWN, PRESENT, NOT_PRESENT };

/* A mode that does not count now: who has set it is not in the foreground. */
struct set_aside {
    process_id_t process;
    uint32_t mode;
};

struct terminal {
    const char *name;            /* constant, as the next three */
    const char *owner_name;
    uint32_t number;
    const struct hardware *hardware;

    enum presence presence;
    uint32_t columns, rows;
    process_id_t owner;          /* 0: it has ended, or there was none yet */
    bool is_claimed;             /* since the start: there is a key */
    uint32_t key[2];
    struct foregrounds foregrounds;
    uint32_t keys_seen;          /* of discipline.keys: with each the foreground goes back */
    process_id_t mode_setter;    /* with whom the mode ends; 0: nobody */
    struct set_aside aside[SET_ASIDE_MAX];       /* oldest first */
    uint32_t aside_count;
    struct discipline discipline;
    struct output output;
    struct condition output_changed;
    struct condition room_made;  /* for what is typed */
    bool nobody_reads;           /* there was no room, and none was made for long */
    struct request requests[REQUESTS_MAX];
    uint32_t request_count;
    process_id_t notices[NOTICES_MAX];   /* who is to be told when a read would not wait */
    uint32_t notice_count;
};

extern struct lock terminals_lock;

/* ---- Called without the lock ---- */

/* A request. Statuses: NO_MEMORY: too many wait; else what server_answer_later says. */
[[nodiscard]] status_t terminal_take(struct terminal *terminal, struct server_call *call, struct request *request);

/* Bytes were typed. Waits while there is no room for them and somebody may read, so that the device holds up who sends them. */
void terminal_type(struct terminal *terminal, const uint8_t *bytes, uint32_t size);

/* Whether there is hardware to write to, and how much of text fits. What waits to be written is dropped where there is none. */
void terminal_set_presence(struct terminal *terminal, enum presence presence, uint32_t columns, uint32_t rows);

/* The next text to write, at most `most` bytes; waits until there is some. terminal_wrote: it is written. */
uint32_t terminal_await_text(struct terminal *terminal, uint8_t *text, uint32_t most);
void terminal_wrote(struct terminal *terminal, uint32_t size);

/* A process has ended. */
void terminal_process_ended(struct terminal *terminal, process_id_t process);

/* Answers those whose time is up. Returns when to call it again at the latest. */
nanoseconds_t terminal_look(struct terminal *terminal);
