/* supervised: the programs that d\init watches over. */
#include <string.h>

#include <ternion/init_client.h>
#include <ternion/process.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: supervised [-g] [NAME]...\n"
    "Tells of the programs that d\\init has started and watches over, or of these: their state, and how often they were started again.\n"
    "  -g  what each was given: role, partners, ports and so on, in the words of init.policy\n";

static const char *state_name(uint32_t state)
{
    static const char *const names[SUPERVISED_STATE_COUNT] = { "running", "restarting", "ended", "given up", "waiting", "absent" };

    return state < SUPERVISED_STATE_COUNT ? names[state] : "?";
}

static bool is_wanted(const char *name)
{
    for (int i = 0; i < command.count; i++) {
        if (strcmp(command.operands[i], name) == 0 || strcmp(command.operands[i], name + 2) == 0) {
            return true;
        }
    }
    return command.count == 0;
}

int main(int argc, char **argv)
{
    struct supervised_information entry;
    bool grants = false, has_found = false;
    char text[INIT_GRANT_MAX];
    process_id_t init;
    status_t status;

    command_begin(argc, argv, "g", help);
    while (command_option() != 0) {
        grants = true;
    }
    status = name_find("d\\init", &init);
    output_text("STATE      RESTARTS         ID NAME\n");
    for (uint32_t index = 0; status == OK && (status = init_information(init, index, &entry)) == OK; index++) {
        if (is_wanted(entry.name)) {
            output_format("%-10s %8u %10u %s\n", state_name(entry.state), (unsigned)entry.restarts, (unsigned)entry.process, entry.name);
            if (grants && init_grant_text(init, index, text, sizeof text) == OK) {
                output_format("    %s\n", text);
            }
            has_found = true;
        }
    }
    if (status != NOT_FOUND) {
        command_status("d\\init", status);
    } else if (!has_found) {
        command_error("d\\init watches over no such program");
    }
    return command_end();
}
