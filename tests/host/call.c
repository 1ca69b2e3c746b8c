/* Calls, in memory and in registers: what happens when, told one by one. ipc_random.c tries the rest. */
#include "call.h"

#include <abi/syscall_numbers.h>
#include <string.h>

#include "actor.h"
#include "direct_switch.h"
#include "i386/traps.h"
#include "ready_queue.h"
#include "scheduler.h"

static const uint32_t question[MESSAGE_WORDS] = { 11, 12, 13, 14 };
static const uint32_t answer[MESSAGE_WORDS] = { 21, 22, 23, 24 };

/* The actor calls in registers, or answers and waits. True: the kernel switched directly; *user is what the other one sees. */
static bool enter(const struct actor *actor, uint32_t number, uint32_t id, const uint32_t words[MESSAGE_WORDS],
                  struct user_registers *user)
{
    *user = (struct user_registers){
        .eax = number, .ebx = id, .edx = words[0], .esi = words[1], .edi = words[2], .ebp = words[3],
        .esp = (uint32_t)(uintptr_t)actor->memory->buffer,
    };
    actor_run(actor);
    return enter_by_sysenter(number == SYSCALL_MESSAGE_CALL_WORDS ? sys_message_call_words : sys_message_reply_wait_words, user);
}

static bool call_words(const struct actor *from, const struct actor *to, struct user_registers *user)
{
    return enter(from, SYSCALL_MESSAGE_CALL_WORDS, to->process->id, question, user);
}

/* Its events come to memory->event. */
static bool reply_wait_words(const struct actor *actor, message_id_t id, struct user_registers *user)
{
    void *event = &actor->memory->event;

    memcpy(actor->memory->buffer + sizeof(uint32_t), &event, sizeof event);
    return enter(actor, SYSCALL_MESSAGE_REPLY_WAIT_WORDS, id, answer, user);
}

static void receive(const struct actor *actor)
{
    struct user_registers user;

    CHECK(!reply_wait_words(actor, 0, &user));
    CHECK_EQUAL(actor->thread->blocked, BLOCKED_RECEIVING);
}

static void check_words(const struct user_registers *user, uint32_t first, const uint32_t words[MESSAGE_WORDS])
{
    CHECK(first == words[0] && user->esi == words[1] && user->edi == words[2] && user->ebp == words[3]);
}

static void call_in_registers_switches_to_the_receiver_and_its_answer_back(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    receive(&server);
    for (uint32_t i = 0; i < 5; i++) {
        CHECK(call_words(&client, &server, &user));
        CHECK(thread_current == server.thread);
        check_words(&user, user.eax, question);
        CHECK(call_id_is(user.ebx));
        CHECK(server.thread->slot->sender == client.process->id && server.thread->slot->sender_class == CLASS_DRIVER);
        CHECK(reply_wait_words(&server, user.ebx, &user));
        CHECK(thread_current == client.thread);
        CHECK_EQUAL(user.eax, OK);
        check_words(&user, user.ebx, answer);
    }
}

/* Queued because nobody receives; taken without sleeping; the answer finds its caller in the kernel all the same. */
static void call_in_registers_that_must_wait_is_taken_and_answered_in_registers(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    CHECK(!call_words(&client, &server, &user));
    CHECK_EQUAL(client.thread->blocked, BLOCKED_CALLING_DIRECT);
    CHECK(!reply_wait_words(&server, 0, &user));
    CHECK(server.thread->blocked == BLOCKED_NOT);
    check_words(&user, user.eax, question);
    CHECK(reply_wait_words(&server, user.ebx, &user));
    CHECK(thread_current == client.thread);
    check_words(&user, user.ebx, answer);
}

static void answer_waits_while_somebody_stronger_is_ready(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    actor_run(&client);
    CHECK_EQUAL(sys_process_downgrade(CLASS_APPLICATION), OK);
    receive(&server);
    CHECK(call_words(&client, &server, &user));
    struct actor driver = actor_new("d\\driver", NULL, NULL);
    CHECK(!reply_wait_words(&server, user.ebx, &user));
    CHECK(client.thread->queued && driver.thread->queued);
    actor_run(&client);
    user = registers_of(client.thread);
    check_words(&user, user.ebx, answer);
}

static void sleeping_caller_is_answered_but_not_run(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    receive(&server);
    CHECK(call_words(&client, &server, &user));
    CHECK_EQUAL(sys_process_sleep(client.process->id), OK);
    CHECK(!reply_wait_words(&server, user.ebx, &user));
    CHECK(client.thread->blocked == BLOCKED_NOT && !ready_has(client.thread));
    struct actor other = actor_new("d\\other", NULL, NULL);
    actor_run(&other);
    CHECK_EQUAL(sys_process_wake(client.process->id), OK);
    CHECK_EQUAL(actor_run(&client), OK);
    CHECK_EQUAL(client.thread->registers.vector, VECTOR_SYSENTER);
}

static void sleeping_receiver_is_called_when_it_wakes(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    struct actor other = actor_new("d\\other", NULL, NULL);
    receive(&server);
    actor_run(&other);
    CHECK_EQUAL(sys_thread_sleep(server.thread->id), OK);
    CHECK(!call_words(&client, &server, &user));
    CHECK(!ready_has(server.thread));
    actor_run(&other);
    CHECK_EQUAL(sys_thread_wake(server.thread->id), OK);
    actor_run(&server);
    user = registers_of(server.thread);
    check_words(&user, user.eax, question);
    CHECK_EQUAL(server.thread->registers.vector, VECTOR_SYSENTER);
}

static void call_that_closes_a_ring_is_refused(void)
{
    struct user_registers user;

    machine_begin();
    struct actor one = actor_new("d\\one", NULL, NULL);
    struct actor two = actor_new("d\\two", NULL, NULL);
    struct actor three = actor_new("d\\three", NULL, NULL);
    CHECK(!call_words(&one, &one, &user));
    CHECK_EQUAL(user.eax, DEADLOCK);
    actor_call(&one, &two, "", 0);
    CHECK(!call_words(&two, &three, &user));
    actor_run(&three);
    CHECK_EQUAL(sys_message_call(one.process->id, actor_say(&three, ""), &three.memory->reply), DEADLOCK);
    CHECK(!call_words(&three, &one, &user));
    CHECK_EQUAL(user.eax, DEADLOCK);
    struct actor helper = actor_in(one.process);
    actor_call(&three, &one, "now somebody can answer", 0);
    CHECK_EQUAL(actor_take(&helper)->sender, three.process->id);
}

static void calls_use_no_quota_and_no_memory(void)
{
    static const struct grant least = { .limits = { [RESOURCE_MESSAGE_BYTES] = 1, [RESOURCE_OBJECTS] = 1 } };

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, &least);
    struct actor server = actor_new("d\\server", NULL, &least);
    uint32_t objects = heap_objects();
    heap_fail_after(0);
    actor_call(&client, &server, "question", 10);
    CHECK_EQUAL(sys_message_reply(actor_take(&server)->id, actor_say(&server, "answer")), OK);
    CHECK_EQUAL(actor_run(&client), OK);
    heap_fail_after(UINT32_MAX);
    CHECK_EQUAL(heap_objects(), objects);
    CHECK_EQUAL(client.process->account.used[RESOURCE_MESSAGE_BYTES], 0);
}

static void answer_from_bad_memory_can_be_given_again(void)
{
    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    actor_call(&client, &server, "question", 10);
    message_id_t id = actor_take(&server)->id;
    actor_say(&server, "answer");
    server.memory->message.string = client.memory->string;
    CHECK_EQUAL(sys_message_reply(id, &server.memory->message), BAD_ADDRESS);
    server.memory->message.page_count = 1;
    server.memory->message.string_size = 0;
    CHECK_EQUAL(sys_message_reply(id, &server.memory->message), BAD_ARGUMENT);
    CHECK_EQUAL(client.thread->blocked, BLOCKED_CALLING);
    server.memory->message.page_count = 0;
    CHECK_EQUAL(sys_message_reply(id, actor_say(&server, "answer")), OK);
    CHECK_EQUAL(actor_run(&client), OK);
    CHECK(memcmp(client.memory->buffer, "answer", 6) == 0);
}

static void only_the_process_that_was_called_can_use_the_call(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    struct actor thief = actor_new("d\\thief", NULL, NULL);
    uint32_t address;
    receive(&server);
    CHECK(call_words(&client, &server, &user));
    message_id_t id = user.ebx;
    actor_run(&thief);
    CHECK_EQUAL(sys_message_reply(id, actor_say(&thief, "")), BAD_ID);
    CHECK_EQUAL(sys_message_discard(id), BAD_ID);
    CHECK_EQUAL(sys_message_receive(id, thief.memory->buffer, 10), BAD_ID);
    CHECK_EQUAL(sys_message_take_pages(id, &address), BAD_ID);
    CHECK(!reply_wait_words(&thief, id, &user));
    CHECK_EQUAL(user.eax, BAD_ID);
    CHECK(reply_wait_words(&server, id, &user));
    CHECK(thread_current == client.thread);
}

/* The first caller's thread ends; the next one lives in its place, and calls the same server. */
static void old_call_does_not_reach_a_later_thread_in_the_same_place(void)
{
    struct user_registers user;

    machine_begin();
    struct actor server = actor_new("d\\server", NULL, NULL);
    struct actor first = actor_new("d\\first", NULL, NULL);
    receive(&server);
    CHECK(call_words(&first, &server, &user));
    message_id_t old = user.ebx;
    uint32_t place = first.thread->id & ID_INDEX_MASK;
    actor_end(&first);
    struct actor second = actor_new("d\\second", NULL, NULL);
    CHECK_EQUAL(second.thread->id & ID_INDEX_MASK, place);
    CHECK(!call_words(&second, &server, &user));
    CHECK(!reply_wait_words(&server, old, &user));
    CHECK_EQUAL(user.eax, BAD_ID);
    CHECK(!reply_wait_words(&server, 0, &user));
    CHECK(user.ebx != old && call_id_is(user.ebx));
    CHECK(reply_wait_words(&server, user.ebx, &user));
}

static void words_and_memory_answer_each_other(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    CHECK(!call_words(&client, &server, &user));
    CHECK_EQUAL(sys_message_reply(actor_take(&server)->id, actor_say(&server, "a string")), OK);
    CHECK_EQUAL(actor_run(&client), TRUNCATED);
    CHECK_EQUAL(client.thread->registers.ebx, 8);
    actor_call(&client, &server, "question", 10);
    message_id_t id = actor_take(&server)->id;
    CHECK(!reply_wait_words(&server, id, &user));
    CHECK_EQUAL(server.thread->blocked, BLOCKED_RECEIVING);
    CHECK_EQUAL(actor_run(&client), OK);
    CHECK(memcmp(client.memory->reply.words, answer, sizeof answer) == 0);
    CHECK_EQUAL(client.memory->reply.string_size, 0);
}

static void event_that_is_no_call_of_words_comes_to_the_receivers_memory(void)
{
    struct user_registers user;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    receive(&server);
    CHECK_EQUAL(actor_send(&client, &server, "hello"), OK);
    actor_run(&server);
    user = registers_of(server.thread);
    CHECK(user.eax == OK && user.ebx == 0);
    CHECK_EQUAL(server.memory->event.sender, client.process->id);
    CHECK_EQUAL(server.memory->event.string_size, 5);
}

static void event_of_the_kernels_comes_in_registers(void)
{
    struct user_registers user;

    machine_begin();
    struct actor server = actor_new("d\\server", NULL, NULL);
    struct actor mortal = actor_new("d\\mortal", NULL, NULL);
    process_id_t id = mortal.process->id;
    actor_run(&server);
    CHECK_EQUAL(sys_process_watch(id), OK);
    receive(&server);
    actor_end(&mortal);
    CHECK(server.thread->blocked == BLOCKED_NOT && server.process->events.count == 0);
    actor_run(&server);
    user = registers_of(server.thread);
    CHECK_EQUAL(user.eax, OK);
    CHECK_EQUAL(user.ebx, EVENT_PROCESS_EXITED * EVENT_IN_REGISTERS);
    CHECK_EQUAL(user.esi, id);
    CHECK_EQUAL(user.edi, EXIT_TERMINATED);
}

static void pages_of_a_call_are_the_takers_and_cannot_be_taken_twice(void)
{
    uint32_t address;

    machine_begin();
    struct actor client = actor_new("d\\client", NULL, NULL);
    struct actor server = actor_new("d\\server", NULL, NULL);
    void *pages = user_pages_add(client.process, 2, 'p');
    actor_run(&client);
    actor_say(&client, "");
    client.memory->message.pages = pages;
    client.memory->message.page_count = 2;
    CHECK_EQUAL(sys_message_call(server.process->id, &client.memory->message, &client.memory->reply), OK);
    const struct event *event = actor_take(&server);
    CHECK_EQUAL(event->page_count, 2);
    CHECK_EQUAL(sys_message_take_pages(event->id, &address), OK);
    CHECK(user_pages_are(server.process, (void *)(uintptr_t)address, 2) && !user_pages_are(client.process, pages, 2));
    CHECK_EQUAL(sys_message_take_pages(event->id, &address), NOTHING);
}

static const struct test tests[] = {
    TEST(call_in_registers_switches_to_the_receiver_and_its_answer_back),
    TEST(call_in_registers_that_must_wait_is_taken_and_answered_in_registers),
    TEST(answer_waits_while_somebody_stronger_is_ready),
    TEST(sleeping_caller_is_answered_but_not_run),
    TEST(sleeping_receiver_is_called_when_it_wakes),
    TEST(call_that_closes_a_ring_is_refused),
    TEST(calls_use_no_quota_and_no_memory),
    TEST(answer_from_bad_memory_can_be_given_again),
    TEST(only_the_process_that_was_called_can_use_the_call),
    TEST(old_call_does_not_reach_a_later_thread_in_the_same_place),
    TEST(words_and_memory_answer_each_other),
    TEST(event_that_is_no_call_of_words_comes_to_the_receivers_memory),
    TEST(event_of_the_kernels_comes_in_registers),
    TEST(pages_of_a_call_are_the_takers_and_cannot_be_taken_twice),
};
TEST_MAIN(tests)
