/*
 * What d\bench spawns: without an argument the least that a process can be, which ends at once; else what
 * its argument says.
 */
#include <ternion/call.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "peer.h"

/* ---- Servers ---- */

static void answer_words(void)
{
    struct words words = { { 0 } };
    struct event event;
    message_id_t call = 0;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
    }
}

static void answer_with_ports(void)
{
    struct words words = { { 0 } };
    struct event event;
    message_id_t call = 0;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        (void)port_read8(PEER_PORT);
    }
}

/* Waits for a call, of any kind, and answers none before. */
static void wait_for_call(struct event *event_out)
{
    do {
        MUST(event_wait(event_out, FOREVER));
    } while (event_out->kind != EVENT_MESSAGE);
}

static void answer_strings(void)
{
    static const struct message answer;
    static uint8_t string[PAGE_SIZE];
    struct event event;

    wait_for_call(&event);
    for (;;) {
        if (event.string_size > MESSAGE_INLINE_MAX) {
            MUST(message_receive(event.id, string, sizeof string));
        }
        MUST(message_reply_wait(event.id, &answer, &event, FOREVER));
    }
}

/* Gives the pages back that it is given. */
static void answer_pages(void)
{
    struct message answer = { .page_flags = PAGES_GIVE };
    struct event event;
    uint32_t address;

    wait_for_call(&event);
    for (;;) {
        MUST(message_take_pages(event.id, &address));
        answer.pages = (void *)address;
        answer.page_count = event.page_count;
        MUST(message_reply_wait(event.id, &answer, &event, FOREVER));
    }
}

static void take_messages(void)
{
    struct event event;

    for (;;) {
        MUST(event_wait(&event, FOREVER));
        if ((event.flags & EVENT_WANTS_REPLY) != 0) {
            static const struct message answer;

            MUST(message_reply(event.id, &answer));
        }
    }
}

/* ---- Pipes: it is told of them by calls of words ---- */

static pipe_id_t told_of_pipe(void)
{
    static const struct message answer;
    struct event event;

    wait_for_call(&event);
    MUST(pipe_join(event.words[0], (uint64_t)event.words[2] << 32 | event.words[1]));
    MUST(message_reply(event.id, &answer));
    return event.words[0];
}

static void echo_bytes(void)
{
    pipe_id_t from = told_of_pipe();
    pipe_id_t to = told_of_pipe();
    uint32_t moved;
    char byte;

    for (;;) {
        MUST(pipe_read(from, &byte, 1, 0, &moved));
        MUST(pipe_write(to, &byte, 1, 0, &moved));
    }
}

static void drain_pipe(void)
{
    static uint8_t bytes[PIPE_SIZE];
    pipe_id_t from = told_of_pipe();
    uint32_t moved;

    for (;;) {
        MUST(pipe_read(from, bytes, sizeof bytes, 0, &moved));
    }
}

/* ---- Time ---- */

/* Of i386/clock.asm. */
_Noreturn void time_leave(volatile uint32_t *place);

/* Leaves the time stamp counter in shared memory, again and again: who interrupts it finds there when. */
static void leave_time(void)
{
    static const struct message answer;
    struct event event;
    uint32_t address, pages;

    wait_for_call(&event);
    MUST(shared_join(event.words[0], (uint64_t)event.words[2] << 32 | event.words[1], 0, &address, &pages));
    MUST(message_reply(event.id, &answer));
    time_leave((volatile uint32_t *)address);
}

static void wait_idly(void)
{
    struct event event;

    for (;;) {
        MUST(event_wait(&event, FOREVER));
    }
}

static const struct role {
    const char *name;
    void (*play)(void);
} roles[] = {
    { PEER_WORDS, answer_words },
    { PEER_PORTS, answer_with_ports },
    { PEER_STRINGS, answer_strings },
    { PEER_PAGES, answer_pages },
    { PEER_MESSAGES, take_messages },
    { PEER_ECHO, echo_bytes },
    { PEER_DRAIN, drain_pipe },
    { PEER_TIME, leave_time },
    { PEER_IDLE, wait_idly },
};

int main(int argc, char **argv)
{
    for (uint32_t i = 0; argc > 1 && i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(argv[1], roles[i].name) == 0) {
            roles[i].play();
        }
    }
    return 0;
}
