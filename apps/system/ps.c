/* ps: the processes. */
#include <stdlib.h>
#include <string.h>

#include <ternion/grant_text.h>
#include <ternion/system.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/units.h"
#include "apps/system/processes.h"

static const char help[] =
    "usage: ps [-lt] [PROCESS]...\n"
    "Shows the processes, or those of these IDs or names: their memory, and the time that they have run (s).\n"
    "  -l  also: role, and what a process and all that it has started use together: processes, memory, messages (bytes), objects\n"
    "  -t  as a tree: who has started whom\n"
    "STATE: asleep: put to sleep by somebody; frozen: it made a mistake and is being looked at; late: it has used up its budget\n"
    "and runs behind the applications.\n";

static bool is_long, as_tree;
static struct processes all;

static const char *state_name(const struct process_information *process)
{
    return process->state == PROCESS_ASLEEP ? "asleep" : process->state == PROCESS_FROZEN ? "frozen" : process->over_budget ? "late" : "-";
}

static void print_head(void)
{
    output_text("        ID     PARENT STATE  THREADS   MEMORY       CPU ");
    if (is_long) {
        output_text("ROLE           PROCESSES   MEMORY MESSAGES OBJECTS ");
    }
    output_text("NAME\n");
}

static void print(const struct process_information *process, int depth)
{
    char memory[UNITS_SIZE], together[UNITS_SIZE];
    uint32_t hundredths = (uint32_t)(process->cpu_ns / 10000000U);

    output_format("%10u %10u %-6s %7u %7sK %6u.%02u ", (unsigned)process->id, (unsigned)process->parent, state_name(process),
                  (unsigned)process->threads, units_size((uint64_t)process->frames * (PAGE_SIZE / 1024), false, memory),
                  (unsigned)(hundredths / 100), (unsigned)(hundredths % 100));
    if (is_long) {
        output_format("%-14s %9u %7sK %8u %7u ", process->role < ROLE_COUNT ? role_name(process->role) : "?",
                      (unsigned)process->used[RESOURCE_PROCESSES],
                      units_size((uint64_t)process->used[RESOURCE_FRAMES] * (PAGE_SIZE / 1024), false, together),
                      (unsigned)process->used[RESOURCE_MESSAGE_BYTES], (unsigned)process->used[RESOURCE_OBJECTS]);
    }
    output_blanks(2 * depth);
    output_name(process->name);
    output_byte('\n');
}

static bool is_there(process_id_t id)
{
    for (size_t i = 0; i < all.count; i++) {
        if (all.process[i].id == id) {
            return true;
        }
    }
    return false;
}

/* They were read one after the other: should there be a ring, it is nobody's child and not shown; the depth ends all the same. */
static void print_below(process_id_t parent, int depth)
{
    for (size_t i = 0; i < all.count && depth <= (int)all.count; i++) {
        const struct process_information *process = &all.process[i];
        bool is_below = parent != 0 ? process->parent == parent : !is_there(process->parent);

        if (is_below) {
            print(process, depth);
            print_below(process->id, depth + 1);
        }
    }
}

static void print_all(void)
{
    processes_read(&all);
    if (as_tree) {
        print_below(0, 0);
        return;
    }
    for (size_t i = 0; i < all.count; i++) {
        print(&all.process[i], 0);
    }
}

int main(int argc, char **argv)
{
    struct process_information process;

    command_begin(argc, argv, "lt", help);
    for (int letter; (letter = command_option()) != 0;) {
        is_long |= letter == 'l';
        as_tree |= letter == 't';
    }
    print_head();
    if (command.count == 0) {
        print_all();
    }
    for (int i = 0; i < command.count; i++) {
        if (processes_find(command.operands[i], &process)) {
            print(&process, 0);
        }
    }
    return command_end();
}
