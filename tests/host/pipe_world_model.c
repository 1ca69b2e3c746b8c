/* What the model of a pipe knows: who moves which bytes, who sleeps; and if the kernel says the same. */
#include "pipe_world_model.h"

#include <string.h>

#include "id_table.h"
#include "kernel_heap.h"
#include "kernel_ready.h"
#include "process.h"
#include "shared_object.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"

struct process *world_process_of(const struct world_thread *thread)
{
    return world.processes[thread->process].real;
}

struct world_process *world_owner_of(const struct world_thread *thread)
{
    return &world.processes[thread->process];
}

uint32_t world_members(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < world.process_count; i++) {
        count += world.processes[i].member;
    }
    return count;
}

bool world_is_left(const struct world_process *process, bool writes)
{
    if ((process->uses & (writes ? PIPE_WRITABLE : PIPE_READABLE)) == 0) {
        return true;
    }
    for (uint32_t i = 0; i < world.process_count; i++) {
        const struct world_process *other = &world.processes[i];

        if (other != process && other->member && (other->uses & (writes ? PIPE_READABLE : PIPE_WRITABLE)) != 0) {
            return false;
        }
    }
    return world.was_joined;
}

static uint32_t room(bool writes)
{
    return writes ? PIPE_SIZE - world.used : world.used;
}

uint32_t world_ready_now(const struct world_process *process)
{
    return process->uses & ((world.used > 0 || world_is_left(process, false) ? PIPE_READABLE : 0)
                            | (world.used < PIPE_SIZE || world_is_left(process, true) ? PIPE_WRITABLE : 0));
}

struct world_thread *world_head(bool writes)
{
    return world.line_length[writes] == 0 ? NULL : world.line[writes][0];
}

/* Has the thread whose turn it is something to do? */
static bool could_go_on(const struct world_thread *thread)
{
    uint32_t rest = thread->size - thread->moved;

    return room(thread->writes) >= (rest < PIPE_SIZE ? rest : PIPE_SIZE) || world_is_left(&world.processes[thread->process], thread->writes);
}

/* ---- What the model does ---- */

void world_attend(void)
{
    for (uint32_t writes = 0; writes < 2; writes++) {
        struct world_thread *thread = world_head(writes);

        if (thread != NULL && could_go_on(thread)) {
            thread->woken = true;
        }
    }
    for (uint32_t i = 0; i < world.process_count; i++) {
        struct world_process *process = &world.processes[i];

        if (process->member && (process->wanted & world_ready_now(process)) != 0) {
            process->wanted = 0;
            process->ready = true;
        }
    }
}

void world_line_leave(struct world_thread *thread)
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

void world_throw_out(const struct world_process *process, bool writes)
{
    for (uint32_t i = 0; i < world.thread_count; i++) {
        struct world_thread *thread = &world.threads[i];

        if (world_owner_of(thread) == process && thread->active && thread->writes == writes) {
            world_line_leave(thread);
            thread->thrown_out = true;
        }
    }
}

void world_process_leaves(struct world_process *process)
{
    process->member = process->released = process->ready = false;
    process->uses = 0;
    process->wanted = 0;
    world_throw_out(process, false);
    world_throw_out(process, true);
    if (world_members() == 0) {
        world.pipe_lives = false;
    }
    world_attend();
    for (uint32_t i = 0; i < world.process_count; i++) {
        world.processes[i].released |= world.processes[i].member;
    }
}

void world_follow(struct world_thread *thread, uint32_t moved)
{
    CHECK(moved <= thread->size && moved - thread->moved <= room(thread->writes));
    CHECK(moved == thread->moved || world_head(thread->writes) == thread);
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

bool world_run_turn(struct world_thread *thread, uint32_t *moved_out, status_t *status_out)
{
    bool left = world_is_left(world_owner_of(thread), thread->writes);
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
        CHECK((process->wanted & world_ready_now(process)) == 0);
        CHECK_EQUAL(member->uses, process->uses);
        CHECK_EQUAL(member->object->member_count, world_members());
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
        CHECK(thread == world_head(thread->writes) || (!thread->woken && thread->moved == 0));
    }
    /* Nobody sleeps who could go on. */
    CHECK(!(thread->active && thread == world_head(thread->writes) && !thread->woken && could_go_on(thread)));
}

void world_check(void)
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
    CHECK_EQUAL(member_count(), world_members());
    CHECK_EQUAL(heap_objects(), world.pipe_lives * 2U + world_members());
    if (thread_current != NULL && member_of(thread_current->process) != NULL) {
        uint32_t bytes, count;

        CHECK_EQUAL(sys_pipe_state(world.handle.id, &bytes, &count), OK);
        CHECK(bytes == world.used && count == world_members());
    }
}

struct world_thread *world_reader_to_hand_to(uint32_t size)
{
    struct world_thread *reader = world_head(false);

    return world.line_length[true] == 0 && world.used == 0 && reader != NULL && !reader->woken && !reader->asleep
        && size >= reader->size - reader->moved && reader->size - reader->moved <= PIPE_SIZE && !reader->bad_memory ? reader : NULL;
}
