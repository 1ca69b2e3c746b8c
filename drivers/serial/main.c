/*
 * d\serial: text on the first serial line. Its protocol stands in ternion/text_output.h.
 *
 * Texts wait in a queue while the UART sends; a writer gets its answer when the
 * last byte of its text is in the transmitter. The transmitter's interrupt keeps it going, and a
 * deadline beside it, for an interrupt that never comes.
 *
 * It never logs about a request: a\log would send that here again.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/memory.h>
#include <ternion/message.h>
#include <ternion/syscall.h>
#include <ternion/text_output.h>

#include "uart.h"

#define REQUESTS_MAX 32U
#define INTERRUPT_LATE_NS (20 * MILLISECOND) /* a full FIFO is sent in 1.4 ms */

MANIFEST(
    .role = ROLE_LINE,
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(UART_IRQ),
    .ports = { { 0x3F8, 0x3FF } },
);

/* A text that is being sent, or waits for its turn. */
struct request {
    struct request *next;
    message_id_t id;
    uint32_t flags; /* of its event */
    uint32_t size;
    uint32_t sent;
    char text[];
};

static struct request *first;
static struct request **last_link = &first;
static unsigned request_count;
static bool present;

static status_t request_add(const struct event *event)
{
    if (!present) {
        return ABSENT;
    }
    if (event->string_size > TEXT_SIZE_MAX) {
        return TOO_BIG;
    }
    struct request *request = request_count < REQUESTS_MAX ? malloc(sizeof *request + event->string_size) : NULL;
    if (request == NULL) {
        return NO_MEMORY;
    }
    status_t status = message_string(event, request->text, event->string_size, &request->size);
    if (status != OK) {
        free(request);
        return status;
    }
    request->next = NULL;
    request->id = event->id;
    request->flags = event->flags;
    request->sent = 0;
    *last_link = request;
    last_link = &request->next;
    request_count++;
    return OK;
}

static void request_finish(void)
{
    struct request *request = first;
    struct message answer = { .words = { OK } };

    first = request->next;
    if (first == NULL) {
        last_link = &first;
    }
    request_count--;
    if (request->flags & EVENT_WANTS_REPLY) {
        (void)message_reply(request->id, &answer); /* fails if the writer died: no matter */
    }
    free(request);
}

/* Sends until the transmitter is full or nothing is left. */
static void transmit(void)
{
    while (first != NULL) {
        size_t taken = uart_transmit(first->text + first->sent, first->size - first->sent);
        first->sent += (uint32_t)taken;
        if (first->sent == first->size) {
            request_finish();
        } else if (taken == 0) {
            return;
        }
    }
}

static void serve(const struct event *event)
{
    status_t status = event->words[0] == TEXT_WRITE ? request_add(event) : BAD_ARGUMENT;

    if (status != OK) {
        message_answer(event, status);
    }
}

static void start(void)
{
    present = uart_open();
    if (!present) {
        log_print(LOG_WARNING, "no serial line at port 0x3F8: what is written to it is lost");
        return;
    }
    status_t status = irq_listen(UART_IRQ);
    log_print(LOG_INFORMATION, "COM1: %s, 115200 8N1, %s", uart_model(),
              status == OK ? "interrupt 4" : "no interrupt to be had: it will be slow");
}

int main(void)
{
    start();
    for (;;) {
        struct event event;
        status_t status = event_wait(&event, first == NULL ? FOREVER : clock_after(INTERRUPT_LATE_NS));

        if (status == OK) {
            switch (event.kind) {
            case EVENT_IRQ:
                uart_quiet();
                MUST(irq_acknowledge(UART_IRQ));
                break;
            case EVENT_MESSAGE:
                serve(&event);
                break;
            case EVENT_SAVE_STATE:
                (void)state_saved();
                break;
            }
        }
        transmit();
    }
}
