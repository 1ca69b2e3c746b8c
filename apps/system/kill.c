/* kill: ends processes, puts them to sleep, wakes them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/tasks.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/system/processes.h"

static const char help[] =
    "usage: kill [-t] [-SIGNAL] PROCESS...\n"
    "       kill -l\n"
    "Ends processes of this session, by their IDs or names. There is no way to refuse; SIGNAL is what is told of the end.\n"
    "  -STOP    puts them to sleep instead\n"
    "  -CONT    wakes them\n"
    "  -t       with all that they have started\n"
    "  -l       lists the signals: HUP INT QUIT KILL TERM STOP CONT, and others by their numbers\n";

struct signal_name {
    const char *name;
    int number;
};

static const struct signal_name signals[] = {
    { "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ABRT", SIGABRT }, { "KILL", SIGKILL }, { "TERM", SIGTERM },
    { "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "CONT", SIGCONT },
};
#define SIGNAL_COUNT (sizeof signals / sizeof signals[0])
#define SIGNAL_MAX 31U

static int find_signal(const char *name)
{
    const char *text = strncmp(name, "SIG", 3) == 0 ? name + 3 : name;

    for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
        if (strcmp(signals[i].name, text) == 0) {
            return signals[i].number;
        }
    }
    if (*text < '0' || *text > '9') {
        command_misused("there is no option -%s", name);
    }
    return (int)command_number(text, SIGNAL_MAX, "signal");
}

static void list_signals(void)
{
    for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
        output_format("%2d %s\n", signals[i].number, signals[i].name);
    }
}

/* Servers and drivers need nobody's permission but the kernel's; they act on one at a time. */
static status_t act_oneself(process_id_t id, int signal)
{
    return signal == SIGCONT ? process_wake(id)
        : signal == SIGSTOP || signal == SIGTSTP ? process_sleep(id) : process_terminate(id, (uint32_t)signal);
}

static status_t act(process_id_t id, int signal, uint32_t flags)
{
    if (process_page()->class != CLASS_APPLICATION && flags == 0) {
        return act_oneself(id, signal);
    }
    return signal == SIGCONT ? tasks_wake(id, flags)
        : signal == SIGSTOP || signal == SIGTSTP ? tasks_sleep(id, flags) : tasks_end(id, (uint32_t)signal, flags);
}

static const char *why_not(const struct process_information *process)
{
    if (process->class != CLASS_APPLICATION) {
        return "not permitted: servers and drivers are not for applications to end";
    }
    return process->role != ROLE_NONE ? "not permitted: it is a part of the system"
        : "not permitted: it is another session's, or the first of this one";
}

static void act_on(const char *operand, int signal, uint32_t flags)
{
    struct process_information process;

    if (!processes_find(operand, &process)) {
        return;
    }
    status_t status = signal == 0 ? OK : act(process.id, signal, flags);
    if (status == NOT_ALLOWED) {
        command_error("%s: %s", operand, why_not(&process));
    } else if (status == TIMED_OUT) {
        command_error("%s: the task manager s\\tasks does not answer", operand);
    } else if (status != OK && status != BAD_ID) {
        command_status(operand, status);
    }
}

int main(int argc, char **argv)
{
    const char *name = "TERM";
    uint32_t flags = 0;

    /* -9 and -STOP look like options with many letters: they are taken out first. */
    for (int i = 1; i < argc && argv[i][0] == '-' && argv[i][1] != '\0' && argv[i][1] != '-'; i++) {
        if (strchr("tls", argv[i][1]) == NULL) {
            name = argv[i] + 1;
            memmove(&argv[i], &argv[i + 1], (size_t)(argc - i) * sizeof *argv);
            argc--;
            break;
        }
    }
    command_begin(argc, argv, "+tls:", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 'l') {
            list_signals();
            return command_end();
        }
        if (letter == 't') {
            flags = TASKS_TREE;
        } else {
            name = command.value;
        }
    }
    int signal = find_signal(name);
    command_expect(1, 1000000);
    for (int i = 0; i < command.count; i++) {
        act_on(command.operands[i], signal, flags);
    }
    return command_end();
}
