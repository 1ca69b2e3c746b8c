#include <abi/system.h>
#include <ternion/call.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/process.h>
#include <ternion/thread.h>

uint64_t timestamp_read(void);

static uint64_t best(uint64_t (*run)(void))
{
    uint64_t samples[31];
    for (int i = 0; i < 31; i++) {
        samples[i] = run();
    }
    for (int i = 0; i < 31; i++) for (int j = i + 1; j < 31; j++) if (samples[j] < samples[i]) { uint64_t t = samples[i]; samples[i] = samples[j]; samples[j] = t; }
    log_print(LOG_INFORMATION, "  min %llu median %llu max %llu", samples[0], samples[15], samples[30]);
    return samples[15];
}

static process_id_t server;
static uint64_t null_run(void)
{
    uint64_t t = timestamp_read();
    for (int i = 0; i < 1000; i++) (void)system_null();
    return timestamp_read() - t;
}
static uint64_t call0(void)
{
    uint64_t t = timestamp_read();
    for (int i = 0; i < 1000; i++) { struct words w = {{0}}; (void)message_call_words(server, &w); };
    return timestamp_read() - t;
}
static uint64_t call4(void)
{
    struct words w = {{1,2,3,4}};
    uint64_t t = timestamp_read();
    for (int i = 0; i < 1000; i++) (void)message_call_words(server, &w);
    return timestamp_read() - t;
}
static uint64_t slow_call(void)
{
    struct message m = { .words = {1,2,3,4} };
    struct reply r = { .buffer_size = 0 };
    uint64_t t = timestamp_read();
    for (int i = 0; i < 1000; i++) (void)message_call(server, &m, &r);
    return timestamp_read() - t;
}

static void serve(void *unused)
{
    (void)unused;
    struct event event;
    struct words words = {{0}};
    message_id_t id = 0;
    for (;;) {
        id = message_reply_wait_words(id, &words, &event);
        if (id == 0) {
            struct message m = { .words = {event.words[0]} };
            if (event.kind == EVENT_MESSAGE) (void)message_reply(event.id, &m);
            else log_print(LOG_INFORMATION, "event %u %u", event.kind, event.count);
        } else words.word[0] += 1;
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "server") == 0) { serve(NULL); }
    if (argc > 1 && strcmp(argv[1], "signal") == 0) { serve(NULL); }
    (void)thread_delay(300000000);
    log_print(LOG_INFORMATION, "null: %llu", best(null_run));
    if (process_find("a\\signal", 8, &server) != OK) return 1;
    log_print(LOG_INFORMATION, "call signal: %llu", best(call0));
    if (process_find("a\\server", 8, &server) != OK) return 1;
    struct words w = {{41,2,3,4}};
    status_t status = message_call_words(server, &w);
    log_print(LOG_INFORMATION, "status %u words %u %u %u %u", status, w.word[0], w.word[1], w.word[2], w.word[3]);
    log_print(LOG_INFORMATION, "call 4 words: %llu", best(call4));
    log_print(LOG_INFORMATION, "slow call: %llu", best(slow_call));
    return 0;
}
