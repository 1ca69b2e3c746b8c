/*
 * What people do with keyboards and pointers: the protocol of s\input, and its client. s\input reads all devices of those types, makes
 * one keyboard and one pointer of them, and says what keys type (keymap.h).
 *
 * Who gets it: the process that attached last, of those that want this kind of event; when it detaches or ends, the one that attached
 * before it. A process is attached once; attaching again makes it the last. Where the focus leaves a process, keys and buttons that it
 * knows as held are released for it; keys that were pressed before it came are none of its business until they are pressed again.
 *
 *     struct input input;
 *     struct input_events events;
 *
 *     MUST(input_open(&input, INPUT_WANTS_KEYS, clock_after(5 * SECOND)));
 *     while (input_read(&input, &events) == OK) {
 *         for (uint32_t i = 0; i < events.count; i++) {
 *             if (events.events[i].kind == INPUT_KEY && events.events[i].key.character != 0) {
 *                 type(events.events[i].key.character);
 */
#pragma once

#include <ternion/keymap.h>
#include <ternion/pointer.h>

enum input_kind { INPUT_KEY = 1, INPUT_POINTER };

#define INPUT_WANTS_KEYS 1U
#define INPUT_WANTS_POINTER 2U

struct input_key {
    uint8_t key;               /* enum key. KEY_NONE: nothing but a character, which more than one key has made */
    uint8_t meaning;           /* the same, or what a key of the keypad stands for without Num Lock: KEY_LEFT and so on */
    uint8_t action;            /* enum key_action; of KEY_NONE: KEY_PRESSED */
    uint8_t character;         /* that is typed, in code page 437; Enter types \n; 0: nothing, or a character that is not in it */
    uint16_t modifiers;        /* MODIFIER_… */
    uint16_t symbol;           /* what the key types without Control and Alt, in Unicode; or 0. For combinations such as Alt+F */
    uint32_t unicode;          /* the character that is typed; 0: none */
};

struct input_event {
    uint32_t kind;             /* enum input_kind */
    union {
        struct input_key key;
        struct pointer_event pointer;
    };
};

#define INPUT_EVENTS_MAX 16U

struct input_events {
    uint32_t count;
    uint32_t lost;             /* events before these that nobody took in time. If it is not 0, keys and buttons count as released */
    struct input_event events[INPUT_EVENTS_MAX];
};

struct input_attach {
    nanoseconds_t since_ns;    /* when it was that the process came, since boot: s\input may have been started again meanwhile */
    uint32_t wants;            /* INPUT_WANTS_… */
};

#define INPUT_PROTOCOL(OPERATION, TRANSFER, input_call) \
    OPERATION(input_call, attach, 1, struct input_attach, struct nothing)   /* BAD_ARGUMENT; NO_MEMORY: too many */ \
    OPERATION(input_call, detach, 2, struct nothing, struct nothing)        /* NOT_FOUND: it is not attached */ \
    OPERATION(input_call, read, 3, struct nothing, struct input_events)     /* NOT_FOUND; BUSY: another thread has begun to read */
PROTOCOL_DECLARE(input_call, 0x0020, 1, INPUT_PROTOCOL)

/* The attachment of a process. One thread at a time may use it. */
struct input {
    nanoseconds_t patience_ns; /* how long input_read waits for s\input to come back; input_open: 5 s */
    nanoseconds_t since_ns;    /* its place: since boot, when it came; 0: below all others. input_open: now */
    uint32_t wants;            /* INPUT_WANTS_… */
    process_id_t server;       /* libos' own; 0: it has to attach, which input_read does, too */
};

/*
 * Attaches the process.
 *   input         filled in; input_close ends it
 *   wants         INPUT_WANTS_…
 *   deadline_ns   since boot: until then it waits for s\input to appear
 * Blocks. Statuses: TIMED_OUT; BAD_ARGUMENT, NO_MEMORY; those of protocol.h. Unless BAD_ARGUMENT, input_read tries again.
 */
[[nodiscard]] status_t input_open(struct input *input, uint32_t wants, nanoseconds_t deadline_ns);

/*
 * Takes what has happened. Blocks until there is something. If s\input is started again meanwhile, the process has its place again:
 * that is told at once, by no event and one that was lost.
 * Statuses: TIMED_OUT: s\input does not come back; BUSY: another thread reads; those of protocol.h.
 */
[[nodiscard]] status_t input_read(struct input *input, struct input_events *events_out);

/* Gives the focus back. Blocks for a moment. */
void input_close(struct input *input);
