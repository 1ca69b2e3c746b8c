#include "apps/system/processes.h"

#include <stdlib.h>
#include <string.h>

#include <ternion/format.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#include "apps/command/command.h"

#define AT_A_TIME 32U

void processes_read(struct processes *processes_out)
{
    struct processes processes = { NULL, 0 };
    process_id_t id = 0;

    while (process_next(id, &id) == OK) {
        if (processes.count % AT_A_TIME == 0) {
            processes.process = command_memory_again(processes.process, (processes.count + AT_A_TIME) * sizeof *processes.process);
        }
        processes.count += process_information(id, &processes.process[processes.count]) == OK;
    }
    *processes_out = processes;
}

static bool find_by_number(const char *text, process_id_t *id_out)
{
    uint64_t number = 0;
    const char *at = text;

    for (; *at >= '0' && *at <= '9' && number <= UINT32_MAX; at++) {
        number = 10 * number + (uint64_t)(*at - '0');
    }
    *id_out = (process_id_t)number;
    return *at == '\0' && number != SELF && number <= UINT32_MAX;
}

static bool find_by_name(const char *text, process_id_t *id_out)
{
    static const char prefixes[] = "asd";
    char name[NAME_SIZE_MAX + 1];

    if (name_find(text, id_out) == OK) {
        return true;
    }
    for (const char *prefix = prefixes; *prefix != '\0'; prefix++) {
        if (format_text(name, sizeof name, "%c\\%s", *prefix, text) < sizeof name && name_find(name, id_out) == OK) {
            return true;
        }
    }
    return false;
}

bool processes_find(const char *text, struct process_information *process_out)
{
    process_id_t id;

    if ((find_by_number(text, &id) || find_by_name(text, &id)) && process_information(id, process_out) == OK) {
        return true;
    }
    command_error("%s: there is no such process", text);
    return false;
}
