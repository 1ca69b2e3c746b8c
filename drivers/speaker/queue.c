#include <ternion/clock.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "queue.h"
#include "speaker.h"

#define TONES_MAX 64U
#define TONES_OF_ONE_MAX 16U     /* tones that one sender can have in the queue, so that it is never one's alone */
#define LATE_NS (20 * MILLISECOND) /* later than this, a tone is not cut short to make up for it */

struct tone {
    struct pending_call call;
    uint32_t hertz;
    uint32_t ms;
};

static struct tone tones[TONES_MAX];     /* the first one is heard */
static uint32_t count;
static nanoseconds_t end_ns = FOREVER;   /* of the first one */

static uint32_t count_of(process_id_t sender)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < count; i++) {
        found += tones[i].call.sender == sender;
    }
    return found;
}

/* Lets the first tone be heard from start_ns on, or nothing if there is none. */
static void begin(nanoseconds_t start_ns)
{
    speaker_sound(count == 0 ? 0 : tones[0].hertz);
    end_ns = count == 0 ? FOREVER : start_ns + tones[0].ms * MILLISECOND;
}

static void take_out(uint32_t index)
{
    process_id_t sender = tones[index].call.sender;

    count--;
    memmove(&tones[index], &tones[index + 1], (count - index) * sizeof tones[0]);
    if (count_of(sender) == 0) {
        (void)process_unwatch(sender);           /* NOT_FOUND: it waits for nothing, or has ended */
    }
}

status_t queue_add(const struct server_call *call, const struct tone_call_play *tone)
{
    struct pending_call pending;

    if (count == TONES_MAX || count_of(call->sender) == TONES_OF_ONE_MAX) {
        return NO_MEMORY;
    }
    status_t watched = process_watch(call->sender);
    if (watched != OK && watched != EXISTS && watched != BAD_ID) {
        return watched;
    }
    status_t later = server_answer_later(call, &pending);
    if (watched == BAD_ID && pending.id != 0) {
        return later;                            /* who wanted to wait for it has ended meanwhile */
    }
    tones[count++] = (struct tone){ pending, tone->hertz, tone->ms };
    if (count == 1) {
        begin(clock_now());
    }
    return later;
}

nanoseconds_t queue_deadline(void)
{
    return end_ns;
}

void queue_go_on(void)
{
    while (clock_now() >= end_ns) {
        nanoseconds_t late_ns = clock_now() - end_ns;
        nanoseconds_t start_ns = late_ns < LATE_NS ? end_ns : end_ns + late_ns;
        struct pending_call call = tones[0].call;

        take_out(0);
        begin(start_ns);
        (void)tone_call_play_answer(&call, OK, NULL);
    }
}

void queue_stop(void)
{
    while (count != 0) {
        struct pending_call call = tones[count - 1].call;

        take_out(count - 1);
        server_drop(&call);
    }
    begin(0);
}

void queue_forget(process_id_t sender)
{
    bool was_heard = false;

    for (uint32_t i = count; i-- > 0;) {
        if (tones[i].call.sender == sender && tones[i].call.id != 0) {
            was_heard = was_heard || i == 0;
            take_out(i);
        }
    }
    if (was_heard) {
        begin(clock_now());
    }
}
