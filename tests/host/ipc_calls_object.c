/* Watches, interrupt listeners, and what a class may hold. */
#include "ipc_calls.h"
#include "syscall_handlers.h"
#include "test.h"

static status_t expect_object(const struct model_process *process)
{
    return !model_has_room(process, RESOURCE_OBJECTS, 1) ? OVER_QUOTA : model.heap_fails ? NO_MEMORY : OK;
}

static struct model_watch *watch_of(const struct model_process *owner, process_id_t target)
{
    MODEL_EACH(model_watch, watch, watches) {
        if (watch->owner == owner && watch->target == target) {
            return watch;
        }
    }
    return NULL;
}

void call_process_watch(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_process *target = id == SELF ? self->process : model_process(id);
    status_t expected = OK;

    if (target == NULL) {
        expected = BAD_ID;
    } else if (target == self->process) {
        expected = BAD_ARGUMENT;
    } else {
        expected = watch_of(self->process, id) != NULL ? EXISTS : expect_object(self->process);
    }
    CHECK_EQUAL(sys_process_watch(id), expected);
    if (expected == OK) {
        struct model_watch *watch = MODEL_NEW(watches);

        CHECK(watch != NULL);
        *watch = (struct model_watch){ true, self->process, id, true, 0 };
    }
}

void call_process_unwatch(struct model_thread *self)
{
    process_id_t id = some_process_id();
    struct model_watch *watch = watch_of(self->process, id);

    CHECK_EQUAL(sys_process_unwatch(id), watch == NULL ? NOT_FOUND : OK);
    if (watch != NULL) {
        model_watch_end(watch);
    }
}

/* Few lines, so that they are shared. */
static uint32_t some_line(void)
{
    return random_one_in(20) ? random_edgy() : 3 + random_below(3);
}

static struct model_listener *listener_of(const struct model_process *process, uint32_t line)
{
    MODEL_EACH(model_listener, listener, listeners) {
        if (listener->process == process && listener->line == line) {
            return listener;
        }
    }
    return NULL;
}

void call_irq_listen(struct model_thread *self)
{
    uint32_t line = some_line();
    status_t expected;

    if (line >= IRQ_LINES) {
        expected = BAD_ARGUMENT;
    } else if (line == 0 || line == 2 || (self->process->access.irqs >> line & 1) == 0) {
        expected = NOT_ALLOWED;
    } else {
        expected = listener_of(self->process, line) != NULL ? EXISTS : expect_object(self->process);
    }
    CHECK_EQUAL(sys_irq_listen(line), expected);
    if (expected == NOT_ALLOWED && line != 0 && line != 2) {
        (void)model_strike(self->process);
    }
    if (expected == OK) {
        struct model_listener *listener = MODEL_NEW(listeners);

        CHECK(listener != NULL);
        *listener = (struct model_listener){ true, self->process, line, 0, false };
    }
}

void call_irq_acknowledge(struct model_thread *self)
{
    uint32_t line = some_line();
    struct model_listener *listener = listener_of(self->process, line);

    CHECK_EQUAL(sys_irq_acknowledge(line), line >= IRQ_LINES ? BAD_ARGUMENT : listener == NULL ? NOT_FOUND : OK);
    if (listener != NULL) {
        listener->owes = false;
    }
}

void call_irq_ignore(struct model_thread *self)
{
    uint32_t line = some_line();
    struct model_listener *listener = listener_of(self->process, line);

    CHECK_EQUAL(sys_irq_ignore(line), line >= IRQ_LINES ? BAD_ARGUMENT : listener == NULL ? NOT_FOUND : OK);
    if (listener != NULL) {
        model_listener_end(listener);
    }
}

void call_process_downgrade(struct model_thread *self)
{
    struct model_process *process = self->process;
    process_class_t class = random_below(CLASS_COUNT + 1);
    bool lower = class > process->class && class < CLASS_COUNT;

    CHECK_EQUAL(sys_process_downgrade(class), lower || class == process->class ? OK : BAD_ARGUMENT);
    if (!lower) {
        return;
    }
    if (process->class == CLASS_DRIVER) {
        process->access.irqs = 0;
        process->access.rights &= RIGHT_CONTROL_DRIVERS;     /* of the others none counts here */
    }
    process->class = class;
    MODEL_EACH(model_listener, listener, listeners) {
        if (listener->process == process) {
            model_listener_end(listener);
        }
    }
}
