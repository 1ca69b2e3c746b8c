/* What stands below the C library: files, pipes, processes, threads, signals. Spawned by itself it is what its arguments say. */
#include "check.h"

#include <stdio.h>

#include <ternion/system.h>

static const struct test {
    const char *name;
    void (*run)(void);
    bool for_applications;      /* needs no rights of a server */
} tests[] = {
    { "files", test_files, true },
    { "writing", test_writing, true },
    { "inheriting", test_inheriting, true },
    { "more", test_more, true },
    { "surviving", test_surviving, false },
    { "pipes", test_pipes, false },
    { "processes", test_processes, false },
    { "threads", test_threads, false },
    { "mutexes", test_mutexes, false },
    { "signals", test_signals, false },
    { "rest", test_rest, false },
};

int main(int count, char **arguments, char **environment)
{
    if (count > 1) {
        return child_main(count, arguments, environment);
    }
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (process_page()->class != CLASS_APPLICATION || tests[i].for_applications) {
            printf("testing %s\n", tests[i].name);
            tests[i].run();
        }
    }
    return checks_end();
}
