/* The server of echo_protocol.h. */
#include "echo_protocol.h"

#include <ternion/condition.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"

#define HELD_MAX 20U
#define STACK_BYTES 8192U

static struct held {
    struct pending_call pending;
    uint32_t number;
    struct echo_middle middle;
    char string[500];
    uint32_t string_size;
    bool has_string;
} held[HELD_MAX];
static uint32_t held_count;
static uint32_t served;
static uint32_t ended;

static void invert_bytes(uint8_t *to, const uint8_t *from, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        to[i] = (uint8_t)~from[i];
    }
}

static void expect_zeroes(const void *memory, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        EXPECT(((const uint8_t *)memory)[i] == 0);
    }
}

static status_t increase(struct server_call *call, const struct echo_numbers *request, struct echo_numbers *reply)
{
    (void)call;
    __atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
    expect_zeroes(reply, sizeof *reply);
    for (uint32_t i = 0; i < COUNT(request->numbers); i++) {
        reply->numbers[i] = request->numbers[i] + 1;
    }
    return OK;
}

static status_t sender(struct server_call *call, const struct nothing *request, struct echo_numbers *reply)
{
    (void)request;
    __atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
    *reply = (struct echo_numbers){ { call->sender, call->sender_class, served } };
    return OK;
}

static status_t invert_middle(struct server_call *call, const struct echo_middle *request, struct echo_middle *reply)
{
    EXPECT(call->string_size == 0);
    served++;
    expect_zeroes(reply, sizeof *reply);
    invert_bytes(reply->bytes, request->bytes, sizeof reply->bytes);
    return OK;
}

static status_t invert_large(struct server_call *call, const struct echo_large *request, struct echo_large *reply)
{
    (void)call;
    served++;
    expect_zeroes(reply, sizeof *reply);
    invert_bytes(reply->bytes, request->bytes, sizeof reply->bytes);
    return OK;
}

static status_t sum(struct server_call *call, const struct echo_large *request, struct echo_number *reply)
{
    (void)call;
    served++;
    for (uint32_t i = 0; i < sizeof request->bytes; i++) {
        reply->number += request->bytes[i];
    }
    return OK;
}

static status_t fill(struct server_call *call, const struct echo_number *request, struct echo_large *reply)
{
    (void)call;
    served++;
    memset(reply->bytes, (int)request->number, sizeof reply->bytes);
    return OK;
}

/* The number says how many bytes more, or, as a negative one, fewer go back than came. */
static status_t invert(struct server_call *call, const struct echo_number *request, struct echo_number *reply)
{
    served++;
    EXPECT(call->string_size <= ECHO_STRING_MAX);
    invert_bytes(call->buffer, call->string, call->string_size);
    server_give_string(call, call->buffer, call->string_size + request->number);
    reply->number = call->string_size;
    return OK;
}

/* A string of an odd size is sent from the server's own memory, not from where libos has room for it. */
static status_t invert_both(struct server_call *call, const struct echo_middle *request, struct echo_middle *reply)
{
    static uint8_t own[ECHO_STRING_MAX];
    uint8_t *back = call->string_size % 2 == 0 ? call->buffer : own;

    served++;
    EXPECT(call->string_size <= ECHO_STRING_MAX);
    expect_zeroes(reply, sizeof *reply);
    invert_bytes(reply->bytes, request->bytes, sizeof reply->bytes);
    invert_bytes(back, call->string, call->string_size);
    server_give_string(call, back, call->string_size);
    return OK;
}

static status_t invert_pages(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    void *pages;
    (void)request;
    (void)reply;

    served++;
    EXPECT(call->page_count != 0 && call->page_count <= ECHO_PAGES_MAX);
    EXPECT_OK(server_take_pages(call, &pages));
    invert_bytes(pages, pages, call->page_count * PAGE_SIZE);
    server_give_pages(call, pages, call->page_count, PAGES_GIVE);
    return OK;
}

static status_t refuse(struct server_call *call, const struct echo_number *request, struct echo_large *reply)
{
    (void)call;
    served++;
    memset(reply->bytes, 0x55, sizeof reply->bytes);
    return (status_t)request->number;
}

static status_t hold(struct server_call *call, const struct echo_number *request, struct echo_number *reply)
{
    (void)reply;
    served++;
    if (held_count == HELD_MAX) {
        return NO_MEMORY;
    }
    held[held_count].has_string = false;
    held[held_count].number = request->number;
    return server_answer_later(call, &held[held_count++].pending);
}

static status_t hold_string(struct server_call *call, const struct echo_middle *request, struct echo_middle *reply)
{
    struct held *place = &held[held_count];
    (void)reply;

    served++;
    if (held_count == HELD_MAX) {
        return NO_MEMORY;
    }
    held_count++;
    place->has_string = true;
    place->middle = *request;
    memcpy(place->string, call->string, call->string_size);
    place->string_size = call->string_size;
    return server_answer_later(call, &place->pending);
}

static void release_one(const struct held *one)
{
    struct echo_number answer = { one->number };
    struct payload payload = { .string = one->string, .string_size = one->string_size };

    if (one->has_string) {
        (void)echo_hold_string_answer(&one->pending, OK, &one->middle, &payload);
    } else {
        (void)echo_hold_answer(&one->pending, OK, &answer);
    }
}

static status_t release(struct server_call *call, const struct nothing *request, struct echo_number *reply)
{
    (void)call;
    (void)request;
    served++;
    reply->number = held_count;
    while (held_count != 0) {
        release_one(&held[--held_count]);
    }
    return OK;
}

static status_t drop(struct server_call *call, const struct nothing *request, struct echo_number *reply)
{
    (void)call;
    (void)request;
    served++;
    reply->number = held_count;
    while (held_count != 0) {
        server_drop(&held[--held_count].pending);
    }
    return OK;
}

static status_t die(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)call;
    (void)request;
    (void)reply;
    process_exit(7);
}

static status_t meet(struct server_call *call, const struct echo_number *request, struct echo_number *reply)
{
    static struct lock lock;
    static struct condition arrival;
    static uint32_t present;
    nanoseconds_t deadline_ns = clock_after(5 * SECOND);
    status_t status = OK;
    (void)call;

    lock_acquire(&lock);
    present++;
    condition_broadcast(&arrival);
    while (present < request->number && status == OK) {
        status = condition_wait_before(&arrival, &lock, deadline_ns);
    }
    lock_release(&lock);
    *reply = *request;
    return status;
}

static status_t watch(struct server_call *call, const struct echo_number *request, struct echo_number *reply)
{
    (void)call;
    reply->number = ended;
    return request->number == 0 ? OK : process_watch(request->number);
}

static status_t held_now(struct server_call *call, const struct nothing *request, struct echo_number *reply)
{
    (void)call;
    (void)request;
    reply->number = held_count;
    return OK;
}

PROTOCOL_SERVER(echo, ECHO_PROTOCOL, .increase = increase, .sender = sender, .invert_middle = invert_middle,
                .invert_large = invert_large, .sum = sum, .fill = fill, .invert = invert, .invert_pages = invert_pages,
                .refuse = refuse, .hold = hold, .release = release, .drop = drop, .die = die, .meet = meet,
                .watch = watch, .hold_string = hold_string, .held = held_now, .invert_both = invert_both)

static void take_event(const struct event *event)
{
    ended += event->kind == EVENT_PROCESS_EXITED;
}

static struct server server = { .protocols = SERVER_PROTOCOLS(&echo_protocol), .take_event = take_event };

static void take_next(enum echo_loop loop)
{
    struct event event;
    status_t status;

    if (loop == ECHO_WAITS_WITH_DEADLINE) {
        status = server_wait(&server, &event, clock_after(5 * MILLISECOND));
    } else {
        status = event_wait(&event, FOREVER);
    }
    if (status == OK && (loop == ECHO_WAITS_WITH_DEADLINE || !server_serve(&server, &event))) {
        take_event(&event);
    }
}

static void echo_server(int argc, char **argv)
{
    uint32_t threads = test_number(argv[1]);
    enum echo_loop loop = test_number(argv[2]);
    (void)argc;

    EXPECT_OK(server_start_workers(&server, threads - 1, STACK_BYTES));
    while (loop != ECHO_RUNS) {
        take_next(loop);
    }
    server_run(&server);
}

static process_id_t start(uint32_t threads, enum echo_loop loop)
{
    process_id_t echo;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "echo_server", &echo, test_digits(threads).text, test_digits(loop).text, NULL));
    return echo;
}

process_id_t echo_start(uint32_t threads)
{
    return start(threads, ECHO_RUNS);
}

process_id_t echo_start_looping(enum echo_loop loop)
{
    return start(1, loop);
}

void echo_end(process_id_t echo)
{
    EXPECT_STATUS(PEER_DIED, echo_die(echo, NULL, NULL));
    EXPECT_EQUAL(7, test_wait_exit(echo));
}

uint32_t echo_served(process_id_t echo)
{
    struct echo_numbers reply = { 0 };

    EXPECT_OK(echo_sender(echo, NULL, &reply));
    return reply.numbers[2];
}

const struct test echo_tests[] = { };
const uint32_t echo_test_count = COUNT(echo_tests);
const struct role echo_roles[] = {
    ROLE(echo_server),
};
const uint32_t echo_role_count = COUNT(echo_roles);
