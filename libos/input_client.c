#include <ternion/clock.h>
#include <ternion/input.h>
#include <ternion/process.h>

#define SERVER_NAME "s\\input"
#define PATIENCE_NS (5 * SECOND)
#define PAUSE_NS (10 * MILLISECOND)

/* Whether a status says that s\input has ended, or knows nothing of us: it was started again. */
static bool is_gone(status_t status)
{
    return status == BAD_ID || status == PEER_DIED || status == NOT_FOUND;
}

static status_t attach(struct input *input, nanoseconds_t deadline_ns)
{
    struct input_attach request = { input->since_ns, input->wants };

    for (;;) {
        process_id_t server;
        status_t status = name_wait(SERVER_NAME, deadline_ns, &server);

        if (status == OK) {
            status = input_call_attach(server, &request, NULL);
        }
        if (status == OK) {
            input->server = server;
        }
        if (!is_gone(status)) {
            return status;
        }
        clock_sleep(PAUSE_NS);   /* its name may stay for a moment */
    }
}

status_t input_open(struct input *input, uint32_t wants, nanoseconds_t deadline_ns)
{
    *input = (struct input){ .patience_ns = PATIENCE_NS, .since_ns = clock_now(), .wants = wants };
    return attach(input, deadline_ns);
}

/* s\input was started again: what was held may have been released meanwhile. That is told now, not with the next key. */
static status_t come_back(struct input *input, struct input_events *events_out)
{
    status_t status = attach(input, clock_after(input->patience_ns));

    if (status == OK) {
        *events_out = (struct input_events){ .lost = 1 };
    }
    return status;
}

status_t input_read(struct input *input, struct input_events *events_out)
{
    struct input_events events;

    if (input->server == 0) {
        return come_back(input, events_out);
    }
    status_t status = input_call_read(input->server, NULL, &events);
    if (is_gone(status)) {
        input->server = 0;
        return come_back(input, events_out);
    }
    if (status != OK || events.count > INPUT_EVENTS_MAX) {
        return status == OK ? BAD_SIZE : status;
    }
    *events_out = events;
    return OK;
}

void input_close(struct input *input)
{
    if (input->server != 0) {
        (void)input_call_detach(input->server, NULL, NULL);   /* if it has ended it does not know us any more */
        input->server = 0;
    }
}
