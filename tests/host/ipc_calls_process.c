/* Processes, threads, watches and interrupts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "i386/timer.h"
#include "ipc_calls.h"
#include "kernel_machine.h"
#include "kernel_user_memory.h"
#include "kernel_window.h"
#include "syscall_handlers.h"
#include "system_page.h"
#include "test.h"
#include "watch.h"

static process_id_t old_processes[16];
static thread_id_t old_threads[16];
static uint32_t made;

process_id_t some_process_id(void)
{
    process_id_t id = random_one_in(2) ? old_processes[random_below(16)] : random_edgy();
    uint32_t candidates = 0;

    if (random_one_in(10)) {
        return random_one_in(2) ? SELF : id;
    }
    MODEL_EACH(model_process, process, processes) {
        id = random_one_in(++candidates) ? process->id : id;
    }
    return id;
}

thread_id_t some_thread_id(void)
{
    thread_id_t id = random_one_in(2) ? old_threads[random_below(16)] : random_edgy();
    uint32_t candidates = 0;

    if (random_one_in(10)) {
        return random_one_in(2) ? 0 : id;
    }
    MODEL_EACH(model_thread, thread, threads) {
        id = random_one_in(++candidates) ? thread->id : id;
    }
    return id;
}

/* Nowhere, straddling the end of the area, right behind it, somebody else's. */
void *some_pointer(const struct model_thread *self, void *good, uint32_t size)
{
    uint8_t *end = (uint8_t *)(self->area + 1);

    if (size == 0 || !random_one_in(25)) {
        return good;
    }
    MODEL_EACH(model_thread, thread, threads) {
        if (thread->process != self->process && random_one_in(4)) {
            return thread->area;
        }
    }
    return random_one_in(3) ? NULL : random_one_in(2) ? end : end - (size < 16 ? size : 16) + 1;
}

nanoseconds_t some_deadline(bool *is_past_out)
{
    nanoseconds_t now = clock_now();
    nanoseconds_t deadline_ns = random_one_in(3) ? FOREVER : now + random_below(30 * TIMER_TICK_NS);

    if (random_one_in(6)) {
        deadline_ns = now - random_below(2) * random_below((uint32_t)now + 1);
    }
    *is_past_out = deadline_ns <= now;
    return deadline_ns;
}

/* The calls of a place in the arena are counted on, whoever has it. */
static message_id_t first_call_id(thread_id_t id)
{
    uint32_t index = id & ID_INDEX_MASK;
    message_id_t last = model.last_call[index];

    return last != 0 ? last : index << CALL_ID_INDEX_SHIFT | CALL_ID_MARK;
}

static void thread_made(struct model_process *process, struct thread *real)
{
    struct model_thread *thread = MODEL_NEW(threads);

    CHECK(thread != NULL);
    thread->real = real;
    thread->id = real->id;
    thread->process = process;
    thread->area = calloc(1, sizeof *thread->area);
    thread->deadline_ns = FOREVER;
    thread->call_id = first_call_id(thread->id);
    user_memory_add(process->real, thread->area, sizeof *thread->area);
    old_threads[made++ % 16] = thread->id;
}

static struct model_process *process_made(struct process *real, struct model_process *parent)
{
    struct model_process *process = MODEL_NEW(processes);

    CHECK(process != NULL);
    process->real = real;
    process->id = real->id;
    process->class = real->class;
    process->supervisor = real->supervisor;
    process->access = real->access;
    process->parent = parent;
    old_processes[made++ % 16] = process->id;
    return process;
}

static uint32_t count(const struct model_process *process)
{
    uint32_t threads = 0;

    MODEL_EACH(model_thread, thread, threads) {
        threads += process == NULL || thread->process == process;
    }
    return threads;
}

static uint32_t count_processes(void)
{
    uint32_t processes = 0;

    MODEL_EACH(model_process, process, processes) {
        processes++;
    }
    return processes;
}

void start_process(process_class_t class, const char *name)
{
    struct process *real;
    struct thread *thread;

    CHECK_EQUAL(machine_process_create(class, name, NULL, NULL, NULL, &real), OK);
    CHECK_EQUAL(thread_create(real, 0, 0, 0, &thread), OK);
    thread_made(process_made(real, NULL), thread);
}

void call_thread_create(struct model_thread *self)
{
    thread_id_t id;
    status_t expected = model_has_room(self->process, RESOURCE_THREADS, 1) ? OK : OVER_QUOTA;

    if (count(NULL) == MODEL_THREADS) {
        return;
    }
    if (expected == OK && model.heap_fails && window_add_needs_page(&thread_arena)) {
        expected = NO_MEMORY;
    }
    CHECK_EQUAL(sys_thread_create(0, 0, 0, &id), expected);
    if (expected == OK) {
        thread_made(self->process, arena_find(&thread_arena, id));
    }
}

/* Few roles, so that they meet; mostly all may speak to all. */
static struct access some_access(void)
{
    struct access access = machine_access;

    access.role = random_below(4);
    if (random_one_in(4)) {
        access.partners = random_below(16);
    }
    access.strikes = random_one_in(2) ? 0 : 1 + random_below(5);
    access.irqs = random_one_in(4) ? IRQ_BIT(3) : 0xFFFF;
    access.rights = random_one_in(2) ? 0 : RIGHTS_ALL;
    return access;
}

/* As process_spawn does it, without an image; limits are the parent's, or small. */
static status_t spawn(struct model_thread *self, process_class_t class, bool watched, struct process **real_out,
                      struct thread **thread_out)
{
    struct grant grant = { .limits = { 0 } };
    char name[NAME_SIZE_MAX + 1];

    for (uint32_t i = RESOURCE_PROCESSES; i < RESOURCE_COUNT && random_one_in(3); i++) {
        grant.limits[i] = i == RESOURCE_MESSAGE_BYTES ? random_below(3000) : random_below(6);
    }
    struct access access = some_access();
    (void)snprintf(name, sizeof name, "%c\\p%u", "dsa"[class], made);
    status_t status = machine_process_create(class, name, self->process->real, &grant, &access, real_out);
    if (status != OK) {
        return status;
    }
    status = thread_create(*real_out, 0, 0, 0, thread_out);
    if (status == OK && watched) {
        status = watch_create(self->process->real, *real_out);
    }
    if (status != OK) {
        process_end(*real_out, 0);
    }
    return status;
}

void call_spawn(struct model_thread *self)
{
    process_class_t class = self->process->class + random_below(CLASS_COUNT - self->process->class);
    bool watched = random_one_in(2);
    struct process *real;
    struct thread *thread;

    if (count(NULL) == MODEL_THREADS || count_processes() == MODEL_PROCESSES) {
        return;
    }
    status_t status = spawn(self, class, watched, &real, &thread);
    if (status != OK) {
        CHECK(status == NO_MEMORY ? model.heap_fails : status == OVER_QUOTA);
        return;
    }
    struct model_process *process = process_made(real, self->process);
    thread_made(process, thread);
    if (watched) {
        struct model_watch *watch = MODEL_NEW(watches);
        *watch = (struct model_watch){ true, self->process, process->id, true, 0 };
    }
}

static void end_thread_or_process(struct model_thread *thread, uint32_t code)
{
    if (count(thread->process) == 1) {
        model_process_end(thread->process, code);
    } else {
        model_thread_end(thread);
    }
}

void call_thread_exit(struct model_thread *self)
{
    end_thread_or_process(self, 0);
    CHECK_EQUAL(sys_thread_exit(), OK);
}

static bool may_control(const struct model_process *self, const struct model_process *other)
{
    if (self == other) {
        return true;
    }
    if (other->supervisor || self->class == CLASS_APPLICATION || !model_may_send(self, other)) {
        return false;
    }
    return self->class == CLASS_DRIVER || other->class != CLASS_DRIVER || (self->access.rights & RIGHT_CONTROL_DRIVERS) != 0;
}

static struct model_thread *thread_by_id(thread_id_t id)
{
    MODEL_EACH(model_thread, thread, threads) {
        if (thread->id == id) {
            return thread;
        }
    }
    return NULL;
}

static status_t expect_thread(const struct model_thread *self, const struct model_thread *other)
{
    return other == NULL ? BAD_ID : may_control(self->process, other->process) ? OK : NOT_ALLOWED;
}

void call_thread_terminate(struct model_thread *self)
{
    thread_id_t id = some_thread_id();
    struct model_thread *other = thread_by_id(id);
    status_t expected = expect_thread(self, other);

    if (expected == OK) {
        end_thread_or_process(other, other == self ? 0 : EXIT_TERMINATED);
    }
    CHECK_EQUAL(sys_thread_terminate(id), expected);
}

void call_thread_sleep(struct model_thread *self)
{
    thread_id_t id = some_thread_id();
    struct model_thread *other = id == 0 ? self : thread_by_id(id);
    status_t expected = expect_thread(self, other);

    if (expected == OK && !other->wake_pending) {
        other->asleep = true;
        model_thread_sleeps(other);
        model_pass_on(other->process);
    }
    if (expected == OK) {
        other->wake_pending = false;
    }
    CHECK_EQUAL(sys_thread_sleep(id), expected);
}

void call_thread_wake(struct model_thread *self)
{
    thread_id_t id = some_thread_id();
    struct model_thread *other = thread_by_id(id);
    status_t expected = expect_thread(self, other);

    if (expected == OK) {
        other->wake_pending |= !other->asleep;
        if (other->asleep) {
            other->asleep = false;
            model_pass_on(other->process);
        }
    }
    CHECK_EQUAL(sys_thread_wake(id), expected);
}

void call_thread_delay(struct model_thread *self)
{
    bool is_past;
    nanoseconds_t deadline_ns = some_deadline(&is_past);

    enter_usually(self);
    if (!is_past) {
        self->state = DELAYS;
        self->deadline_ns = deadline_ns;
    }
    CHECK_EQUAL(sys_thread_delay(deadline_ns), OK);
}

void call_process_exit(struct model_thread *self)
{
    uint32_t code = random_edgy();

    model_process_end(self->process, code & 0xFF);
    CHECK_EQUAL(sys_process_exit(code), OK);
}

static status_t expect_process(const struct model_thread *self, process_id_t id, struct model_process **other_out)
{
    *other_out = id == SELF ? self->process : model_process(id);
    return *other_out == NULL ? BAD_ID : may_control(self->process, *other_out) ? OK : NOT_ALLOWED;
}

void call_process_terminate(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *other;
    status_t expected = expect_process(self, id, &other);

    if (expected == OK) {
        model_process_end(other, EXIT_TERMINATED | 0xCD);
    }
    CHECK_EQUAL(sys_process_terminate(id, 0xABCD), expected);
}

/* In the order in which its threads were made. */
static void set_asleep(struct model_process *process, bool asleep)
{
    process->asleep = asleep;
    LIST_FOR_EACH(node, &process->real->threads) {
        if (asleep) {
            model_thread_sleeps(model_thread_of(LIST_ENTRY(node, struct thread, process_node)));
        }
    }
    for (uint32_t i = process->queued; i > 0; i--) {
        model_pass_on(process);  /* as many as there is work for */
    }
}

void call_process_sleep(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *other;
    status_t expected = expect_process(self, id, &other);

    if (expected == OK && other == self->process) {
        expected = BAD_ARGUMENT;
    }
    if (expected == OK && !other->asleep) {
        set_asleep(other, true);
    }
    CHECK_EQUAL(sys_process_sleep(id), expected);
}

void call_process_wake(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *other;
    status_t expected = expect_process(self, id, &other);

    if (expected == OK && other->asleep) {
        set_asleep(other, false);
    }
    CHECK_EQUAL(sys_process_wake(id), expected);
}
