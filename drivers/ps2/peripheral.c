#include "peripheral.h"

#define SILENCES_MAX 2U      /* then there is nothing at this port */
#define RESET_BIT STEP_BIT(0)

void peripheral_open(struct peripheral *peripheral, const struct peripheral_kind *kind, bool (*send)(uint8_t byte))
{
    *peripheral = (struct peripheral){ .kind = kind, .conversation = { .send = send } };
}

static void begin_next(struct peripheral *peripheral, nanoseconds_t now_ns)
{
    struct command command = { 0 };

    if (peripheral->running != 0 || peripheral->due == 0) {
        return;
    }
    peripheral->step = (unsigned)__builtin_ctz(peripheral->due);
    peripheral->running = STEP_BIT(peripheral->step);
    peripheral->due &= ~peripheral->running;
    peripheral->kind->command(peripheral->step, &command);
    conversation_begin(&peripheral->conversation, &command, now_ns);
}

void peripheral_ask(struct peripheral *peripheral, uint32_t steps, nanoseconds_t now_ns)
{
    /* Whatever answers where there was nothing is new. */
    peripheral->due |= peripheral->is_present ? steps : steps | (peripheral->kind->steps & ~RESET_BIT);
    begin_next(peripheral, now_ns);
}

void peripheral_begin_anew(struct peripheral *peripheral, uint32_t steps, nanoseconds_t now_ns)
{
    peripheral->kind->gone();
    peripheral->silences = 0;
    peripheral_ask(peripheral, steps, now_ns);
}

bool peripheral_has_done(const struct peripheral *peripheral, uint32_t steps)
{
    return ((peripheral->due | peripheral->running) & steps) == 0;
}

/* A device that was there and is silent is asked for everything once more, beginning with its reset; then it is given up. */
static void take_silence(struct peripheral *peripheral)
{
    if (++peripheral->silences >= SILENCES_MAX) {
        peripheral->due = 0;
        peripheral->is_present = false;
        peripheral->kind->gone();
    } else if (peripheral->is_present) {
        peripheral->due = peripheral->kind->steps;
    }
}

static void end_step(struct peripheral *peripheral, nanoseconds_t now_ns)
{
    peripheral->running = 0;
    peripheral->kind->ended(peripheral->step, &peripheral->conversation);
    if (peripheral->conversation.result == CONVERSATION_SILENT) {
        take_silence(peripheral);
    } else {
        peripheral->silences = 0;
        peripheral->is_present |= peripheral->due == 0;
    }
    begin_next(peripheral, now_ns);
}

void peripheral_hear(struct peripheral *peripheral, uint8_t byte, nanoseconds_t now_ns)
{
    switch (conversation_hear(&peripheral->conversation, byte, now_ns)) {
    case HEARD_NEWS:
        peripheral->kind->news(byte, now_ns);
        if (!peripheral->is_present && peripheral_has_done(peripheral, peripheral->kind->steps)) {
            peripheral_begin_anew(peripheral, peripheral->kind->steps & ~RESET_BIT, now_ns);
        }
        break;
    case HEARD_END:
        end_step(peripheral, now_ns);
        break;
    case HEARD_ANSWER:
        break;
    }
}

nanoseconds_t peripheral_deadline(const struct peripheral *peripheral)
{
    return conversation_deadline(&peripheral->conversation);
}

void peripheral_expire(struct peripheral *peripheral, nanoseconds_t now_ns)
{
    if (conversation_expire(&peripheral->conversation, now_ns)) {
        end_step(peripheral, now_ns);
    }
}
