#include "serial_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/syscall.h>

#include "test.h"

#define CHARACTER_NS 86806U      /* 10 bits at 115200 baud */
#define CALL_FIRST 5000U
#define PROCESS_FIRST 1000U
#define ROUNDS_MAX 64U           /* an interrupt that is not quiet after so many is the test's failure */

struct serial_line line;
struct client clients[CLIENTS_MAX];
bool interrupts_are_lost;
static nanoseconds_t now_ns = SECOND;
static unsigned deadlines;

/* ---- What the driver sees of kernel and libos ---- */

nanoseconds_t clock_now(void)
{
    return now_ns += 1000;       /* looking takes time, so waits that are bounded end */
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return now_ns + delay_ns;
}

static struct client *client_of(message_id_t id)
{
    CHECK(id >= CALL_FIRST && id < CALL_FIRST + CLIENTS_MAX);
    return &clients[id - CALL_FIRST];
}

status_t server_answer_later(const struct server_call *call, struct pending_call *pending_out)
{
    *pending_out = (struct pending_call){ call->id, call->sender, call->sender_class };
    return STATUS_COUNT;         /* no status */
}

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status,
                       const void *reply, const struct payload *payload)
{
    struct client *client = pending->id == 0 ? NULL : client_of(pending->id);
    (void)shape;
    (void)reply;

    if (client == NULL) {
        return OK;               /* nobody waits */
    }
    if (client->is_gone) {
        return BAD_ID;
    }
    CHECK(!client->has_answer && !client->was_dropped);
    client->has_answer = true;
    client->status = status;
    if (payload != NULL) {
        CHECK(payload->string_size <= sizeof client->bytes);
        memcpy(client->bytes, payload->string, payload->string_size);
        client->size = payload->string_size;
    }
    return OK;
}

void server_drop(const struct pending_call *pending)
{
    client_of(pending->id)->was_dropped = true;
}

status_t message_receive(message_id_t id, void *string, uint32_t string_size)
{
    (void)string;
    (void)string_size;
    return client_of(id)->is_gone ? BAD_ID : OK;
}

size_t format_text(char *buffer, size_t size, const char *template, ...)
{
    va_list arguments;

    va_start(arguments, template);
    int length = vsnprintf(buffer, size, template, arguments);
    va_end(arguments);
    return (size_t)length;
}

/* ---- Clients ---- */

static struct server_call call_of(uint32_t number, const void *string, uint32_t size)
{
    CHECK(number < CLIENTS_MAX);
    memset(&clients[number], 0, sizeof clients[number]);
    return (struct server_call){
        .sender = PROCESS_FIRST + number,
        .string = string,
        .string_size = size,
        .id = CALL_FIRST + number,
    };
}

static void after_event(void)
{
    (void)serial_line_work(&line);
}

status_t client_writes(uint32_t number, const void *bytes, uint32_t size)
{
    struct server_call call = call_of(number, bytes, size);
    status_t status = serial_line_take_bytes(&line, &call, REQUEST_BYTES);

    after_event();
    return status;
}

status_t client_writes_text(uint32_t number, const char *text)
{
    struct server_call call = call_of(number, text, (uint32_t)strlen(text));
    status_t status = serial_line_take_bytes(&line, &call, REQUEST_TEXT);

    after_event();
    return status;
}

status_t client_writes_lines(uint32_t number, const char *text)
{
    struct server_call call = call_of(number, text, (uint32_t)strlen(text));
    status_t status = serial_line_take_bytes(&line, &call, REQUEST_LINE);

    after_event();
    return status;
}

status_t client_reads(uint32_t number, uint32_t most)
{
    struct server_call call = call_of(number, "", 0);
    status_t status = serial_line_take_reader(&line, &call, most);

    after_event();
    return status;
}

status_t client_configures(uint32_t number, struct line_settings settings)
{
    struct server_call call = call_of(number, "", 0);
    status_t status = serial_line_take_settings(&line, &call, &settings);

    after_event();
    return status;
}

status_t client_initialises(uint32_t number)
{
    struct server_call call = call_of(number, "", 0);
    status_t status = serial_line_take_initialise(&line, &call);

    after_event();
    return status;
}

/* ---- Time ---- */

void world_begin(enum uart_kind kind)
{
    free(line.ring);
    line = (struct serial_line){ 0 };
    uart_model_begin(kind, true);
    CHECK(serial_line_open(&line, UART_PORT));
    time_passes(1);
}

/* The event loop of main.c, for a line that is alone on its interrupt. */
static void interrupt(void)
{
    unsigned rounds = 0;

    while (serial_line_interrupts(&line)) {
        CHECK(++rounds < ROUNDS_MAX);
    }
    after_event();
}

static void character_passes(void)
{
    now_ns += CHARACTER_NS;
    uart_model_pass();
    if (uart_model_interrupts() && !interrupts_are_lost) {
        interrupt();
    }
    if (now_ns >= serial_line_deadline(&line)) {
        deadlines++;
        after_event();
    }
}

void time_passes(unsigned characters)
{
    while (characters-- > 0) {
        character_passes();
    }
}

void time_passes_until_sent(unsigned characters)
{
    while (line.queue.first != NULL || uart_model.shifts || uart_model.transmitter_count > 0) {
        CHECK(characters-- > 0);
        character_passes();
    }
}

unsigned deadlines_met(void)
{
    return deadlines;
}
