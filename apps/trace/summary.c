#include "summary.h"

#include "call.h"
#include "line.h"

static const char *const kind_names[TRACE_KIND_COUNT] = {
    [TRACE_EVENT] = "events",
    [TRACE_PORT_READ] = "port reads",
    [TRACE_PORT_WRITE] = "port writes",
    [TRACE_STRIKE] = "strikes",
    [TRACE_FAULT] = "faults",
    [TRACE_PROCESS_ENDS] = "processes that ended",
};

void summary_call(struct summary *summary, uint32_t number, bool succeeded, nanoseconds_t time_ns)
{
    if (number < SYSCALL_COUNT) {
        summary->calls[number].count++;
        summary->calls[number].failed += !succeeded;
        summary->calls[number].time_ns += time_ns;
    }
}

static void put_line(const struct line *line, void (*put)(const char *text, uint32_t size))
{
    put(line->text, line->size);
}

/* Does one come behind another? First those that took the most time. */
static bool comes_behind(const struct call_summary *calls, int one, int other)
{
    return calls[one].time_ns < calls[other].time_ns || (calls[one].time_ns == calls[other].time_ns && one > other);
}

/* The first of those behind `last`; -1: the first of all. -1: there are no more. */
static int next_call(const struct summary *summary, int last)
{
    const struct call_summary *calls = summary->calls;
    int best = -1;

    for (int i = 0; i < (int)SYSCALL_COUNT; i++) {
        bool is_left = calls[i].count != 0 && (last < 0 || comes_behind(calls, i, last));

        if (is_left && (best < 0 || comes_behind(calls, best, i))) {
            best = i;
        }
    }
    return best;
}

/* As `strace -c` shows it. Shares are in hundredths of a percent. */
static void put_row(const struct call_summary *call, nanoseconds_t all_ns, const char *name,
                    void (*put)(const char *text, uint32_t size))
{
    /* Microseconds: ten thousand times as many fit 64 bits. */
    uint64_t part_us = call->time_ns / 1000, all_us = all_ns / 1000;
    uint64_t each_us = call->count == 0 ? 0 : part_us / call->count;
    uint32_t share = all_us == 0 ? 0 : (uint32_t)(part_us * 10000 / all_us);
    struct line line;

    line_begin(&line);
    line_add(&line, "%3u.%02u %7u.%06u %10llu %9u %9u %s", share / 100, share % 100, (uint32_t)(part_us / 1000000),
             (uint32_t)(part_us % 1000000), (unsigned long long)each_us, call->count, call->failed, name);
    put_line(&line, put);
}

static void put_calls(const struct summary *summary, void (*put)(const char *text, uint32_t size))
{
    struct call_summary all = { 0 };
    struct line name;

    for (uint32_t i = 0; i < SYSCALL_COUNT; i++) {
        all.count += summary->calls[i].count;
        all.failed += summary->calls[i].failed;
        all.time_ns += summary->calls[i].time_ns;
    }
    if (all.count == 0) {
        return;
    }
    static const char head[] = "% time        seconds   usecs/call     calls    failed system call";
    put(head, sizeof head - 1);
    for (int i = next_call(summary, -1); i >= 0; i = next_call(summary, i)) {
        line_begin(&name);
        call_add_name(&name, (uint32_t)i);
        put_row(&summary->calls[i], all.time_ns, name.text, put);
    }
    put_row(&all, all.time_ns, "total", put);
}

void summary_put(const struct summary *summary, void (*put)(const char *text, uint32_t size))
{
    struct line line;
    uint32_t count = 0;

    put_calls(summary, put);
    line_begin(&line);
    for (uint32_t kind = 0; kind < TRACE_KIND_COUNT; kind++) {
        if (kind_names[kind] != NULL && summary->kinds[kind] != 0) {
            line_add(&line, "%s%u %s", count++ == 0 ? "" : ", ", summary->kinds[kind], kind_names[kind]);
        }
    }
    line_add(&line, "%s%u records lost", count == 0 ? "" : ", ", summary->lost);
    put_line(&line, put);
}
