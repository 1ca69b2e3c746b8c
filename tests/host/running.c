#include "running.h"

#include <stdio.h>

#include "clock.h"
#include "i386/entry.h"
#include "i386/segments.h"
#include "test.h"

static jmp_buf left;
struct thread *threads[THREADS_MAX];
uint32_t ran[THREADS_MAX];
uint32_t thread_count;

void entry_resume(struct registers *registers)
{
    CHECK(registers == &thread_current->registers);
    CHECK_EQUAL(task_state.tss.esp0, (uintptr_t)(registers + 1));
    CHECK_EQUAL(active_directory, thread_current->directory);
    CHECK_EQUAL(thread_current->process->page->self, thread_current->slot_address);
    longjmp(left, 1);
}

void segments_forget(void)
{
}

void address_space_activate(const struct address_space *space)
{
    (void)space;
}

static struct process *process_new(process_class_t class)
{
    static uint32_t made;
    struct process *process;
    char name[32];

    (void)snprintf(name, sizeof name, "%c\\p%u", "dsa"[class], made++);
    CHECK_EQUAL(machine_process_create(class, name, NULL, NULL, NULL, &process), OK);
    return process;
}

struct thread *thread_new(process_class_t class)
{
    struct thread **thread = &threads[thread_count++];
    uint32_t burned = idle == NULL ? 0 : idle->burned;

    CHECK(thread_count <= THREADS_MAX);
    if (idle != NULL) {
        idle->burned = 0;        /* who makes a thread hands on what it has burned */
    }
    CHECK_EQUAL(thread_create(process_new(class), 0, 0, 0, thread), OK);
    if (idle != NULL) {
        idle->burned = burned;
    }
    return *thread;
}

struct thread *idle;

void begin(void)
{
    machine_begin();
    scheduler_initialise();
    idle = thread_new(CLASS_DRIVER);
    scheduler_remove(idle);
    idle->burned = BUDGET_TICKS;
    idle->level = LEVEL_OVER_BUDGET;
    idle->stronger = (1U << LEVEL_OVER_BUDGET) - 1;
    scheduler_add(idle);
}

/* The level that the rules say. */
static uint32_t level_of(const struct thread *thread)
{
    bool over = thread->process->class != CLASS_APPLICATION && thread->burned >= BUDGET_TICKS;

    return over ? LEVEL_OVER_BUDGET : thread->process->class;
}

bool ports_are_open(void)
{
    return task_state.tss.io_map_base == segments_io_map_base(true);
}

static void check_strongest_runs(void)
{
    CHECK(thread_current != NULL && thread_is_runnable(thread_current));
    if (thread_current->level == scheduler_turn()) {
        return;                  /* it starved: see starving_level_has_a_tick_in_ten */
    }
    for (uint32_t i = 0; i < thread_count; i++) {
        CHECK(!thread_is_runnable(threads[i]) || level_of(threads[i]) >= level_of(thread_current));
    }
    CHECK_EQUAL(ports_are_open(), thread_current->process->class == CLASS_DRIVER);
}

void leave(void)
{
    if ((thread_current == NULL || reschedule_needed != 0) && setjmp(left) == 0) {
        scheduler_leave();
    }
    check_strongest_runs();
}

void tick(void)
{
    for (uint32_t i = 0; i < thread_count; i++) {
        ran[i] += threads[i] == thread_current;
    }
    do {
        clock_tick();
        leave();
    } while (thread_current == idle && scheduler_turn() == LEVEL_OVER_BUDGET); /* it starves as well: never mind */
}

void ticks(uint32_t count)
{
    for (; count > 0; count--) {
        tick();
    }
}

static status_t go_on(struct thread *thread)
{
    CHECK(thread == thread_current);
    return OK;
}

void block_current(void)
{
    thread_block(thread_current, go_on);
    leave();
}

void wake(struct thread *thread)
{
    if (thread->blocked == BLOCKED_CONTINUATION && thread->continuation == go_on) {
        thread_unblock(thread);
    }
    leave();
}

uint32_t index_of(const struct thread *thread)
{
    uint32_t i = 0;

    while (threads[i] != thread) {
        i++;
    }
    return i;
}
