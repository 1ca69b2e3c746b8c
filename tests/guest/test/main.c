/* d\test, the witnesses, the tests and their accomplices are one program: the arguments say which of them a process is. */
#include <ternion/log.h>
#include <ternion/string.h>

#include "files.h"
#include "runner.h"
#include "test.h"
#include "witness.h"

#define ARGUMENTS_OF_TEST 4      /* with the process's name: NAME test RUNNER TEST */
#define ARGUMENTS_OF_ROLE 5      /* NAME role RUNNER TEST ROLE … */

static int run_test(void)
{
    const struct test *test = test_find(test_name);

    if (test == NULL) {
        EXPECT_NOT("there is no such test");
    }
    test->run();
    return 0;
}

static int run_role(int argc, char **argv)
{
    const struct role *role = role_find(argv[0]);

    if (role == NULL) {
        EXPECT_NOT("there is no role %s", argv[0]);
    }
    role->run(argc, argv);
    return 0;
}

int main(int argc, char **argv)
{
    bool is_test = argc == ARGUMENTS_OF_TEST && strcmp(argv[1], "test") == 0;
    bool is_role = argc >= ARGUMENTS_OF_ROLE && strcmp(argv[1], "role") == 0;

    if (argc == 2 && strcmp(argv[1], "witness") == 0) {
        return witness_main();
    }
    if (!is_test && !is_role) {
        return runner_main(argc, argv);
    }
    test_runner = test_number(argv[2]);
    test_name = argv[3];
    return is_test ? run_test() : run_role(argc - ARGUMENTS_OF_ROLE + 1, argv + ARGUMENTS_OF_ROLE - 1);
}
