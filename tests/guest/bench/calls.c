#include "calls.h"

#include <abi/trace.h>
#include <ternion/call.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "measure.h"
#include "peer.h"
#include "peers.h"

#define STACK_BYTES 4096U
#define GIVEN_PAGES 256U         /* 1 MB */
#define QUEUED 16U

static process_id_t server;

/* ---- Words ---- */

static uint64_t words_0_sample(void)
{
    return SAMPLE({ struct words words = { { 0 } }; MUST(message_call_words(server, &words)); });
}

static uint64_t words_2_sample(void)
{
    struct words words = { { 1, 2 } };

    return SAMPLE({ words.word[2] = 0; words.word[3] = 0; MUST(message_call_words(server, &words)); });
}

static uint64_t words_4_sample(void)
{
    struct words words = { { 1, 2, 3, 4 } };

    return SAMPLE(MUST(message_call_words(server, &words)));
}

static void answer_in_thread(void *unused)
{
    struct words words = { { 0 } };
    struct event event;
    message_id_t call = 0;

    (void)unused;
    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
    }
}

/* The events of this process go to that thread meanwhile. */
static void report_same_space(void)
{
    thread_id_t thread;

    MUST(thread_start(answer_in_thread, NULL, STACK_BYTES, &thread));
    (void)thread_yield();
    server = process_page()->id;
    report("call_reply_0w_same_space", measure_samples(words_0_sample, OPERATIONS), "instructions");
    MUST(thread_terminate(thread));
}

/* What those pay who are not traced: it must be the same as without a trace in the system. */
static void report_beside_a_trace(void)
{
    static struct trace_record records[4];
    process_id_t traced = peer_spawn(CLASS_APPLICATION, PEER_IDLE);
    uint32_t count;

    MUST(trace_set(traced, TRACE_ALL));
    report("call_reply_0w_beside_a_trace", measure_samples(words_0_sample, OPERATIONS), "instructions");
    MUST(trace_set(traced, 0));
    while (trace_read(records, sizeof records, &count) == OK) {
    }
    peer_end(traced);
}

static void report_words(void)
{
    server = peer_spawn(CLASS_DRIVER, PEER_WORDS);
    (void)thread_yield();
    report("call_reply_0w", measure_samples(words_0_sample, OPERATIONS), "instructions");
    report("call_reply_2w", measure_samples(words_2_sample, OPERATIONS), "instructions");
    report("call_reply_4w", measure_samples(words_4_sample, OPERATIONS), "instructions");
    report_beside_a_trace();
    peer_end(server);
}

/* ---- Strings ---- */

static uint8_t string[PAGE_SIZE];
static struct message request = { .string = string };
static struct reply reply;

static void call_with_string(void)
{
    MUST(message_call(server, &request, &reply));
}

static void report_strings(void)
{
    server = peer_spawn(CLASS_DRIVER, PEER_STRINGS);
    request.string_size = MESSAGE_INLINE_MAX;
    call_with_string();
    report("call_reply_64b", measure(call_with_string), "instructions");
    request.string_size = sizeof string;
    report("call_reply_4k", measure(call_with_string), "instructions");
    peer_end(server);
}

/* ---- Pages: each call gives a megabyte, each answer gives it back ---- */

static void call_with_pages(void)
{
    static struct message giving = { .page_count = GIVEN_PAGES, .page_flags = PAGES_GIVE };

    if (giving.pages == NULL) {
        uint32_t address;

        MUST(memory_allocate(GIVEN_PAGES, 0, &address));
        giving.pages = (void *)address;
    }
    MUST(message_call(server, &giving, &reply));
    giving.pages = (void *)reply.pages;
}

static void report_pages(void)
{
    server = peer_spawn(CLASS_DRIVER, PEER_PAGES);
    call_with_pages();
    report("page_give_1mb", (measure(call_with_pages) + 1) / 2, "instructions");
    peer_end(server);
}

/* ---- Messages that nobody waits for ---- */

static uint64_t send_sample(void)
{
    static const struct message message = { .words = { 1, 2, 3, 4 } };
    uint64_t begin = timestamp_read();

    for (uint32_t i = 0; i < QUEUED; i++) {
        MUST(message_send(server, &message));
    }
    return timestamp_read() - begin;
}

/* The receiver takes all that is queued before it answers the call behind it. */
static uint64_t drain_sample(void)
{
    (void)send_sample();

    uint64_t begin = timestamp_read();
    call_with_string();
    return timestamp_read() - begin;
}

static void report_messages(void)
{
    server = peer_spawn(CLASS_APPLICATION, PEER_MESSAGES);
    request.string_size = 0;
    call_with_string();
    report("messages_16_drained", measure_samples(drain_sample, 1), "instructions");
    report("message_send", measure_samples(send_sample, QUEUED), "instructions");
    call_with_string();
    peer_end(server);
}

void report_calls(void)
{
    report_words();
    report_same_space();
    report_strings();
    report_pages();
    report_messages();
}
