#include "pipe_world.h"

#include <string.h>

#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_user_memory.h"
#include "kernel_window.h"
#include "pipe_world_model.h"
#include "process.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"

struct world world;

static void run(struct world_thread *thread)
{
    status_t status;

    CHECK(world_is_idle(thread));
    if (thread->real != thread_current) {
        CHECK(!ready_switch_to(thread->real, &status));
    }
}

bool world_is_idle(const struct world_thread *thread)
{
    return thread->real != NULL && !thread->active && !thread->thrown_out && !thread->handed && !thread->asleep;
}

bool world_can_go_on(const struct world_thread *thread)
{
    return thread->real != NULL && (thread->woken || thread->thrown_out || thread->handed) && !thread->asleep;
}

/* The reader has the first bytes of what is written. Their number. */
static uint32_t hand_over(struct world_thread *reader)
{
    uint32_t part = reader->size - reader->moved;

    world_line_leave(reader);
    reader->handed = true;
    return part;
}

static void check_handed(const struct world_thread *reader, const struct world_thread *writer, uint32_t part)
{
    CHECK(memcmp(reader->buffer + reader->size - part, writer->buffer, part) == 0);
}

/* The transfer came to its end, as it should, or sleeps. */
static void conclude(struct world_thread *thread, bool ends, uint32_t moved)
{
    bool has_moved = moved != thread->moved;

    world_follow(thread, moved);
    if (has_moved) {
        world_attend();
    }
    if (ends) {
        world_line_leave(thread);
        CHECK(!world.processes[thread->process].member || thread->real->transfer.pipe == NULL);
    }
}

static void buffer_fill(struct world_thread *thread)
{
    for (uint32_t i = 0; i < WORLD_BUFFER; i++) {
        thread->buffer[i] = thread->writes ? ++world.next_byte : 0;
    }
}

void world_transfer(struct world_thread *thread, bool writes, uint32_t size, bool partial)
{
    bool somebody = world.line_length[writes] > 0;
    bool waits = somebody && size > 0 && !partial;
    status_t expected = OK;
    uint32_t expected_moved = 0;
    struct world_thread *reader = NULL;
    uint32_t handed = 0;
    uint32_t moved = 0;
    bool ends = true;

    run(thread);
    thread->writes = writes;
    thread->partial = partial;
    thread->size = size;
    thread->moved = 0;
    buffer_fill(thread);
    if (!world_owner_of(thread)->member) {
        expected = BAD_ID;
    } else if (size > 0 && somebody && partial) {
        expected = NOTHING;
    } else if (size > 0 && writes && !world_is_left(world_owner_of(thread), true) && (reader = world_reader_to_hand_to(size)) != NULL && thread->bad_memory) {
        expected = BAD_ADDRESS;
    } else if (reader != NULL && (expected_moved = handed = hand_over(reader)) == size) {
        thread->moved = size;
    } else if (size > 0) {
        thread->moved = handed;
        world.line[writes][world.line_length[writes]++] = thread;
        thread->active = true;
        ends = !waits && world_run_turn(thread, &expected_moved, &expected);
    }
    uint32_t flags = partial ? PIPE_PARTIAL : 0;
    status_t status = writes ? sys_pipe_write(world.handle.id, thread->buffer, size, flags, &moved)
                             : sys_pipe_read(world.handle.id, thread->buffer, size, flags, &moved);
    CHECK_EQUAL(status, expected);
    CHECK_EQUAL(moved, expected_moved);
    if (handed > 0) {
        check_handed(reader, thread, handed);
    }
    if (thread->active) {
        conclude(thread, ends, expected_moved);
    }
    world_check();
}

/* It was handed all it wanted: it runs again with that in its registers. */
static void end_handed(struct world_thread *thread)
{
    status_t status;

    CHECK(!ready_switch_to(thread->real, &status));
    CHECK(thread->real->registers.eax == OK && thread->real->registers.ebx == thread->size);
    thread->handed = false;
}

void world_go_on(struct world_thread *thread)
{
    status_t expected = BAD_ID;
    status_t status;
    uint32_t moved = thread->moved;

    if (thread->handed) {
        end_handed(thread);
        world_check();
        return;
    }
    bool ends = thread->thrown_out || world_run_turn(thread, &moved, &expected);
    CHECK(ready_switch_to(thread->real, &status));
    if (ends) {
        CHECK_EQUAL(status, expected);
        CHECK_EQUAL(thread->real->registers.ebx, moved);
    }
    if (thread->active) {
        conclude(thread, ends, moved);
    }
    thread->thrown_out = false;
    world_check();
}

void world_leave(struct world_thread *thread)
{
    struct world_process *process = world_owner_of(thread);

    run(thread);
    CHECK_EQUAL(sys_pipe_leave(world.handle.id), process->member ? OK : BAD_ID);
    if (process->member) {
        world_process_leaves(process);
    }
    world_check();
}

void world_join(struct world_thread *thread, bool right_key)
{
    struct world_process *process = world_owner_of(thread);
    status_t expected = !world.pipe_lives ? BAD_ID : !right_key ? NOT_ALLOWED : process->member ? EXISTS : OK;

    run(thread);
    CHECK_EQUAL(sys_pipe_join(world.handle.id, world.handle.key ^ !right_key), expected);
    if (expected == OK) {
        process->member = true;
        process->uses = PIPE_READABLE | PIPE_WRITABLE;
        world.was_joined = true;
    }
    world_check();
}

void world_restrict(struct world_thread *thread, uint32_t uses)
{
    struct world_process *process = world_owner_of(thread);
    status_t expected = !process->member ? BAD_ID : uses == 0 || (uses & ~process->uses) != 0 ? BAD_ARGUMENT : OK;

    run(thread);
    CHECK_EQUAL(sys_pipe_restrict(world.handle.id, uses), expected);
    if (expected == OK) {
        process->uses = uses;
        process->wanted &= uses;
        if ((uses & PIPE_READABLE) == 0) {
            world_throw_out(process, false);
        }
        if ((uses & PIPE_WRITABLE) == 0) {
            world_throw_out(process, true);
        }
        world_attend();
    }
    world_check();
}

void world_notify(struct world_thread *thread, uint32_t wanted)
{
    struct world_process *process = world_owner_of(thread);
    status_t expected = !process->member ? BAD_ID : (wanted & ~process->uses) != 0 ? BAD_ARGUMENT : OK;

    run(thread);
    CHECK_EQUAL(sys_pipe_notify(world.handle.id, wanted), expected);
    if (expected == OK) {
        process->ready = (wanted & world_ready_now(process)) != 0;
        process->wanted = process->ready ? 0 : wanted;
    }
    world_check();
}

void world_poll(struct world_thread *thread)
{
    struct world_process *process = world_owner_of(thread);
    struct event event;

    run(thread);
    user_memory_add(process->real, &event, sizeof event);
    status_t status = sys_event_poll(&event);
    user_memory_remove(&event);
    CHECK_EQUAL(status, process->released || process->ready ? OK : NOTHING);
    if (status != OK) {
        return;
    }
    CHECK_EQUAL(event.id, world.handle.id);
    if (event.kind == EVENT_PIPE_RELEASED) {
        CHECK(process->released && event.count == world_members());
        process->released = false;
    } else {
        CHECK(event.kind == EVENT_PIPE_READY && process->ready && event.count == world_ready_now(process));
        process->ready = false;
    }
    world_check();
}

void world_sleep(struct world_thread *thread, struct world_thread *other)
{
    run(thread);
    CHECK_EQUAL(sys_thread_sleep(other->real->id), OK);
    other->asleep = true;
    world_check();
}

void world_wake(struct world_thread *thread, struct world_thread *other)
{
    run(thread);
    CHECK_EQUAL(sys_thread_wake(other->real->id), OK);
    other->asleep = false;
    world_check();
}

/* ---- Ends ---- */

static void thread_ended(struct world_thread *thread)
{
    if (thread->active) {
        world_line_leave(thread);
    }
    thread->real = NULL;
    thread->thrown_out = false;
    thread->handed = false;
    thread->asleep = false;
    if (!thread->bad_memory) {
        user_memory_remove(thread->buffer);
    }
}

void world_process_end(struct world_process *process)
{
    for (uint32_t i = 0; i < world.thread_count; i++) {
        if (world_owner_of(&world.threads[i]) == process && world.threads[i].real != NULL) {
            thread_ended(&world.threads[i]);
        }
    }
    if (process->member) {
        world_process_leaves(process);
    }
    process_end(process->real, 0);
    process->real = NULL;
    world_check();
}

void world_thread_end(struct world_thread *thread)
{
    if (world_process_of(thread)->thread_count == 1) {
        world_process_end(world_owner_of(thread));
        return;
    }
    struct thread *real = thread->real;
    thread_ended(thread);
    thread_end(real);
    world_check();
}

void world_memory_lose(struct world_thread *thread)
{
    if (!thread->bad_memory) {
        user_memory_remove(thread->buffer);
        thread->bad_memory = true;
    }
}

void world_memory_find(struct world_thread *thread)
{
    if (thread->bad_memory) {
        user_memory_add(world_process_of(thread), thread->buffer, WORLD_BUFFER);
        thread->bad_memory = false;
    }
}

/* ---- Begin and end ---- */

void world_prepare(void)
{
    struct process *process;
    struct thread *thread;

    machine_begin();
    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, "d\\nobody", NULL, NULL, NULL, &process), OK);
    CHECK_EQUAL(thread_create(process, 0, 0, 0, &thread), OK);
}

static void process_begin(uint32_t index)
{
    struct world_process *process = &world.processes[index];
    char name[] = { 'd', '\\', (char)('p' + index), '\0' };

    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, name, NULL, NULL, NULL, &process->real), OK);
}

static void thread_begin(uint32_t index)
{
    static uint8_t buffers[WORLD_THREADS][WORLD_BUFFER];
    struct world_thread *thread = &world.threads[index];

    thread->process = index % world.process_count;
    CHECK_EQUAL(thread_create(world_process_of(thread), 0, 0, 0, &thread->real), OK);
    thread->buffer = buffers[index];
    thread->bad_memory = true;
    world_memory_find(thread);
}

void world_begin(uint32_t processes, uint32_t threads)
{
    world = (struct world){ .process_count = processes, .thread_count = threads, .pipe_lives = true };
    for (uint32_t i = 0; i < processes; i++) {
        process_begin(i);
    }
    for (uint32_t i = 0; i < threads; i++) {
        thread_begin(i);
    }
    run(&world.threads[0]);
    user_memory_add(world_process_of(&world.threads[0]), &world.handle, sizeof world.handle);
    CHECK_EQUAL(sys_pipe_create(&world.handle), OK);
    user_memory_remove(&world.handle);
    world.processes[0].member = true;
    world.processes[0].uses = PIPE_READABLE | PIPE_WRITABLE;
    world_check();
    for (uint32_t i = 1; i < processes; i++) {
        world_join(&world.threads[i], true);
    }
}

void world_end(void)
{
    for (uint32_t i = 0; i < world.process_count; i++) {
        if (world.processes[i].real != NULL) {
            world_process_end(&world.processes[i]);
        }
    }
    CHECK(process_arena.used == 1 && thread_arena.used == 1 && window_frames() == 2);
    CHECK_EQUAL(heap_objects(), 0);
}
