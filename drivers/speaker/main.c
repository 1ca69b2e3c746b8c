/* d\speaker: tones from the PC's speaker, one after the other. Its protocol stands in ternion/tone.h. */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/syscall.h>

#include "queue.h"
#include "speaker.h"

#define NAME "sounds\\speaker\\0"
#define DESCRIPTION "the PC's speaker: one voice"

MANIFEST(
    .role = ROLE_PLATFORM,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_SPEAKER,
    .ports = { { 0x61, 0x61 } },
);

/* ---- The protocol of tones ---- */

static status_t play(struct server_call *call, const struct tone_call_play *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    if (request->ms > TONE_MS_MAX
        || (request->hertz != 0 && (request->hertz < TONE_HERTZ_MIN || request->hertz > TONE_HERTZ_MAX))) {
        return BAD_ARGUMENT;
    }
    return queue_add(call, request);
}

static status_t stop(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    queue_stop();
    return OK;
}

PROTOCOL_SERVER(tone_call, TONE_PROTOCOL, .play = play, .stop = stop)

/* ---- The protocol of all devices ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    if (request->number != 0) {
        return ABSENT;
    }
    reply->type = DEVICE_TONE;
    server_give_string(call, DESCRIPTION, sizeof DESCRIPTION - 1);
    return OK;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = stop)

static struct server server = SERVER(&tone_call_protocol, &device_call_protocol);

/* ---- Start and loop ---- */

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        queue_forget(event->id);
        break;
    case EVENT_SAVE_STATE:
        queue_stop();
        (void)state_saved();
        break;
    }
}

int main(void)
{
    device_id_t device;

    if (!speaker_open()) {
        log_print(LOG_INFORMATION, "there is no speaker at port 61h");
        process_exit(ABSENT);
    }
    MUST(device_register(NAME, sizeof NAME - 1, DEVICE_TONE, 0, &device));
    for (;;) {
        struct event event;

        /* Not server_wait: what is served may change the deadline. */
        if (event_wait(&event, queue_deadline()) == OK && !server_serve(&server, &event)) {
            take(&event);
        }
        queue_go_on();
    }
}
