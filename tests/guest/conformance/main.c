/*
 * s\conformance: does each device what its type promises? Arguments are names of devices, or `all`.
 *
 * It has the role of the input server, for drivers of keyboards speak to nobody else. What it says of each check is read by
 * tests/system/guest.py:
 *
 *     PASS device/what_it_does
 *     FAIL device/what_it_does: why
 *     SKIP device/what_it_does: why     there is nothing to be checked
 *     DONE passed=N failed=N
 */
#include <ternion/manifest.h>
#include <ternion/string.h>

#include "check.h"
#include "role.h"
#include "runner.h"

MANIFEST(.role = ROLE_INPUT_SERVER, .partners = PARTNERS_ALL);

const struct kind *kind_of(device_type_t type)
{
    static const struct kind *const kinds[] = {
        &text_kind, &line_kind, &keyboard_kind, &pointer_kind, &storage_kind, &stream_kind, &bus_kind, &clock_kind, &tone_kind,
        &display_kind,
    };
    static struct kind unknown;

    for (uint32_t i = 0; i < COUNT(kinds); i++) {
        if (kinds[i]->type == type) {
            return kinds[i];
        }
    }
    unknown.type = type;
    return &unknown;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], ROLE_CHECK) == 0) {
        runner = parse_number(argv[2]);
        return check_main(argc - 3, argv + 3);
    }
    if (argc > 2 && (strcmp(argv[1], ROLE_USE) == 0 || strcmp(argv[1], ROLE_LINGER) == 0)) {
        runner = parse_number(argv[2]);
        return client_main(argv[1], argc - 3, argv + 3);
    }
    return runner_run(argc - 1, argv + 1);
}
