#include "pipe_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "id_table.h"
#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_user_memory.h"
#include "kernel_window.h"
#include "process.h"
#include "shared_object.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"

struct world world;

static struct process *process_of(const struct world_thread *thread)
{
    return world.processes[thread->process].real;
}

static struct world_process *owner_of(const struct world_thread *thread)
{
    return &world.processes[thread->process];
}

static uint32_t members(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < world.process_count; i++) {
        count += world.processes[i].member;
    }
    return count;
}

static bool is_left(void)
{
    return world.was_joined && members() == 1;
}

static uint32_t room(bool writes)
{
    return writes ? PIPE_SIZE - world.used : world.used;
}

static uint32_t ready_now(void)
{
    return (world.used > 0 || is_left() ? PIPE_READABLE : 0) | (world.used < PIPE_SIZE || is_left() ? PIPE_WRITABLE : 0);
}

static struct world_thread *head(bool writes)
{
    return world.line_length[writes] == 0 ? NULL : world.line[writes][0];
}

/* Has the thread whose turn it is something to do? */
static bool could_go_on(const struct world_thread *thread)
{
    uint32_t rest = thread->size - thread->moved;

    return room(thread->writes) >= (rest < PIPE_SIZE ? rest : PIPE_SIZE) || is_left();
}

/* ---- What the model does ---- */

static void attend(void)
{
    for (uint32_t writes = 0; writes < 2; writes++) {
        struct world_thread *thread = head(writes);

        if (thread != NULL && could_go_on(thread)) {
            thread->woken = true;
        }
    }
    for (uint32_t i = 0; i < world.process_count; i++) {
        struct world_process *process = &world.processes[i];

        if (process->member && (process->wanted & ready_now()) != 0) {
            process->wanted = 0;
            process->ready = true;
        }
    }
}

static void line_leave(struct world_thread *thread)
{
    struct world_thread **line = world.line[thread->writes];
    uint32_t *length = &world.line_length[thread->writes];
    bool had_turn = line[0] == thread;
    uint32_t at = 0;

    while (line[at] != thread) {
        at++;
        CHECK(at < *length);
    }
    --*length;
    memmove(&line[at], &line[at + 1], (*length - at) * sizeof *line);
    thread->active = false;
    thread->woken = false;
    if (had_turn && *length > 0) {
        line[0]->woken = true;
    }
}

static void process_leaves(struct world_process *process)
{
    process->member = process->released = process->ready = false;
    process->wanted = 0;
    for (uint32_t i = 0; i < world.thread_count; i++) {
        struct world_thread *thread = &world.threads[i];

        if (owner_of(thread) == process && thread->active) {
            line_leave(thread);
            thread->thrown_out = true;
        }
    }
    if (members() == 0) {
        world.pipe_lives = false;
    }
    attend();
    for (uint32_t i = 0; i < world.process_count; i++) {
        world.processes[i].released |= world.processes[i].member;
    }
}

/* Bytes in the pipe that this transfer has put there or taken, now that it stands at `moved`. */
static void follow(struct world_thread *thread, uint32_t moved)
{
    CHECK(moved <= thread->size && moved - thread->moved <= room(thread->writes));
    CHECK(moved == thread->moved || head(thread->writes) == thread);
    for (; thread->moved < moved; thread->moved++) {
        if (thread->writes) {
            world.bytes[world.used++] = thread->buffer[thread->moved];
        } else {
            CHECK_EQUAL(thread->buffer[thread->moved], world.bytes[0]);
            memmove(world.bytes, world.bytes + 1, --world.used);
            world.taken++;
        }
    }
}

/* It is the thread's turn and it runs. True: its transfer has ended, with *status_out. */
static bool run_turn(struct world_thread *thread, uint32_t *moved_out, status_t *status_out)
{
    bool left = is_left();
    uint32_t rest = thread->size - thread->moved;
    uint32_t part = room(thread->writes) < rest ? room(thread->writes) : rest;

    thread->woken = false;
    *moved_out = thread->moved;
    *status_out = OK;
    if (left && thread->writes) {
        *status_out = PEER_DIED;
    } else if (part > 0 && thread->bad_memory) {
        *status_out = BAD_ADDRESS;
    } else {
        *moved_out += part;
        if (*moved_out < thread->size && !left && !thread->partial) {
            return false;
        }
        if (*moved_out < thread->size && !(thread->partial && *moved_out > 0)) {
            *status_out = left ? PEER_DIED : NOTHING;
        }
    }
    return true;
}

/* ---- What must be true after each step ---- */

static const struct member *member_of(const struct process *process)
{
    return list_is_empty(&process->memberships) ? NULL : LIST_ENTRY(process->memberships.next, struct member, process_node);
}

static void check_process(const struct world_process *process)
{
    const struct member *member;

    if (process->real == NULL) {
        return;
    }
    member = member_of(process->real);
    CHECK_EQUAL(member != NULL, process->member);
    CHECK_EQUAL(process->real->events.count, process->released + process->ready);
    if (member != NULL) {
        CHECK_EQUAL(member->ready_wanted, process->wanted);
        CHECK_EQUAL(member->ready.queue != NULL, process->ready);
        CHECK_EQUAL(member->released.queue != NULL, process->released);
        CHECK((process->wanted & ready_now()) == 0);
        CHECK_EQUAL(member->object->member_count, members());
    }
    CHECK_EQUAL(process->real->account.used[RESOURCE_OBJECTS], process->member);
}

static void check_thread(const struct world_thread *thread)
{
    const struct thread *real = thread->real;

    if (real == NULL) {
        return;
    }
    CHECK_EQUAL(real->blocked, thread->active && !thread->woken ? BLOCKED_CONTINUATION : BLOCKED_NOT);
    CHECK_EQUAL(real->continuation != NULL, thread->active || thread->thrown_out);
    CHECK(!thread->handed || (real->registers.eax == OK && real->registers.ebx == thread->size));
    CHECK_EQUAL(real->transfer.pipe != NULL, thread->active);
    if (thread->active) {
        CHECK_EQUAL(real->transfer.moved, thread->moved);
        CHECK(thread == head(thread->writes) || (!thread->woken && thread->moved == 0));
    }
    /* Nobody sleeps who could go on. */
    CHECK(!(thread->active && thread == head(thread->writes) && !thread->woken && could_go_on(thread)));
}

static void check(void)
{
    uint32_t owned = 0;

    ready_leave_kernel();
    if (world.unchecked) {
        return;
    }
    for (uint32_t i = 0; i < world.process_count; i++) {
        check_process(&world.processes[i]);
    }
    for (uint32_t i = 0; i < world.thread_count; i++) {
        check_thread(&world.threads[i]);
    }
    for (uint32_t writes = 0; writes < 2; writes++) {
        owned += world.line_length[writes];
    }
    CHECK(world.pipe_lives || owned == 0);
    CHECK_EQUAL(shared_object_table.used, world.pipe_lives);
    CHECK_EQUAL(member_count(), members());
    CHECK_EQUAL(heap_objects(), world.pipe_lives * 2U + members());
    if (thread_current != NULL && member_of(thread_current->process) != NULL) {
        uint32_t bytes, count;

        CHECK_EQUAL(sys_pipe_state(world.handle.id, &bytes, &count), OK);
        CHECK(bytes == world.used && count == members());
    }
}

/* ---- Steps ---- */

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

/* The reader that a write of so many bytes would satisfy, past the empty pipe; or NULL. */
static struct world_thread *reader_to_hand_to(uint32_t size)
{
    struct world_thread *reader = head(false);

    return world.line_length[true] == 0 && world.used == 0 && reader != NULL && !reader->woken && !reader->asleep
        && size >= reader->size - reader->moved && !reader->bad_memory ? reader : NULL;
}

/* The reader has the first bytes of what is written. Their number. */
static uint32_t hand_over(struct world_thread *reader)
{
    uint32_t part = reader->size - reader->moved;

    line_leave(reader);
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

    follow(thread, moved);
    if (has_moved) {
        attend();
    }
    if (ends) {
        line_leave(thread);
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
    if (!owner_of(thread)->member) {
        expected = BAD_ID;
    } else if (size > 0 && somebody && partial) {
        expected = NOTHING;
    } else if (size > 0 && writes && (reader = reader_to_hand_to(size)) != NULL && thread->bad_memory) {
        expected = BAD_ADDRESS;
    } else if (reader != NULL && (expected_moved = handed = hand_over(reader)) == size) {
        thread->moved = size;
    } else if (size > 0) {
        thread->moved = handed;
        world.line[writes][world.line_length[writes]++] = thread;
        thread->active = true;
        ends = !waits && run_turn(thread, &expected_moved, &expected);
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
    check();
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
        check();
        return;
    }
    bool ends = thread->thrown_out || run_turn(thread, &moved, &expected);
    CHECK(ready_switch_to(thread->real, &status));
    if (ends) {
        CHECK_EQUAL(status, expected);
        CHECK_EQUAL(thread->real->registers.ebx, moved);
    }
    if (thread->active) {
        conclude(thread, ends, moved);
    }
    thread->thrown_out = false;
    check();
}

void world_leave(struct world_thread *thread)
{
    struct world_process *process = owner_of(thread);

    run(thread);
    CHECK_EQUAL(sys_pipe_leave(world.handle.id), process->member ? OK : BAD_ID);
    if (process->member) {
        process_leaves(process);
    }
    check();
}

void world_join(struct world_thread *thread, bool right_key)
{
    struct world_process *process = owner_of(thread);
    status_t expected = !world.pipe_lives ? BAD_ID : !right_key ? NOT_ALLOWED : process->member ? EXISTS : OK;

    run(thread);
    CHECK_EQUAL(sys_pipe_join(world.handle.id, world.handle.key ^ !right_key), expected);
    if (expected == OK) {
        process->member = true;
        world.was_joined = true;
    }
    check();
}

void world_notify(struct world_thread *thread, uint32_t wanted)
{
    struct world_process *process = owner_of(thread);
    status_t expected = !process->member ? BAD_ID : wanted > (PIPE_READABLE | PIPE_WRITABLE) ? BAD_ARGUMENT : OK;

    run(thread);
    CHECK_EQUAL(sys_pipe_notify(world.handle.id, wanted), expected);
    if (expected == OK) {
        process->ready = (wanted & ready_now()) != 0;
        process->wanted = process->ready ? 0 : wanted;
    }
    check();
}

void world_poll(struct world_thread *thread)
{
    struct world_process *process = owner_of(thread);
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
        CHECK(process->released && event.count == members());
        process->released = false;
    } else {
        CHECK(event.kind == EVENT_PIPE_READY && process->ready && event.count == ready_now());
        process->ready = false;
    }
    check();
}

void world_sleep(struct world_thread *thread, struct world_thread *other)
{
    run(thread);
    CHECK_EQUAL(sys_thread_sleep(other->real->id), process_of(thread) == process_of(other) || true ? OK : NOT_ALLOWED);
    other->asleep = true;
    check();
}

void world_wake(struct world_thread *thread, struct world_thread *other)
{
    run(thread);
    CHECK_EQUAL(sys_thread_wake(other->real->id), OK);
    other->asleep = false;
    check();
}

/* ---- Ends ---- */

static void thread_ended(struct world_thread *thread)
{
    if (thread->active) {
        line_leave(thread);
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
        if (owner_of(&world.threads[i]) == process && world.threads[i].real != NULL) {
            thread_ended(&world.threads[i]);
        }
    }
    if (process->member) {
        process_leaves(process);
    }
    process_end(process->real, 0);
    process->real = NULL;
    check();
}

void world_thread_end(struct world_thread *thread)
{
    if (process_of(thread)->thread_count == 1) {
        world_process_end(owner_of(thread));
        return;
    }
    struct thread *real = thread->real;
    thread_ended(thread);
    thread_end(real);
    check();
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
        user_memory_add(process_of(thread), thread->buffer, WORLD_BUFFER);
        thread->bad_memory = false;
    }
}

/* ---- Begin and end ---- */

void world_prepare(void)
{
    static const struct grant none;
    struct process *process;
    struct thread *thread;

    machine_begin();
    CHECK_EQUAL(process_create(CLASS_DRIVER, "d\\nobody", 8, NULL, &none, &process), OK);
    CHECK_EQUAL(thread_create(process, 0, 0, 0, &thread), OK);
}

static void process_begin(uint32_t index)
{
    static const struct grant none;
    struct world_process *process = &world.processes[index];
    char name[] = { 'd', '\\', (char)('p' + index), '\0' };

    CHECK_EQUAL(process_create(CLASS_DRIVER, name, 3, NULL, &none, &process->real), OK);
}

static void thread_begin(uint32_t index)
{
    static uint8_t buffers[WORLD_THREADS][WORLD_BUFFER];
    struct world_thread *thread = &world.threads[index];

    thread->process = index % world.process_count;
    CHECK_EQUAL(thread_create(process_of(thread), 0, 0, 0, &thread->real), OK);
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
    user_memory_add(process_of(&world.threads[0]), &world.handle, sizeof world.handle);
    CHECK_EQUAL(sys_pipe_create(&world.handle), OK);
    user_memory_remove(&world.handle);
    world.processes[0].member = true;
    check();
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
