/* reboot, poweroff: the end of the machine's work. */
#include <string.h>

#include <ternion/init_client.h>
#include <ternion/process.h>
#include <ternion/system.h>
#include <ternion/tasks.h>

#include "apps/command/command.h"

static const char help_of_reboot[] =
    "usage: reboot\n"
    "Starts the machine anew, once programs have saved what they have to, and the log is written.\n";
static const char help_of_poweroff[] =
    "usage: poweroff\n"
    "Switches the machine off, once programs have saved what they have to, and the log is written.\n";

/* An application asks the task manager; others have a right to it. */
static status_t end_work(power_action_t action)
{
    process_id_t init;

    if (process_page()->class == CLASS_APPLICATION) {
        return tasks_power(action);
    }
    status_t status = name_find("d\\init", &init);
    return status == OK ? init_power(init, action) : status;
}

int main(int argc, char **argv)
{
    bool reboots = argc > 0 && strcmp(command_last_part(argv[0]), "reboot") == 0;

    command_begin(argc, argv, "", reboots ? help_of_reboot : help_of_poweroff);
    (void)command_option();
    command_expect(0, 0);
    status_t status = end_work(reboots ? POWER_REBOOT : POWER_OFF);
    if (status == NOT_ALLOWED) {
        command_error("not permitted: only sessions that are named in the arguments of s\\tasks may do that (power= in init.list)");
    } else if (status == BUSY) {
        command_error("it is happening already");
    } else if (status != OK) {
        command_status(status == TIMED_OUT ? "s\\tasks" : "d\\init", status);
    }
    return command_end();
}
