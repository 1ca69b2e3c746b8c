/* On whose time a call is served, and who runs when calls switch directly. */
#include <abi/syscall_numbers.h>

#include "call.h"
#include "clock.h"
#include "direct_switch.h"
#include "ready_queue.h"
#include "running.h"
#include "syscall_handlers.h"
#include "test.h"

#define CHAIN 10U                /* servers behind each other: more than donations go through */
#define DONATIONS 8U

/* The thread that runs calls another one's process. True: the kernel switched directly. */
static bool call(const struct thread *server)
{
    struct user_registers user = { .eax = SYSCALL_MESSAGE_CALL_WORDS, .ebx = server->process->id };
    bool direct = enter_by_sysenter(sys_message_call_words, &user);

    leave();
    return direct;
}

/* The thread that runs answers the call that it took last (or none), and waits. */
static bool answer(message_id_t id)
{
    struct user_registers user = { .eax = SYSCALL_MESSAGE_REPLY_WAIT_WORDS, .ebx = id };
    bool direct = enter_by_sysenter(sys_message_reply_wait_words, &user);

    leave();
    return direct;
}

/* A thread that has come to wait for calls. */
static struct thread *server_new(process_class_t class)
{
    struct thread *server = thread_new(class);

    leave();
    CHECK(thread_current == server);
    CHECK(!answer(0));
    CHECK_EQUAL(server->blocked, BLOCKED_RECEIVING);
    return server;
}

/* Two drivers, the first of which runs and has called the second one. */
static struct thread *client, *server;

static void begin_call(void)
{
    begin();
    server = server_new(CLASS_DRIVER);
    client = thread_new(CLASS_DRIVER);
    leave();
    CHECK(thread_current == client);
    CHECK(call(server));
    CHECK(thread_current == server);
}

static void first_tick_of_a_call_is_its_callers_and_the_second_its_servers(void)
{
    begin_call();
    for (uint32_t round = 1; round <= 3; round++) {
        uint32_t of_server = server->burned;

        client->burned = 0;      /* it slept while the server ran on its own time */
        tick();
        CHECK(client->burned == 1 && server->burned == of_server);
        CHECK_EQUAL(client->process->cpu_ticks, round);
        ticks(3);
        CHECK(client->burned == 1 && server->burned == of_server + 3);
        CHECK_EQUAL(server->process->cpu_ticks, round * 3);
        CHECK(answer(server->serves));
        CHECK(call(server));
    }
}

/* One: behind the answer the server works for itself; whoever calls next pays again. */
static void answered_call_is_paid_by_its_caller_no_more(void)
{
    begin_call();
    CHECK_EQUAL(sys_message_discard(server->serves), OK);
    leave();
    CHECK(thread_current == server);
    uint32_t burned = client->burned;
    tick();
    CHECK(client->burned == burned && server->burned == 1);
}

/* By int 80h, through the queue, taken by event_poll: the rule is the same. */
static void call_through_the_queue_is_paid_by_its_caller(void)
{
    struct user_registers user = { 0 };

    begin();
    server = thread_new(CLASS_DRIVER);
    client = thread_new(CLASS_DRIVER);
    leave();
    CHECK(thread_current == server);
    block_current();
    user.ebx = server->process->id;
    enter_by_interrupt(sys_message_call_words, &user);
    leave();
    CHECK(thread_current == idle);
    wake(server);
    tick();
    CHECK_EQUAL(server->burned, 1);
    user.ebx = 0;
    enter_by_interrupt(sys_message_reply_wait_words, &user);
    leave();
    CHECK(thread_current == server && call_server_works_for(server) == client);
    uint32_t burned = client->burned;
    tick();
    CHECK(server->burned == 1 && client->burned == burned + 1);
}

static void server_that_calls_another_passes_the_tick_on_to_its_own_caller(void)
{
    begin();
    struct thread *last = server_new(CLASS_DRIVER);
    struct thread *middle = server_new(CLASS_DRIVER);
    struct thread *first = thread_new(CLASS_DRIVER);
    leave();
    CHECK(call(middle) && call(last));
    tick();
    CHECK(first->burned == 1 && middle->burned == 0 && last->burned == 0);
    tick();
    CHECK(first->burned == 1 && middle->burned == 0 && last->burned == 1);
    CHECK(answer(last->serves));
    CHECK(thread_current == middle);
    uint32_t burned = middle->burned;
    tick();                      /* this call had its tick */
    CHECK(first->burned == 1 && middle->burned == burned + 1);
    CHECK(call(last));
    tick();                      /* another call of the middle one, which pays for it: its own caller has */
    CHECK(first->burned == 1 && last->burned <= 1);
}

static void donations_go_through_eight_servers_and_no_more(void)
{
    struct thread *chain[CHAIN];

    begin();
    for (uint32_t i = CHAIN - 1; i > 0; i--) {
        chain[i] = server_new(CLASS_DRIVER);
    }
    chain[0] = thread_new(CLASS_DRIVER);
    leave();
    for (uint32_t i = 1; i < CHAIN; i++) {
        CHECK(call(chain[i]));
    }
    tick();
    for (uint32_t i = 0; i < CHAIN; i++) {
        CHECK_EQUAL(chain[i]->burned, i == CHAIN - 1 - DONATIONS);
    }
}

static void caller_whose_turn_is_over_does_not_get_its_answer_past_its_equals(void)
{
    begin_call();
    struct thread *equal = thread_new(CLASS_DRIVER);
    CHECK(answer(server->serves));
    ticks(SLICE_TICKS - 1);
    CHECK(thread_current == client && client->slice == 1 && client->stronger == 0);
    CHECK(call(server));
    tick();
    CHECK(thread_current == server);
    CHECK_EQUAL(client->slice, 0);
    CHECK_EQUAL(client->stronger, 1U << CLASS_DRIVER);
    CHECK(!answer(server->serves));
    CHECK(thread_current == equal && client->queued);
    CHECK_EQUAL(client->stronger, 0);
    CHECK_EQUAL(client->slice, SLICE_TICKS);
}

static void caller_whose_turn_is_over_gets_its_answer_if_no_equal_is_ready(void)
{
    begin_call();
    CHECK(answer(server->serves));
    ticks(SLICE_TICKS - 1);
    CHECK(call(server));
    tick();
    CHECK_EQUAL(client->stronger, 1U << CLASS_DRIVER);
    CHECK(answer(server->serves));
    CHECK(thread_current == client && client->slice == 0);
    struct thread *equal = thread_new(CLASS_DRIVER);
    leave();
    CHECK(thread_current == client);
    tick();
    CHECK(thread_current == equal);
    CHECK(client->slice == SLICE_TICKS && client->stronger == 0);
}

static void caller_goes_over_its_budget_by_what_others_do_for_it(void)
{
    begin_call();
    struct thread *application = thread_new(CLASS_APPLICATION);
    client->burned = BUDGET_TICKS - 1;
    tick();
    CHECK(thread_current == server);
    CHECK_EQUAL(client->level, LEVEL_OVER_BUDGET);
    CHECK_EQUAL(client->stronger, (1U << LEVEL_OVER_BUDGET) - 1);
    CHECK_EQUAL(machine_log_lines(), 1);
    CHECK(!answer(server->serves));
    CHECK(thread_current == application || client->level == CLASS_DRIVER);
}

/* It waits for its answer, but the time is its own: two that call each other go over their budget as one that spins. */
static void waiting_that_was_paid_for_does_not_pay_the_budget_back(void)
{
    begin_call();
    (void)thread_new(CLASS_APPLICATION);
    for (uint32_t i = 0; i < BUDGET_TICKS + 50 && machine_log_lines() == 0; i++) {
        CHECK(thread_current == server);
        tick();
        if (machine_log_lines() == 0) {
            CHECK(answer(server->serves) && call(server));
        }
    }
    CHECK_EQUAL(machine_log_lines(), 1);
    CHECK_EQUAL(client->level, LEVEL_OVER_BUDGET);
}

/* Behind the tick that it paid for, the server works on its own time. */
static void caller_sleeps_while_its_server_works_on_its_own_time(void)
{
    begin_call();
    client->burned = BUDGET_TICKS - 1;
    ticks(11);
    CHECK(thread_current == server && client->burned == BUDGET_TICKS);
    CHECK(!answer(server->serves) || thread_current == client);
    while (thread_current != client) {
        tick();
    }
    tick();
    CHECK(client->burned <= BUDGET_TICKS - 9 * SLEEP_PAYS_BACK);
    CHECK(client->burned >= BUDGET_TICKS - 12 * SLEEP_PAYS_BACK);
}

/* Over its budget once, it slept long enough; then a switch to it comes past the scheduler. */
static void server_that_slept_enough_is_strong_again_from_the_first_tick_on(void)
{
    begin();
    server = thread_new(CLASS_SERVER);
    leave();
    ticks(BUDGET_TICKS);
    CHECK_EQUAL(server->level, LEVEL_OVER_BUDGET);
    while (thread_current != server) {
        tick();
    }
    (void)answer(0);
    ticks(BUDGET_TICKS);
    client = thread_new(CLASS_APPLICATION);
    leave();
    CHECK(call(server));
    tick();
    (void)thread_new(CLASS_APPLICATION);
    leave();
    CHECK(thread_current == server);
}

/* Each level's bits, and whom the queue holds. */
static void check_levels(void)
{
    uint32_t present = 0;

    for (uint32_t i = 0; i < thread_count; i++) {
        const struct thread *thread = threads[i];
        uint32_t below = (1U << thread->level) - 1;

        CHECK_EQUAL(thread->stronger & below, below);
        CHECK((thread->stronger & ~below) == 0
              || ((thread->stronger & ~below) == 1U << thread->level && thread->slice == 0 && thread->blocked != BLOCKED_RECEIVING));
        present |= thread->queued ? 1U << thread->level : 0;
    }
    CHECK_EQUAL(ready_queue.present, present);
}

static void random_step(void)
{
    struct thread *other = threads[1 + random_below(thread_count - 1)];

    switch (thread_current == idle ? 7 : random_below(10)) {
    case 0:
        block_current();
        break;
    case 1:
    case 2:
    case 3:
        (void)call(other);
        break;
    case 4:
    case 5:
        (void)answer(random_one_in(8) ? 0 : thread_current->serves);
        break;
    case 6:
        tick();
        break;
    case 8:
        (void)(random_one_in(4) ? sys_process_sleep(other->process->id) : sys_process_wake(other->process->id));
        leave();
        break;
    default:
        if (other->asleep != 0) {
            (void)sys_process_wake(other->process->id);
            leave();
        } else if (other->blocked == BLOCKED_CONTINUATION) {
            wake(other);
        } else if (random_one_in(3)) {
            tick();
        }
    }
    check_levels();
}

/* A receiver has nobody to wake it but calls: so now and then one is put to sleep and woken, and one ends and another begins. */
static void strongest_thread_runs_whoever_calls_and_answers(void)
{
    begin();
    for (uint32_t i = 0; i < 15; i++) {
        (void)thread_new(i % CLASS_COUNT);
    }
    leave();
    for (uint32_t step = 0; step < 300000; step++) {
        random_step();
        if (thread_current == idle && random_one_in(10)) {
            struct thread **ends = &threads[1 + random_below(thread_count - 1)];

            process_end((*ends)->process, 0);
            *ends = threads[--thread_count];
            (void)thread_new(random_below(CLASS_COUNT));
            leave();
        }
    }
}

static const struct test tests[] = {
    TEST(first_tick_of_a_call_is_its_callers_and_the_second_its_servers),
    TEST(answered_call_is_paid_by_its_caller_no_more),
    TEST(call_through_the_queue_is_paid_by_its_caller),
    TEST(server_that_calls_another_passes_the_tick_on_to_its_own_caller),
    TEST(donations_go_through_eight_servers_and_no_more),
    TEST(caller_whose_turn_is_over_does_not_get_its_answer_past_its_equals),
    TEST(caller_whose_turn_is_over_gets_its_answer_if_no_equal_is_ready),
    TEST(caller_goes_over_its_budget_by_what_others_do_for_it),
    TEST(waiting_that_was_paid_for_does_not_pay_the_budget_back),
    TEST(caller_sleeps_while_its_server_works_on_its_own_time),
    TEST(server_that_slept_enough_is_strong_again_from_the_first_tick_on),
    TEST(strongest_thread_runs_whoever_calls_and_answers),
};
TEST_MAIN(tests)
