#include "actor.h"

#include <stdlib.h>
#include <string.h>

struct actor actor_in(struct process *process)
{
    struct actor actor = { .process = process };

    CHECK_EQUAL(thread_create(process, 0, 0, 0, &actor.thread), OK);
    actor.memory = calloc(1, sizeof *actor.memory);
    user_memory_add(process, actor.memory, sizeof *actor.memory);
    return actor;
}

struct actor actor_new(const char *name, struct process *parent, const struct grant *limits)
{
    struct process *process;

    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, name, parent, limits, NULL, &process), OK);
    return actor_in(process);
}

struct actor actor_with(const char *name, const struct access *access)
{
    struct process *process;

    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, name, NULL, NULL, access, &process), OK);
    return actor_in(process);
}

status_t actor_run(const struct actor *actor)
{
    status_t status;

    if (actor->thread != thread_current || actor->thread->continuation != NULL) {
        if (ready_switch_to(actor->thread, &status)) {
            return status;
        }
    }
    return actor->thread->registers.eax;
}

const struct message *actor_say(const struct actor *actor, const char *text)
{
    struct message *message = &actor->memory->message;

    strcpy(actor->memory->string, text);
    message->string = actor->memory->string;
    message->string_size = (uint32_t)strlen(text);
    message->words[0] = message->string_size;
    return message;
}

status_t actor_send(const struct actor *from, const struct actor *to, const char *text)
{
    actor_run(from);
    return sys_message_send(to->process->id, actor_say(from, text));
}

void actor_call(const struct actor *from, const struct actor *to, const char *text, uint32_t room)
{
    actor_run(from);
    from->memory->reply.buffer = from->memory->buffer;
    from->memory->reply.buffer_size = room;
    CHECK_EQUAL(sys_message_call(to->process->id, actor_say(from, text), &from->memory->reply), OK);
    CHECK(from->thread->blocked);
}

const struct event *actor_take(const struct actor *actor)
{
    actor_run(actor);
    CHECK_EQUAL(sys_event_poll(&actor->memory->event), OK);
    return &actor->memory->event;
}

void actor_wait(const struct actor *actor)
{
    actor_run(actor);
    CHECK_EQUAL(sys_event_wait(&actor->memory->event, FOREVER), OK);
    CHECK(actor->thread->blocked);
}

void actor_end(const struct actor *actor)
{
    process_end(actor->process, EXIT_TERMINATED);
    ready_leave_kernel();
}
