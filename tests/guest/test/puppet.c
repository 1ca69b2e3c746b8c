#include "puppet.h"

#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "stream.h"

#define ANSWERED_BEFORE 0x80000000U /* in `operation`: the order is answered before it is done */
#define FAR_NS (1000 * SECOND)

/* ---- The puppet's side ---- */

static struct {
    uint32_t number[EVENT_KIND_COUNT];
    uint32_t last_count[EVENT_KIND_COUNT];
} seen;

static struct {
    uint32_t address;
    uint32_t pages;
} taken;

static struct outcome last;

static struct outcome read_pipe(const struct order *order)
{
    struct outcome outcome;

    outcome.status = pipe_read(order->id, stream_room, order->size, order->flags, &outcome.value);
    stream_expect(stream_room, order->position, outcome.value);
    return outcome;
}

static struct outcome write_pipe(const struct order *order)
{
    struct outcome outcome;

    outcome.status = pipe_write(order->id, stream_at(order->position), order->size, order->flags, &outcome.value);
    return outcome;
}

static struct outcome tell_events(uint32_t kind)
{
    struct outcome outcome = { OK, seen.number[kind], seen.last_count[kind] };

    seen.number[kind] = 0;
    seen.last_count[kind] = 0;
    return outcome;
}

static struct outcome obey_pipe(const struct order *order)
{
    struct outcome outcome = { OK, 0, 0 };

    switch (order->operation) {
    case PUPPET_PIPE_JOIN:
        outcome.status = pipe_join(order->id, order->key);
        break;
    case PUPPET_PIPE_LEAVE:
        outcome.status = pipe_leave(order->id);
        break;
    case PUPPET_PIPE_READ:
        return read_pipe(order);
    case PUPPET_PIPE_WRITE:
        return write_pipe(order);
    case PUPPET_PIPE_NOTIFY:
        outcome.status = pipe_notify(order->id, order->flags);
        break;
    case PUPPET_PIPE_STATE:
        outcome.status = pipe_state(order->id, &outcome.value, &outcome.second);
        break;
    default:
        EXPECT_NOT("an order that no puppet knows: %u", order->operation);
    }
    return outcome;
}

static status_t hand_pages(const struct order *order)
{
    struct message message = { .pages = (void *)order->address, .page_count = order->size, .page_flags = order->flags };
    struct reply reply = { 0 };
    status_t status = message_call(order->id, &message, &reply);

    return status == OK ? (status_t)reply.words[0] : status;
}

static struct outcome obey_memory(const struct order *order)
{
    struct outcome outcome = { OK, 0, 0 };

    switch (order->operation) {
    case PUPPET_SHARED_JOIN:
        outcome.status = shared_join(order->id, order->key, order->flags, &outcome.value, &outcome.second);
        break;
    case PUPPET_SHARED_LEAVE:
        outcome.status = shared_leave(order->id);
        break;
    case PUPPET_PEEK:
        outcome.value = *(volatile uint32_t *)order->address;
        break;
    case PUPPET_POKE:
        *(volatile uint32_t *)order->address = order->size;
        break;
    case PUPPET_FREE:
        outcome.status = memory_free(order->address, order->size);
        break;
    case PUPPET_PROTECT:
        outcome.status = memory_protect(order->address, order->size, order->flags);
        break;
    case PUPPET_HAND:
        outcome.status = hand_pages(order);
        break;
    default:
        return obey_pipe(order);
    }
    return outcome;
}

static struct outcome obey(const struct order *order)
{
    struct outcome outcome = { OK, 0, 0 };

    switch (order->operation) {
    case PUPPET_OUTCOME:
        return last;
    case PUPPET_EXIT:
        process_exit(order->size);
    case PUPPET_FAULT:
        *(volatile uint32_t *)USER_END = 0;
        break;
    case PUPPET_EVENTS:
        return tell_events(order->flags);
    case PUPPET_TAKEN:
        return (struct outcome){ OK, taken.address, taken.pages };
    case PUPPET_ADDRESS_WAIT:
        outcome.status = address_wait(order->address, order->size, order->deadline_ns);
        break;
    case PUPPET_ADDRESS_WAKE:
        outcome.status = address_wake(order->address, order->size, &outcome.value);
        break;
    case PUPPET_TIMER_SET:
        outcome.status = timer_set(order->id, clock_after(FAR_NS), 0);
        break;
    case PUPPET_TIMER_END:
        outcome.status = timer_end(order->id);
        break;
    default:
        return obey_memory(order);
    }
    return outcome;
}

static void answer(message_id_t id, struct outcome outcome)
{
    struct message message = { .words = { outcome.status, outcome.value, outcome.second } };

    EXPECT_OK(message_reply(id, &message));
}

static void take_order(const struct event *event)
{
    struct order order;

    if (event->page_count != 0) {
        status_t status = message_take_pages(event->id, &taken.address);

        if (status != DISCARDED) {   /* else the pages were not its caller's, who knows it by now */
            taken.pages = event->page_count;
            answer(event->id, (struct outcome){ status, 0, 0 });
        }
        return;
    }
    memcpy(&order, event->string, sizeof order);
    if ((order.operation & ANSWERED_BEFORE) == 0) {
        answer(event->id, obey(&order));
        return;
    }
    order.operation &= ~ANSWERED_BEFORE;
    answer(event->id, (struct outcome){ OK, 0, 0 });
    last = obey(&order);
}

static void puppet(int argc, char **argv)
{
    struct event event;

    (void)argc;
    (void)argv;
    for (;;) {
        EXPECT_OK(event_wait(&event, FOREVER));
        if (event.kind == EVENT_MESSAGE) {
            take_order(&event);
        } else {
            seen.number[event.kind]++;
            seen.last_count[event.kind] = event.count;
        }
    }
}

/* ---- The test's side ---- */

process_id_t puppet_start_limited(process_class_t class, struct grant limits)
{
    struct spawn spawn = { .class = class, .flags = SPAWN_WATCH, .grant = limits };
    process_id_t id;

    EXPECT_OK(test_spawn_as(&spawn, "puppet", &id, NULL));
    return id;
}

process_id_t puppet_start(process_class_t class)
{
    return puppet_start_limited(class, (struct grant){ .limits = { 0 } });
}

static status_t call(process_id_t id, struct order order, struct outcome *outcome_out)
{
    struct message message = { .string = &order, .string_size = sizeof order };
    struct reply reply = { 0 };
    status_t status = message_call(id, &message, &reply);

    *outcome_out = (struct outcome){ (status_t)reply.words[0], reply.words[1], reply.words[2] };
    return status;
}

struct outcome puppet_do(process_id_t id, struct order order)
{
    struct outcome outcome;

    EXPECT_OK(call(id, order, &outcome));
    return outcome;
}

uint32_t puppet_expect(process_id_t id, status_t expected, struct order order)
{
    struct outcome outcome = puppet_do(id, order);

    if (outcome.status != expected) {
        EXPECT_NOT("a puppet's order %u (expected status %u, got %u)", order.operation, expected, outcome.status);
    }
    return outcome.value;
}

void puppet_begin(process_id_t id, struct order order)
{
    order.operation |= ANSWERED_BEFORE;
    (void)puppet_expect(id, OK, order);
    clock_sleep(10 * MILLISECOND);   /* it shall have come as far as it can */
}

struct outcome puppet_outcome(process_id_t id)
{
    return puppet_do(id, (struct order){ .operation = PUPPET_OUTCOME });
}

void puppet_expect_events(process_id_t id, uint32_t kind, uint32_t number, uint32_t last_count)
{
    struct outcome outcome = puppet_do(id, (struct order){ .operation = PUPPET_EVENTS, .flags = kind });

    EXPECT_EQUAL(number, outcome.value);
    EXPECT_EQUAL(last_count, outcome.second);
}

void puppet_exit(process_id_t id, uint32_t code)
{
    struct outcome outcome;

    EXPECT_STATUS(PEER_DIED, call(id, (struct order){ .operation = PUPPET_EXIT, .size = code }, &outcome));
}

void puppet_end(process_id_t id)
{
    puppet_exit(id, 0);
    EXPECT_EQUAL(0, test_wait_exit(id));
}

void event_expect(uint32_t kind, uint32_t id, uint32_t count)
{
    struct event event;

    test_wait_event(&event, kind);
    EXPECT_EQUAL(id, event.id);
    EXPECT_EQUAL(count, event.count);
    EXPECT_EQUAL(KERNEL_PROCESS, event.sender);
}

void event_expect_none(void)
{
    struct event event;

    EXPECT_STATUS(NOTHING, event_poll(&event));
}

const struct test puppet_tests[] = { };
const uint32_t puppet_test_count = COUNT(puppet_tests);
const struct role puppet_roles[] = {
    ROLE(puppet),
};
const uint32_t puppet_role_count = COUNT(puppet_roles);
