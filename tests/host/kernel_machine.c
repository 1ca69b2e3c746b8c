#include "kernel_machine.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "address_space.h"
#include "address_wait.h"
#include "arena.h"
#include "clock.h"
#include "device.h"
#include "dma.h"
#include "fpu.h"
#include "panic_screen.h"
#include "vm86.h"
#include "i386/cpu.h"
#include "i386/entropy.h"
#include "i386/interrupt_controller.h"
#include "i386/registers.h"
#include "i386/segments.h"
#include "i386/timer.h"
#include "i386/trace_calls.h"
#include "i386/traps.h"
#include "irq.h"
#include "kernel_heap.h"
#include "kernel_user_memory.h"
#include "kernel_window.h"
#include "log.h"
#include "message.h"
#include "module.h"
#include "name.h"
#include "plant.h"
#include "port_map.h"
#include "privileged.h"
#include "process.h"
#include "save_state.h"
#include "shared_object.h"
#include "spawn.h"
#include "syscall.h"
#include "system_page.h"
#include "test.h"
#include "thread.h"
#include "timer.h"
#include "trace.h"
#include "window.h"

#define SHOWN_MAX 64U

static struct arena_slot process_slots[MACHINE_PROCESSES];
static struct arena_slot thread_slots[MACHINE_THREADS];
static struct id_entry message_entries[MACHINE_MESSAGES];
static struct id_entry timer_entries[MACHINE_TIMERS];
static struct id_entry shared_entries[MACHINE_SHARED];
static struct id_entry device_entries[MACHINE_DEVICES];
static struct system_page page;
static bool unmasked[IRQ_LINES];
static bool spurious;
static uint32_t log_lines;

struct system_page *const system_page = &page;
uint32_t cpu_features;
syscall_function_t *const syscall_tables[CLASS_COUNT][SYSCALL_COUNT];
syscall_function_t *const trace_calls[MACHINE_TRACE_CALLS];
struct task_state task_state;
uint32_t fpu_traps;
struct thread *fpu_owner;
bool supervisor_has_ended;

const struct access machine_access = {
    .rights = RIGHTS_ALL,
    .partners = PARTNERS_ALL,
    .irqs = 0xFFFF,
    .ports = { { 0, 0xFFFF } },
    .memory = { { 0, UINT32_MAX } },
};

/* As the objects of the kernel lie in the machine: there are offsets in entry.asm. */
_Static_assert(sizeof(struct process) <= 1U << PROCESS_STRIDE_SHIFT && sizeof(struct thread) <= 1U << THREAD_STRIDE_SHIFT,
               "processes and threads fit their places");

void machine_begin(void)
{
    arena_initialise(&process_arena, window_place(0), PROCESS_STRIDE_SHIFT, process_slots, MACHINE_PROCESSES);
    arena_initialise(&thread_arena, window_place(1), THREAD_STRIDE_SHIFT, thread_slots, MACHINE_THREADS);
    id_table_initialise(&message_table, message_entries, MACHINE_MESSAGES);
    id_table_initialise(&timer_table, timer_entries, MACHINE_TIMERS);
    id_table_initialise(&shared_object_table, shared_entries, MACHINE_SHARED);
    id_table_initialise(&device_table, device_entries, MACHINE_DEVICES);
    message_table.wraps = timer_table.wraps = shared_object_table.wraps = device_table.wraps = true;
    system_limits = (struct grant){ .limits = { 10000, 30, 30, 1U << 20, 30 } };
    privileged_allow();
    names_initialise();
    devices_initialise();
    dma_initialise();
    trace_initialise();
    address_wait_initialise();
    irqs_initialise();
    clock_initialise();
}

status_t machine_process_create(process_class_t class, const char *name, struct process *parent, const struct grant *limits,
                                const struct access *access, struct process **process_out)
{
    static const struct grant none;
    const struct spawn_request request = {
        .class = class,
        .name = name,
        .name_size = (uint32_t)strlen(name),
        .grant = limits == NULL ? &none : limits,
        .parent = parent,
    };

    return process_create(&request, access == NULL ? &machine_access : access, process_out);
}

bool machine_line_is_masked(uint32_t line)
{
    return !unmasked[line];
}

void machine_interrupt(uint32_t line, bool is_spurious)
{
    struct registers registers = { .vector = VECTOR_IRQ_BASE + line };

    spurious = is_spurious;
    irq_handle(&registers);
}

void interrupt_controller_initialise(void)
{
}

void interrupt_mask(uint32_t line)
{
    CHECK(line < IRQ_LINES);
    unmasked[line] = false;
}

void interrupt_unmask(uint32_t line)
{
    CHECK(line < IRQ_LINES);
    unmasked[line] = true;
}

void interrupt_end(uint32_t line)
{
    CHECK(line < IRQ_LINES);
}

bool interrupt_is_spurious(uint32_t line)
{
    (void)line;
    return spurious;
}

void timer_start(void)
{
}

void entropy_begin(void)
{
}

uint32_t entropy_sample(void)
{
    return 0;                    /* keys are the same in every run */
}

void fpu_set_traps(bool wanted)
{
    fpu_traps = wanted;
}

void vm86_forget(struct thread *thread)
{
    (void)thread;
}

void panic_screen_process_ended(const struct process *process)
{
    (void)process;
}

void fpu_forget(struct thread *thread)
{
    CHECK(thread->fpu == NULL);
}

void machine_on_window(void (*hook)(void))
{
    privileged_on_sti(hook);
}

status_t port_map_create(struct address_space *space, const struct access *access)
{
    space->has_ports = access->ports[0].last != 0;
    return OK;
}

/* ---- Memory ---- */

/* What address_space_show has mapped. */
static struct shown {
    const struct address_space *space;   /* NULL: nothing */
    uint32_t address;
    physical_t first;
    uint32_t pages;
} shown[SHOWN_MAX];

status_t address_space_show(struct address_space *space, physical_t first, uint32_t pages, bool writable, uint32_t *address_out)
{
    static uint32_t next_address = 0x40000000;
    struct shown *one = shown;

    CHECK(writable && first % PAGE_SIZE == 0);
    if (heap_fails_now()) {
        return NO_MEMORY;
    }
    while (one->space != NULL) {
        CHECK(++one < shown + SHOWN_MAX);
    }
    *one = (struct shown){ space, next_address, first, pages };
    *address_out = next_address;
    next_address += pages * PAGE_SIZE;
    return OK;
}

void address_space_hide(struct address_space *space, uint32_t address, physical_t first, uint32_t pages)
{
    for (uint32_t i = 0; i < SHOWN_MAX; i++) {
        if (shown[i].space == space && shown[i].address == address) {
            CHECK(shown[i].first == first && shown[i].pages == pages);
            shown[i].space = NULL;
        }
    }
}

uint32_t machine_pages_shown(const struct address_space *space)
{
    uint32_t pages = 0;

    for (uint32_t i = 0; i < SHOWN_MAX; i++) {
        pages += shown[i].space == space ? shown[i].pages : 0;
    }
    return pages;
}

/* An address space is nothing but its charge, the process page, and what is shown in it. */
status_t address_space_create(struct address_space *space, struct account *account, bool reserve)
{
    *space = (struct address_space){ .account = account, .reserve = reserve };
    return account_charge(account, RESOURCE_FRAMES, MACHINE_FRAMES);
}

void address_space_destroy(struct address_space *space)
{
    user_pages_remove(LIST_ENTRY(space, struct process, space));
    for (uint32_t i = 0; i < SHOWN_MAX; i++) {
        shown[i].space = shown[i].space == space ? NULL : shown[i].space;
    }
    free(space->directory);
    account_release(space->account, RESOURCE_FRAMES, MACHINE_FRAMES);
}

status_t address_space_show_frame(struct address_space *space, uint32_t address, physical_t frame)
{
    (void)space, (void)address, (void)frame;
    return OK;
}

status_t address_space_add_page(struct address_space *space, uint32_t address, bool writable, void **memory_out)
{
    (void)address, (void)writable;
    *memory_out = space->directory = malloc(PAGE_SIZE);
    space->directory_physical = (physical_t)(uintptr_t)space->directory;
    return OK;
}

void log_kernel(enum log_level level, const char *format, ...)
{
    CHECK(level < LOG_LEVEL_COUNT && format != NULL);
    log_lines++;
}

uint32_t machine_log_lines(void)
{
    return log_lines;
}

status_t log_receive(void USER *string_out, uint32_t string_size)
{
    (void)string_out, (void)string_size;
    return BAD_ID;
}

void log_process_began(struct process *process)
{
    CHECK(process != NULL);
}

void log_process_gone(const struct process *process)
{
    CHECK(process != NULL);
}

static void save_describe(const struct event_source *source, struct event *event_out)
{
    (void)source;
    event_out->kind = EVENT_SAVE_STATE;
}

static void save_delivered(struct event_source *source)
{
    (void)source;
}

void save_state_process_begins(struct process *process)
{
    static const struct event_source_type type = { false, save_describe, save_delivered };

    event_source_initialise(&process->save_event, &type);
}

void save_state_process_ended(struct process *process)
{
    event_withdraw(&process->save_event);
}

void save_state_tick(void)
{
}

void plant_tick(void)
{
}

void modules_process_ended(const struct process *process)
{
    CHECK(process != NULL);
}

void modules_restart_supervisor(void)
{
    FAIL("nobody has ended the supervisor");
}
