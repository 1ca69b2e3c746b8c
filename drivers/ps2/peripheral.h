/*
 * What hangs on a port of the controller: a device that is brought into a state by steps, a command each, and then speaks by itself.
 * Steps that are due are made one after the other, those of low numbers first, while the device goes on speaking. Portable.
 */
#pragma once

#include "conversation.h"

#define STEP_BIT(step) (1U << (step))

/* What keyboards and mice differ in. */
struct peripheral_kind {
    uint32_t steps;                                            /* all of them, as bits; the first is the reset */
    void (*command)(unsigned step, struct command *command_out);
    void (*ended)(unsigned step, const struct conversation *conversation);
    void (*news)(uint8_t byte, nanoseconds_t now_ns);          /* what the device said by itself */
    void (*gone)(void);                                        /* it does not answer any more, or begins anew: nothing is held */
};

struct peripheral {
    const struct peripheral_kind *kind;
    struct conversation conversation;
    uint32_t due;            /* steps that are to be made; may be asked for anew while they are made */
    uint32_t running;        /* the one that is being made, as a bit, or 0 */
    unsigned step;           /* the same as a number */
    unsigned silences;       /* steps in a row that were answered by nothing */
    bool is_present;
};

void peripheral_open(struct peripheral *peripheral, const struct peripheral_kind *kind, bool (*send)(uint8_t byte));

/* Asks for steps; the first begins at once if nothing is being done. */
void peripheral_ask(struct peripheral *peripheral, uint32_t steps, nanoseconds_t now_ns);

/* It is in its first state again: what needs to be done? */
void peripheral_begin_anew(struct peripheral *peripheral, uint32_t steps, nanoseconds_t now_ns);

/* Whether none of these steps is due or being made. */
bool peripheral_has_done(const struct peripheral *peripheral, uint32_t steps);

/* The device said something. */
void peripheral_hear(struct peripheral *peripheral, uint8_t byte, nanoseconds_t now_ns);

/* When peripheral_expire has something to do, or FOREVER. */
nanoseconds_t peripheral_deadline(const struct peripheral *peripheral);
void peripheral_expire(struct peripheral *peripheral, nanoseconds_t now_ns);
