/* What stands below the C library: files, pipes, processes, threads, signals. Spawned by itself it is what its arguments say. */
#include "check.h"

#include <stdio.h>

int main(int count, char **arguments, char **environment)
{
    if (count > 1) {
        return child_main(count, arguments, environment);
    }
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        { "files", test_files },     { "pipes", test_pipes },     { "processes", test_processes }, { "threads", test_threads },
        { "mutexes", test_mutexes }, { "signals", test_signals }, { "rest", test_rest },
    };
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        printf("testing %s\n", tests[i].name);
        tests[i].run();
    }
    return checks_end();
}
