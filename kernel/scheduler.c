#include "scheduler.h"

#include "address_space.h"
#include "call.h"
#include "clock.h"
#include "fpu.h"
#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/segments.h"
#include "log.h"
#include "module.h"
#include "process.h"
#include "ready_queue.h"
#include "string.h"
#include "thread.h"

#define TICKS_BETWEEN_REPORTS 1000U
#define DONATIONS_MAX 8U         /* servers that call servers; behind that one pays for itself */

uint32_t reschedule_needed;
struct ready_queue ready_queue;
physical_t active_directory;

static struct thread *ended;
static struct thread *preempting;        /* will run next, unless a stronger one comes; in no list, though `queued` */
static uint32_t switches;
static uint32_t starved[LEVELS];         /* ticks that a level waited, less what running paid back */
static uint32_t turn;                    /* the level that has this tick, whoever else is ready; LEVELS: the strongest */

[[gnu::cold]] void scheduler_initialise(void)
{
    ready_queue_initialise(&ready_queue);
    memset(starved, 0, sizeof starved);
    turn = LEVELS;
}

static uint32_t level_of(const struct thread *thread)
{
    return thread->burned >= BUDGET_TICKS && thread->process->class != CLASS_APPLICATION
        ? LEVEL_OVER_BUDGET : thread->process->class;
}

static void level_set(struct thread *thread, uint32_t level)
{
    thread->level = level;
    thread->stronger = (1U << level) - 1;
}

void scheduler_new_thread(struct thread *thread)
{
    level_set(thread, level_of(thread));
    thread->slice = SLICE_TICKS;
}

static inline void add(struct thread *thread)
{
    ready_queue_append(&ready_queue, &thread->queue_node, thread->level);
    thread->queued = true;
    if (thread_current == NULL || thread->level < thread_current->level) {
        scheduler_request();
    }
}

void scheduler_add(struct thread *thread)
{
    add(thread);
}

void scheduler_remove(struct thread *thread)
{
    if (thread == preempting) {
        preempting = NULL;
    } else {
        ready_queue_remove(&ready_queue, &thread->queue_node, thread->level);
    }
    thread->queued = false;
}

[[gnu::cold]] void scheduler_class_changed(struct thread *thread)
{
    bool queued = thread->queued;

    if (queued) {
        scheduler_remove(thread);
    }
    level_set(thread, level_of(thread));
    if (queued) {
        scheduler_add(thread);
    }
    scheduler_request();
}

/* What sleep since blocked_at is worth, once. Direct switches leave it to be settled later. */
static inline void settle_sleep(struct thread *thread, uint32_t now)
{
    uint32_t slept = now - thread->blocked_at;

    /* What slept for longer than that is forgiven all; a direct switch may say that the next tick is the first to count. */
    if (thread->burned != 0 && thread->blocked_at != 0 && slept - 1 < INT32_MAX) {
        uint32_t paid_back = slept < BUDGET_TICKS ? slept * SLEEP_PAYS_BACK : BUDGET_TICKS;

        thread->burned -= paid_back < thread->burned ? paid_back : thread->burned;
    }
    thread->blocked_at = 0;      /* paid back once */
}

static inline void woken(struct thread *thread)
{
    settle_sleep(thread, (uint32_t)clock_tick_count);
    if ((thread->level == LEVEL_OVER_BUDGET || thread->slice == 0) && !thread->queued) {
        level_set(thread, level_of(thread));
    }
    thread->slice = SLICE_TICKS;
}

void scheduler_woken(struct thread *thread)
{
    woken(thread);
}

void scheduler_wake(struct thread *thread)
{
    woken(thread);
    if (!thread_is_runnable(thread) || thread->queued || thread == thread_current) {
        return;
    }
    if (preempting == NULL && thread_current != NULL && thread->level < thread_current->level && turn == LEVELS) {
        preempting = thread;     /* as good as queued, and cheaper */
        thread->queued = true;
        scheduler_request();
    } else {
        add(thread);
    }
}

[[gnu::cold]] static void report_over_budget(struct process *process)
{
    uint64_t now = clock_ticks();

    if (process->reported_at == 0 || now - process->reported_at > TICKS_BETWEEN_REPORTS) {
        process->reported_at = now;
        log_kernel(LOG_WARNING, "%s has run %u ms without sleeping: it runs behind the applications until it sleeps",
                   process->name, BUDGET_TICKS);
    }
}

/*
 * However many threads of stronger levels take turns at running: a level that was ready and did not run for
 * BUDGET_TICKS has a tick in each TURN_EVERY from then on.
 */
[[gnu::cold]] static void attend_starved(uint32_t running_level)
{
    if (turn < LEVELS) {
        turn = LEVELS;
        scheduler_request();
    }
    for (uint32_t level = 0; level < LEVELS; level++) {
        if (level == running_level) {
            starved[level] -= starved[level] < TURN_EVERY ? starved[level] : TURN_EVERY;
        } else if (level > running_level && (ready_queue.present & 1U << level) != 0 && ++starved[level] >= BUDGET_TICKS) {
            starved[level] = BUDGET_TICKS;
            turn = level;
            scheduler_request();
        }
    }
}

/*
 * On whose time the thread runs: while a call is served, its caller's. But a server that a second tick finds
 * at the same call uses its own.
 */
[[gnu::cold]] static struct thread *payer_of(struct thread *thread)
{
    for (uint32_t steps = 0; steps < DONATIONS_MAX; steps++) {
        struct thread *caller = call_server_works_for(thread);

        if (caller == NULL || thread->donation == thread->serves) {
            return thread;
        }
        thread->donation = thread->serves;
        thread = caller;
    }
    return thread;
}

[[gnu::cold]] static void slice_use(struct thread *payer)
{
    if (payer->slice > 0) {
        payer->slice--;
    }
    if (payer->slice > 0) {
        return;
    }
    if (payer == thread_current) {
        scheduler_request();
    } else {
        payer->stronger |= 1U << payer->level;   /* the answer does not switch to it past others of its level */
    }
}

[[gnu::cold]] void scheduler_tick(void)
{
    struct thread *thread = thread_current;
    uint32_t before = (uint32_t)clock_tick_count - 1;    /* in the tick itself it ran, or pays */

    if (thread == NULL) {
        return;
    }
    settle_sleep(thread, before);
    if (thread->level == LEVEL_OVER_BUDGET) {
        level_set(thread, level_of(thread));     /* it may have slept enough, before a direct switch */
    }
    attend_starved(thread->level);
    thread = payer_of(thread);
    settle_sleep(thread, before);
    if (thread != thread_current) {
        thread->blocked_at = (uint32_t)clock_tick_count;    /* what it pays for was no sleep */
    }
    thread->process->cpu_ticks++;
    if (thread->process->class != CLASS_APPLICATION && thread->burned < BUDGET_TICKS
        && ++thread->burned == BUDGET_TICKS) {
        report_over_budget(thread->process);
        level_set(thread, LEVEL_OVER_BUDGET);
        scheduler_request();
    }
    slice_use(thread);
}

/* The thread that ran goes back to the ready queue: at the front of its level if its turn is not over. */
static void put_back(struct thread *thread)
{
    if (thread->slice > 0) {
        ready_queue_prepend(&ready_queue, &thread->queue_node, thread->level);
    } else {
        thread->slice = SLICE_TICKS;
        level_set(thread, thread->level);
        ready_queue_append(&ready_queue, &thread->queue_node, thread->level);
    }
    thread->queued = true;
}

/* As direct_switch.asm does it. */
static void switch_to(struct thread *thread)
{
    thread_current = thread;
    segments_set_registers_end(&thread->registers + 1);
    fpu_switch(thread);
    *thread->self_address = thread->slot_address;
    if (thread->directory != active_directory) {
        segments_set_io_map_base(thread->io_map_base);
        active_directory = thread->directory;
        segments_forget();
        cpu_write_cr3(active_directory);
    }
    switches++;
}

[[gnu::cold]] void scheduler_process_ended(const struct process *process)
{
    if (process->space.directory_physical == active_directory) {
        active_directory = 0;
        address_space_activate(NULL);
    }
}

[[gnu::cold]] void scheduler_free_later(struct thread *thread)
{
    ended = thread;
    scheduler_request();
}

/* The thread that should run now; sleeps while there is none. */
static struct thread *choose(void)
{
    struct thread *thread = preempting;

    if (thread != NULL) {
        preempting = NULL;
        thread->queued = false;
        if ((ready_queue.present & thread->stronger) == 0 && turn == LEVELS) {
            return thread;
        }
        add(thread);
    }
    struct list *node = turn < LEVELS ? ready_queue_take_from(&ready_queue, turn) : NULL;

    while (node == NULL && (node = ready_queue_take(&ready_queue)) == NULL) {
        cpu_wait_for_interrupt();
    }
    thread = LIST_ENTRY(node, struct thread, queue_node);
    thread->queued = false;
    return thread;
}

/* Goes on with the system call in which the thread slept. False if it sleeps again. */
static bool system_call_continues(struct thread *thread)
{
    continuation_t *continuation = thread->continuation;

    thread->continuation = NULL;
    thread->registers.eax = continuation(thread);
    if (thread->blocked != BLOCKED_NOT) {
        return false;
    }
    deadline_cancel(&thread->deadline);
    return true;
}

void scheduler_leave(void)
{
    if (ended != NULL) {
        arena_remove(&thread_arena, ended);
        ended = NULL;
    }
    if (supervisor_has_ended) {
        modules_restart_supervisor();
    }
    for (;;) {
        struct thread *thread = thread_current;

        thread_current = NULL;
        if (thread != NULL && thread_is_runnable(thread)) {
            put_back(thread);
        }
        thread = choose();
        reschedule_needed = 0;
        if (thread != thread_current) {
            switch_to(thread);
        }
        if (thread->continuation == NULL
            || (system_call_continues(thread) && reschedule_needed == 0)) {
            entry_resume(&thread->registers);
        }
        cpu_interrupt_window();  /* threads that wake each other in their system calls could keep the kernel for long */
    }
}

uint32_t scheduler_turn(void)
{
    return turn;
}

uint32_t scheduler_switches(void)
{
    return switches;
}
