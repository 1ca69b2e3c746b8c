/* Events, messages, watches and interrupts: what happens when, told one by one. ipc_random.c tries the rest. */
#include <string.h>

#include "actor.h"
#include "clock.h"
#include "i386/timer.h"
#include "kernel_window.h"
#include "watch.h"

#define LINE 5U

static void call_is_answered_with_words_and_string(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    actor_wait(&server);
    actor_call(&client, &server, "question", 256);
    CHECK_EQUAL(actor_run(&server), OK);
    const struct event *event = &server.memory->event;
    CHECK_EQUAL(event->kind, EVENT_MESSAGE);
    CHECK_EQUAL(event->flags, EVENT_WANTS_REPLY);
    CHECK_EQUAL(event->sender, client.process->id);
    CHECK(event->string_size == 8 && memcmp(event->string, "question", 8) == 0);
    CHECK_EQUAL(sys_message_reply(event->id, actor_say(&server, "an answer")), OK);
    CHECK_EQUAL(sys_message_reply(event->id, actor_say(&server, "another")), BAD_ID);
    CHECK_EQUAL(actor_run(&client), OK);
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

    actor_call(&client, &server, "q", 4);
    CHECK_EQUAL(sys_message_reply(actor_take(&server)->id, actor_say(&server, "answer")), OK);
    client.memory->buffer[4] = '#';
    CHECK_EQUAL(actor_run(&client), TRUNCATED);
    CHECK_EQUAL(client.memory->reply.string_size, 6);
    CHECK(memcmp(client.memory->buffer, "answ#", 5) == 0);
}

static void caller_of_a_process_that_dies_wakes_at_once(void)
{
    machine_begin();
    struct actor early = actor_new("d\\early", NULL, NULL);
    struct actor late = actor_new("d\\late", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    actor_call(&early, &server, "taken", 10);
    (void)actor_take(&server);
    actor_call(&late, &server, "still queued", 10);
    actor_end(&server);
    CHECK_EQUAL(actor_run(&early), PEER_DIED);
    CHECK_EQUAL(actor_run(&late), PEER_DIED);
    CHECK_EQUAL(message_table.used, 0);
}

static void answer_to_a_caller_that_died_finds_no_call(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    actor_call(&client, &server, "question", 10);
    message_id_t id = actor_take(&server)->id;
    actor_end(&client);
    actor_run(&server);
    CHECK_EQUAL(sys_message_reply(id, actor_say(&server, "answer")), BAD_ID);
    CHECK_EQUAL(message_table.used, 0);
}

static void call_whose_reply_buffer_is_gone_fails_alone(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    actor_call(&client, &server, "question", 10);
    message_id_t id = actor_take(&server)->id;
    user_memory_remove(client.memory);
    CHECK_EQUAL(sys_message_reply(id, actor_say(&server, "answer")), OK);
    CHECK_EQUAL(actor_run(&client), BAD_ADDRESS);
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

    actor_call(&client, &server, "q", 3);
    client.memory->reply.buffer_size = UINT32_MAX;
    message_id_t id = actor_take(&server)->id;
    CHECK_EQUAL(sys_message_reply(id, actor_say(&server, "a long answer")), OK);
    CHECK_EQUAL(actor_run(&client), TRUNCATED);
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

    while (actor_send(&flooder, &server, "flood") == OK) {
        sent++;
        CHECK(sent < 100);
    }
    CHECK_EQUAL(actor_send(&flooder, &server, "flood"), OVER_QUOTA);
    CHECK_EQUAL(actor_send(&honest, &server, "honest"), OK);
    CHECK_EQUAL(server.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
    for (; sent > 0; sent--) {
        (void)actor_take(&server);
    }
    CHECK_EQUAL(actor_take(&server)->sender, honest.process->id);
    CHECK_EQUAL(actor_send(&flooder, &server, "flood"), OK);
}

static void what_a_dead_process_sent_arrives_and_is_its_parents_to_pay(void)
{
    machine_begin();
    struct actor parent = actor_new("d\\parent", NULL, NULL);
    struct actor child = actor_new("d\\child", parent.process, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);

    CHECK_EQUAL(actor_send(&child, &server, "last words"), OK);
    process_id_t id = child.process->id;
    actor_end(&child);
    CHECK(parent.process->account.used[RESOURCE_MESSAGE_BYTES] > 0);
    CHECK_EQUAL(actor_send(&parent, &server, "mine"), OK);
    actor_end(&parent);
    CHECK_EQUAL(actor_take(&server)->sender, id);
    CHECK_EQUAL(actor_take(&server)->string_size, 4);
    CHECK_EQUAL(message_table.used, 0);
}

static void event_goes_past_a_waiting_thread_that_was_put_to_sleep(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor asleep = actor_new("d\\server", NULL, NULL);
    struct actor awake = actor_in(asleep.process);

    actor_wait(&asleep);
    actor_wait(&awake);
    actor_run(&sender);
    CHECK_EQUAL(sys_thread_sleep(asleep.thread->id), OK);
    CHECK_EQUAL(actor_send(&sender, &awake, "hello"), OK);
    CHECK(asleep.thread->blocked && !awake.thread->blocked);
    CHECK_EQUAL(actor_run(&awake), OK);
    CHECK_EQUAL(awake.memory->event.kind, EVENT_MESSAGE);
}

static void event_that_came_while_all_slept_is_taken_on_waking(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor waiter = actor_new("d\\server", NULL, NULL);

    actor_wait(&waiter);
    actor_run(&sender);
    CHECK_EQUAL(sys_thread_sleep(waiter.thread->id), OK);
    CHECK_EQUAL(actor_send(&sender, &waiter, "hello"), OK);
    CHECK(!ready_has(waiter.thread));
    CHECK_EQUAL(sys_thread_wake(waiter.thread->id), OK);
    CHECK_EQUAL(actor_run(&waiter), OK);
    CHECK_EQUAL(waiter.memory->event.kind, EVENT_MESSAGE);
}

/* The thread that was woken for the event has no memory to put it in any more. */
static void event_that_cannot_be_delivered_goes_to_the_next_thread(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor broken = actor_new("d\\server", NULL, NULL);
    struct actor other = actor_in(broken.process);

    actor_wait(&broken);
    actor_wait(&other);
    CHECK_EQUAL(actor_send(&sender, &other, "hello"), OK);
    user_memory_remove(broken.memory);
    CHECK_EQUAL(actor_run(&broken), BAD_ADDRESS);
    CHECK_EQUAL(actor_run(&other), OK);
    CHECK_EQUAL(other.memory->event.kind, EVENT_MESSAGE);
}

static void process_that_wakes_takes_its_events_with_all_its_threads(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor one = actor_new("d\\server", NULL, NULL);
    struct actor other = actor_in(one.process);

    actor_wait(&one);
    actor_wait(&other);
    actor_run(&sender);
    CHECK_EQUAL(sys_process_sleep(one.process->id), OK);
    CHECK_EQUAL(actor_send(&sender, &one, "first"), OK);
    CHECK_EQUAL(actor_send(&sender, &one, "second"), OK);
    CHECK_EQUAL(sys_process_wake(one.process->id), OK);
    CHECK_EQUAL(one.thread->blocked, BLOCKED_NOT);
    CHECK_EQUAL(other.thread->blocked, BLOCKED_NOT);
}

/* It was woken for an event, did not run until its deadline was past, and then another thread had the event. */
static void deadline_that_passes_between_waking_and_running_is_not_forgotten(void)
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor waiter = actor_new("d\\server", NULL, NULL);
    struct actor thief = actor_in(waiter.process);

    actor_run(&waiter);
    CHECK_EQUAL(sys_event_wait(&waiter.memory->event, clock_now() + 3 * TIMER_TICK_NS), OK);
    CHECK_EQUAL(actor_send(&sender, &waiter, "hello"), OK);
    for (uint32_t i = 0; i < 10; i++) {
        clock_tick();
    }
    (void)actor_take(&thief);
    status_t status = actor_run(&waiter);
    CHECK(waiter.thread->blocked == BLOCKED_NOT);
    CHECK_EQUAL(status, TIMED_OUT);
}

/* A thread is woken for an event, and something happens to it before it can take it. */
static void check_event_goes_on(status_t (*happen)(thread_id_t id))
{
    machine_begin();
    struct actor sender = actor_new("d\\sender", NULL, NULL);
    struct actor first = actor_new("d\\server", NULL, NULL);
    struct actor second = actor_in(first.process);

    actor_wait(&first);
    actor_wait(&second);
    CHECK_EQUAL(actor_send(&sender, &first, "hello"), OK);
    CHECK_EQUAL(happen(first.thread->id), OK);
    CHECK_EQUAL(actor_run(&second), OK);
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

    actor_run(&lost);
    CHECK_EQUAL(sys_irq_listen(LINE), OK);
    actor_run(&good);
    CHECK_EQUAL(sys_irq_listen(LINE), OK);
    CHECK(!machine_line_is_masked(LINE));
    machine_interrupt(LINE, false);
    CHECK_EQUAL(actor_take(&good)->count, 1);
    CHECK_EQUAL(sys_irq_acknowledge(LINE), OK);
    CHECK(machine_line_is_masked(LINE));
    actor_end(&lost);
    CHECK(!machine_line_is_masked(LINE));
    machine_interrupt(LINE, false);
    CHECK_EQUAL(actor_take(&good)->count, 1);
    actor_end(&good);
    CHECK(machine_line_is_masked(LINE));
}

static void watch_tells_of_the_end_once_even_if_its_owner_cannot_listen_now(void)
{
    machine_begin();
    struct actor owner = actor_new("d\\owner", NULL, NULL);
    struct actor target = actor_new("d\\target", NULL, NULL);

    actor_run(&owner);
    CHECK_EQUAL(sys_process_watch(target.process->id), OK);
    CHECK_EQUAL(sys_process_watch(target.process->id), EXISTS);
    process_id_t id = target.process->id;
    heap_fail_after(0);
    actor_end(&target);
    heap_fail_after(UINT32_MAX);
    CHECK_EQUAL(actor_take(&owner)->kind, EVENT_PROCESS_EXITED);
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
    uint32_t threads = 1;
    thread_id_t id;

    actor_run(&client);
    heap_fail_after(0);
    CHECK_EQUAL(sys_message_send(server.process->id, actor_say(&client, "x")), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_process_watch(server.process->id), NO_MEMORY);
    heap_fail_after(0);
    CHECK_EQUAL(sys_irq_listen(LINE), NO_MEMORY);
    while (!window_add_needs_page(&thread_arena)) {
        CHECK_EQUAL(sys_thread_create(0, 0, 0, &id), OK);
        threads++;
    }
    heap_fail_after(0);
    CHECK_EQUAL(sys_thread_create(0, 0, 0, &id), NO_MEMORY);
    CHECK_EQUAL(heap_objects(), objects);
    CHECK_EQUAL(client.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_OBJECTS], 0);
    CHECK_EQUAL(client.process->account.used[RESOURCE_THREADS], threads);
    CHECK_EQUAL(thread_arena.used, threads + 1);
    CHECK(machine_line_is_masked(LINE));
}

static const struct test tests[] = {
    TEST(call_is_answered_with_words_and_string),
    TEST(answer_that_does_not_fit_is_cut_and_says_so),
    TEST(caller_of_a_process_that_dies_wakes_at_once),
    TEST(answer_to_a_caller_that_died_finds_no_call),
    TEST(call_whose_reply_buffer_is_gone_fails_alone),
    TEST(sizes_that_change_during_a_call_lead_nowhere),
    TEST(senders_fill_their_own_quota_and_nobody_elses),
    TEST(what_a_dead_process_sent_arrives_and_is_its_parents_to_pay),
    TEST(event_goes_past_a_waiting_thread_that_was_put_to_sleep),
    TEST(event_that_came_while_all_slept_is_taken_on_waking),
    TEST(event_that_cannot_be_delivered_goes_to_the_next_thread),
    TEST(process_that_wakes_takes_its_events_with_all_its_threads),
    TEST(deadline_that_passes_between_waking_and_running_is_not_forgotten),
    TEST(event_of_a_thread_that_ended_goes_to_the_next_thread),
    TEST(event_of_a_thread_that_was_put_to_sleep_goes_to_the_next_thread),
    TEST(irq_line_survives_death_of_a_listener),
    TEST(watch_tells_of_the_end_once_even_if_its_owner_cannot_listen_now),
    TEST(failed_allocation_leaves_nothing_behind),
};
TEST_MAIN(tests)
