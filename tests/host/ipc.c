/* Events, messages, watches and interrupts: what happens when, told one by one. ipc_random.c tries the rest. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_user_memory.h"
#include "message.h"
#include "process.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"
#include "watch.h"

#define LINE 5U

/* A thread with memory of its own. */
struct actor {
    struct process *process;
    struct thread *thread;
    struct {
        struct event event;
        struct message message;
        struct reply reply;
        char string[256];
        char buffer[256];
    } *memory;
};

static struct actor actor_in(struct process *process)
{
    struct actor actor = { .process = process };

    CHECK_EQUAL(thread_create(process, 0, 0, 0, &actor.thread), OK);
    actor.memory = calloc(1, sizeof *actor.memory);
    user_memory_add(process, actor.memory, sizeof *actor.memory);
    return actor;
}

static struct actor actor_new(const char *name, struct process *parent, const struct grant *limits)
{
    static const struct grant none;
    struct process *process;

    CHECK_EQUAL(process_create(CLASS_DRIVER, name, (uint32_t)strlen(name), parent, limits == NULL ? &none : limits, &process), OK);
    return actor_in(process);
}

/* It runs; its sleeping call, if any, goes on. Returns that call's status. */
static status_t run(const struct actor *actor)
{
    status_t status = OK;

    if (actor->thread != thread_current || actor->thread->continuation != NULL) {
        (void)ready_switch_to(actor->thread, &status);
    }
    return status;
}

static const struct message *say(const struct actor *actor, const char *text)
{
    struct message *message = &actor->memory->message;

    strcpy(actor->memory->string, text);
    message->string = actor->memory->string;
    message->string_size = (uint32_t)strlen(text);
    message->words[0] = message->string_size;
    return message;
}

static status_t send(const struct actor *from, const struct actor *to, const char *text)
{
    run(from);
    return sys_message_send(to->process->id, say(from, text));
}

static void call(const struct actor *from, const struct actor *to, const char *text, uint32_t room)
{
    run(from);
    from->memory->reply.buffer = from->memory->buffer;
    from->memory->reply.buffer_size = room;
    CHECK_EQUAL(sys_message_call(to->process->id, say(from, text), &from->memory->reply), OK);
    CHECK(from->thread->blocked);
}

/* Takes an event that is there. */
static const struct event *take(const struct actor *actor)
{
    run(actor);
    CHECK_EQUAL(sys_event_poll(&actor->memory->event), OK);
    return &actor->memory->event;
}

static void wait(const struct actor *actor)
{
    run(actor);
    CHECK_EQUAL(sys_event_wait(&actor->memory->event, FOREVER), OK);
    CHECK(actor->thread->blocked);
}

static void end(const struct actor *actor)
{
    process_end(actor->process, EXIT_TERMINATED);
    ready_leave_kernel();
}

static void call_is_answered_with_words_and_string(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    wait(&server);
    call(&client, &server, "question", 256);
    CHECK_EQUAL(run(&server), OK);
    const struct event *event = &server.memory->event;
    CHECK_EQUAL(event->kind, EVENT_MESSAGE);
    CHECK_EQUAL(event->flags, EVENT_WANTS_REPLY);
    CHECK_EQUAL(event->sender, client.process->id);
    CHECK(event->string_size == 8 && memcmp(event->string, "question", 8) == 0);
    CHECK_EQUAL(sys_message_reply(event->id, say(&server, "an answer")), OK);
    CHECK_EQUAL(sys_message_reply(event->id, say(&server, "another")), BAD_ID);
    CHECK_EQUAL(run(&client), OK);
    CHECK_EQUAL(client.memory->reply.string_size, 9);
    CHECK_EQUAL(client.memory->reply.words[0], 9);
    CHECK(memcmp(client.memory->buffer, "an answer", 9) == 0);
    CHECK_EQUAL(message_table.used, 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
}

static void answer_that_does_not_fit_is_cut_and_says_so(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    call(&client, &server, "q", 4);
    CHECK_EQUAL(sys_message_reply((run(&server), take(&server)->id), say(&server, "answer")), OK);
    client.memory->buffer[4] = '#';
    CHECK_EQUAL(run(&client), TRUNCATED);
    CHECK_EQUAL(client.memory->reply.string_size, 6);
    CHECK(memcmp(client.memory->buffer, "answ#", 5) == 0);
}

static void caller_of_a_process_that_dies_wakes_at_once(void)
{
    machine_begin();
    struct actor early = actor_new("d\\early", NULL, NULL);
    struct actor late = actor_new("d\\late", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    call(&early, &server, "taken", 10);
    (void)take(&server);
    call(&late, &server, "still queued", 10);
    end(&server);
    CHECK_EQUAL(run(&early), PEER_DIED);
    CHECK_EQUAL(run(&late), PEER_DIED);
    CHECK_EQUAL(message_table.used, 0);
}

static void answer_to_a_caller_that_died_is_told_so_and_costs_nothing(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    call(&client, &server, "question", 10);
    message_id_t id = take(&server)->id;
    end(&client);
    run(&server);
    CHECK_EQUAL(sys_message_reply(id, say(&server, "answer")), PEER_DIED);
    CHECK_EQUAL(sys_message_reply(id, say(&server, "answer")), BAD_ID);
    CHECK_EQUAL(message_table.used, 0);
}

static void call_whose_reply_buffer_is_gone_fails_alone(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    call(&client, &server, "question", 10);
    message_id_t id = take(&server)->id;
    CHECK_EQUAL(sys_message_reply(id, say(&server, "answer")), OK);
    user_memory_remove(client.memory);
    CHECK_EQUAL(run(&client), BAD_ADDRESS);
    CHECK(!client.thread->blocked);
    CHECK_EQUAL(message_table.used, 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
}

/* Another thread of the caller changes the sizes while the call is on its way. */
static void sizes_that_change_during_a_call_lead_nowhere(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    call(&client, &server, "q", 3);
    client.memory->reply.buffer_size = UINT32_MAX;
    message_id_t id = take(&server)->id;
    CHECK_EQUAL(sys_message_reply(id, say(&server, "a long answer")), OK);
    CHECK_EQUAL(run(&client), TRUNCATED);
    CHECK_EQUAL(client.memory->reply.string_size, 13);
    CHECK(memcmp(client.memory->buffer, "a l\0", 4) == 0);
}

static void senders_fill_their_own_quota_and_nobody_elses(void)
{
    static const struct grant small = { .limits = { [RESOURCE_MESSAGE_BYTES] = 2000 } };

    machine_begin();
    struct actor flooder = actor_new("d\\flooder", NULL, &small);
    struct actor honest = actor_new("d\\honest", NULL, &small);
    struct actor server = actor_new("d\\server", NULL, &small);
    uint32_t sent = 0;

    while (send(&flooder, &server, "flood") == OK) {
        sent++;
        CHECK(sent < 100);
    }
    CHECK_EQUAL(send(&flooder, &server, "flood"), OVER_QUOTA);
    CHECK_EQUAL(send(&honest, &server, "honest"), OK);
    CHECK_EQUAL(server.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
    for (; sent > 0; sent--) {
        (void)take(&server);
    }
    CHECK_EQUAL(take(&server)->sender, honest.process->id);
    CHECK_EQUAL(send(&flooder, &server, "flood"), OK);
}

static void what_a_dead_process_sent_arrives_and_is_its_parents_to_pay(void)
{
    machine_begin();
    struct actor parent = actor_new("d\\parent", NULL, NULL);
    struct actor child = actor_new("d\\child", parent.process, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    CHECK_EQUAL(send(&child, &server, "last words"), OK);
    process_id_t id = child.process->id;
    end(&child);
    CHECK(parent.process->account.used[RESOURCE_MESSAGE_BYTES] > 0);
    CHECK_EQUAL(send(&parent, &server, "mine"), OK);
    end(&parent);
    CHECK_EQUAL(take(&server)->sender, id);
    CHECK_EQUAL(take(&server)->string_size, 4);
    CHECK_EQUAL(message_table.used, 0);
}

static void event_goes_past_a_waiting_thread_that_was_put_to_sleep(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor asleep = actor_new("d\\server", NULL, NULL);
    struct actor awake = actor_in(asleep.process);

    wait(&asleep);
    wait(&awake);
    run(&sender);
    CHECK_EQUAL(sys_thread_sleep(asleep.thread->id), OK);
    CHECK_EQUAL(send(&sender, &awake, "hello"), OK);
    CHECK(asleep.thread->blocked && !awake.thread->blocked);
    CHECK_EQUAL(run(&awake), OK);
    CHECK_EQUAL(awake.memory->event.kind, EVENT_MESSAGE);
}

static void event_that_came_while_all_slept_is_taken_on_waking(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor waiter = actor_new("d\\server", NULL, NULL);

    wait(&waiter);
    run(&sender);
    CHECK_EQUAL(sys_thread_sleep(waiter.thread->id), OK);
    CHECK_EQUAL(send(&sender, &waiter, "hello"), OK);
    CHECK(!ready_has(waiter.thread));
    CHECK_EQUAL(sys_thread_wake(waiter.thread->id), OK);
    CHECK_EQUAL(run(&waiter), OK);
    CHECK_EQUAL(waiter.memory->event.kind, EVENT_MESSAGE);
}

/* The thread that was woken for the event has no memory to put it in any more. */
static void event_that_cannot_be_delivered_goes_to_the_next_thread(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor broken = actor_new("d\\server", NULL, NULL);
    struct actor other = actor_in(broken.process);

    wait(&broken);
    wait(&other);
    CHECK_EQUAL(send(&sender, &other, "hello"), OK);
    user_memory_remove(broken.memory);
    CHECK_EQUAL(run(&broken), BAD_ADDRESS);
    CHECK_EQUAL(run(&other), OK);
    CHECK_EQUAL(other.memory->event.kind, EVENT_MESSAGE);
}

/* A thread is woken for an event, and something happens to it before it can take it. */
static void check_event_goes_on(status_t (*happen)(thread_id_t id))
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor first = actor_new("d\\server", NULL, NULL);
    struct actor second = actor_in(first.process);

    wait(&first);
    wait(&second);
    CHECK_EQUAL(send(&sender, &first, "hello"), OK);
    CHECK_EQUAL(happen(first.thread->id), OK);
    CHECK_EQUAL(run(&second), OK);
    CHECK_EQUAL(second.memory->event.kind, EVENT_MESSAGE);
}

static void event_of_a_thread_that_ended_goes_to_the_next_thread(void)
{
    check_event_goes_on(sys_thread_terminate);
}

static void event_of_a_thread_that_was_put_to_sleep_goes_to_the_next_thread(void)
{
    check_event_goes_on(sys_thread_sleep);
}

static void irq_line_survives_death_of_a_listener(void)
{
    machine_begin();
    struct actor lost = actor_new("d\\lost", NULL, NULL);
    struct actor good = actor_new("d\\good", NULL, NULL);

    run(&lost);
    CHECK_EQUAL(sys_irq_listen(LINE), OK);
    run(&good);
    CHECK_EQUAL(sys_irq_listen(LINE), OK);
    CHECK(!machine_line_is_masked(LINE));
    machine_interrupt(LINE, false);
    CHECK_EQUAL(take(&good)->count, 1);
    CHECK_EQUAL(sys_irq_acknowledge(LINE), OK);
    CHECK(machine_line_is_masked(LINE));
    end(&lost);
    CHECK(!machine_line_is_masked(LINE));
    machine_interrupt(LINE, false);
    CHECK_EQUAL(take(&good)->count, 1);
    end(&good);
    CHECK(machine_line_is_masked(LINE));
}

static void watch_tells_of_the_end_once_even_if_its_owner_cannot_listen_now(void)
{
    machine_begin();
    struct actor owner = actor_new("d\\owner", NULL, NULL);
    struct actor target = actor_new("d\\target", NULL, NULL);

    run(&owner);
    CHECK_EQUAL(sys_process_watch(target.process->id), OK);
    CHECK_EQUAL(sys_process_watch(target.process->id), EXISTS);
    process_id_t id = target.process->id;
    heap_fail_after(0);
    end(&target);
    heap_fail_after(UINT32_MAX);
    CHECK_EQUAL(take(&owner)->kind, EVENT_PROCESS_EXITED);
    CHECK_EQUAL(owner.memory->event.id, id);
    CHECK_EQUAL(owner.memory->event.count, EXIT_TERMINATED);
    CHECK_EQUAL(sys_event_poll(&owner.memory->event), NOTHING);
    CHECK_EQUAL(watch_count(), 0);
}

/* Every allocation on the way fails once: nothing is left over. */
static void failed_allocation_leaves_nothing_behind(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    uint32_t objects = heap_objects();
    thread_id_t id;

    run(&client);
    heap_fail_after(0);
    CHECK_EQUAL(sys_message_send(server.process->id, say(&client, "x")), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_message_call(server.process->id, say(&client, "x"), &client.memory->reply), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_process_watch(server.process->id), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_irq_listen(LINE), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_thread_create(0, 0, 0, &id), NO_MEMORY);
    CHECK_EQUAL(heap_objects(), objects);
    CHECK_EQUAL(client.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_OBJECTS], 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_THREADS], 1);
    CHECK(machine_line_is_masked(LINE));
}

static const struct test tests[] = {
    TEST(call_is_answered_with_words_and_string),
    TEST(answer_that_does_not_fit_is_cut_and_says_so),
    TEST(caller_of_a_process_that_dies_wakes_at_once),
    TEST(answer_to_a_caller_that_died_is_told_so_and_costs_nothing),
    TEST(call_whose_reply_buffer_is_gone_fails_alone),
    TEST(sizes_that_change_during_a_call_lead_nowhere),
    TEST(senders_fill_their_own_quota_and_nobody_elses),
    TEST(what_a_dead_process_sent_arrives_and_is_its_parents_to_pay),
    TEST(event_goes_past_a_waiting_thread_that_was_put_to_sleep),
    TEST(event_that_came_while_all_slept_is_taken_on_waking),
    TEST(event_that_cannot_be_delivered_goes_to_the_next_thread),
    TEST(event_of_a_thread_that_ended_goes_to_the_next_thread),
    TEST(event_of_a_thread_that_was_put_to_sleep_goes_to_the_next_thread),
    TEST(irq_line_survives_death_of_a_listener),
    TEST(watch_tells_of_the_end_once_even_if_its_owner_cannot_listen_now),
    TEST(failed_allocation_leaves_nothing_behind),
};
TEST_MAIN(tests)
