#include "irq.h"

#include "clock.h"
#include "deadline.h"
#include "event.h"
#include "heap.h"
#include "i386/cpu.h"
#include "i386/interrupt_controller.h"
#include "i386/registers.h"
#include "i386/timer.h"
#include "i386/traps.h"
#include "log.h"
#include "process.h"
#include "strike.h"
#include "syscall_handlers.h"
#include "thread.h"

#define CASCADE_LINE 2U          /* the second interrupt controller hangs on it */
#define STORM_INTERRUPTS 1000U   /* in a row, each as soon as the line is unmasked */
#define STORM_PAUSE_NS 1000000000U

struct irq_listener {
    struct event_source source;
    struct process *process;     /* constant */
    struct list process_node;    /* in process->irq_listeners */
    struct list line_node;       /* in lines[line].listeners */
    irq_line_t line;             /* constant */
    uint32_t count;              /* interrupts since the last event was delivered */
    bool owes;                   /* an acknowledgement */
};

static struct irq_line {
    struct list listeners;
    uint32_t owed;               /* acknowledgements that are missing; the line is masked while there are */
    uint32_t fired;              /* interrupts so far */
    uint32_t fired_before;       /* as of the last look at what is owed */
    uint32_t at_once;            /* how often in a row it fired again as soon as it was unmasked */
    struct deadline pause;       /* a storm's: the line stays masked until then */
    bool is_paused;
    uint32_t spurious;
} lines[IRQ_LINES];

static uint32_t listeners;

static void pause_ends(struct deadline *deadline);

[[gnu::cold]] void irqs_initialise(void)
{
    for (uint32_t i = 0; i < IRQ_LINES; i++) {
        list_initialise(&lines[i].listeners);
        deadline_initialise(&lines[i].pause, pause_ends);
    }
    interrupt_controller_initialise();
}

static void line_fire(struct irq_line *line, uint32_t number)
{
    line->fired++;
    interrupt_mask(number);
    LIST_FOR_EACH(node, &line->listeners) {
        struct irq_listener *listener = LIST_ENTRY(node, struct irq_listener, line_node);

        listener->count++;
        if (!listener->owes) {
            listener->owes = true;
            line->owed++;
        }
        event_post(&listener->process->events, &listener->source);
    }
}

void irq_handle(const struct registers *registers)
{
    uint32_t number = registers->vector - VECTOR_IRQ_BASE;

    if (number == TIMER_IRQ) {
        interrupt_end(number);
        clock_tick();
        return;
    }
    if (interrupt_may_be_spurious(number) && interrupt_is_spurious(number)) {
        uint32_t count = ++lines[number].spurious;

        if ((count & (count - 1)) == 0) {
            log_kernel(LOG_DEBUG, "interrupt line %u: %u spurious interrupts so far", number, count);
        }
        return;
    }
    line_fire(&lines[number], number);
    interrupt_end(number);
}

/* A device that nobody quiets would have the machine to itself. */
[[gnu::cold]] static void line_pause(uint32_t number)
{
    struct irq_line *line = &lines[number];

    line->at_once = 0;
    line->is_paused = clock_set_deadline(&line->pause, clock_now() + STORM_PAUSE_NS);
    interrupt_mask(number);
    log_kernel(LOG_WARNING, "interrupt line %u storms: it fired %u times in a row as soon as it was unmasked. It is masked for a second", number,
               STORM_INTERRUPTS);
}

/* Unmasks the line if nothing is against it. Opens an interrupt window: a line that is still up fires there. */
static void line_settle(uint32_t number)
{
    struct irq_line *line = &lines[number];
    uint32_t fired = line->fired;

    if (line->owed != 0 || line->is_paused || list_is_empty(&line->listeners)) {
        return;
    }
    interrupt_unmask(number);
    cpu_interrupt_window();
    line->at_once = line->fired == fired ? 0 : line->at_once + 1;
    if (line->at_once >= STORM_INTERRUPTS) {
        line_pause(number);
    }
}

[[gnu::cold]] static void pause_ends(struct deadline *deadline)
{
    struct irq_line *line = LIST_ENTRY(deadline, struct irq_line, pause);

    line->is_paused = false;
    if (line->owed == 0 && !list_is_empty(&line->listeners)) {
        interrupt_unmask((uint32_t)(line - lines));
    }
}

/* It owes its line nothing any more. */
static void listener_settle(struct irq_listener *listener)
{
    if (listener->owes) {
        listener->owes = false;
        lines[listener->line].owed--;
    }
}

/* Whoever owes an acknowledgement since the last look has given it, as far as the others on the line are concerned. */
[[gnu::cold]] static void line_look(uint32_t number)
{
    struct irq_line *line = &lines[number];

    if (line->owed == 0 || line->fired != line->fired_before) {
        line->fired_before = line->fired;
        return;
    }
    LIST_FOR_EACH(node, &line->listeners) {
        struct irq_listener *listener = LIST_ENTRY(node, struct irq_listener, line_node);

        if (listener->owes) {
            log_kernel(LOG_WARNING, "%s has not acknowledged interrupt line %u for more than a second: the line goes on without it",
                       listener->process->name, number);
            listener_settle(listener);
        }
    }
    if (!line->is_paused) {
        interrupt_unmask(number);
    }
}

[[gnu::cold]] void irqs_look(void)
{
    for (uint32_t i = 0; i < IRQ_LINES; i++) {
        line_look(i);
    }
}

[[gnu::cold]] static void listener_free(struct irq_listener *listener)
{
    uint32_t number = listener->line;

    listener_settle(listener);
    event_withdraw(&listener->source);
    list_remove(&listener->process_node);
    list_remove(&listener->line_node);
    account_release(&listener->process->account, RESOURCE_OBJECTS, 1);
    heap_free(listener);
    listeners--;
    if (list_is_empty(&lines[number].listeners)) {
        interrupt_mask(number);
    } else {
        line_settle(number);
    }
}

static void listener_describe(const struct event_source *source, struct event *event_out)
{
    const struct irq_listener *listener = LIST_ENTRY(source, struct irq_listener, source);

    event_out->kind = EVENT_IRQ;
    event_out->id = listener->line;
    event_out->count = listener->count;
}

static void listener_delivered(struct event_source *source)
{
    LIST_ENTRY(source, struct irq_listener, source)->count = 0;
}

static const struct event_source_type listener_type = { true, listener_describe, listener_delivered };

static struct irq_listener *listener_find(const struct process *process, irq_line_t line)
{
    LIST_FOR_EACH(node, &process->irq_listeners) {
        struct irq_listener *listener = LIST_ENTRY(node, struct irq_listener, process_node);

        if (listener->line == line) {
            return listener;
        }
    }
    return NULL;
}

[[gnu::cold]] static status_t listener_create(struct process *process, irq_line_t line, struct irq_listener **listener_out)
{
    status_t status = account_charge(&process->account, RESOURCE_OBJECTS, 1);

    if (status != OK) {
        return status;
    }
    struct irq_listener *listener = heap_allocate(sizeof *listener, process->space.reserve);
    if (listener == NULL) {
        account_release(&process->account, RESOURCE_OBJECTS, 1);
        return NO_MEMORY;
    }
    event_source_initialise(&listener->source, &listener_type);
    listener->process = process;
    listener->line = line;
    list_append(&process->irq_listeners, &listener->process_node);
    list_append(&lines[line].listeners, &listener->line_node);
    listeners++;
    *listener_out = listener;
    return OK;
}

[[gnu::cold]] status_t sys_irq_listen(irq_line_t line)
{
    struct process *self = thread_current->process;
    struct irq_listener *listener;

    if (line >= IRQ_LINES) {
        return BAD_ARGUMENT;
    }
    if (line == TIMER_IRQ || line == CASCADE_LINE) {
        return NOT_ALLOWED;
    }
    if (!access_has_irq(&self->access, line)) {
        return strike_refuse(STRIKE_IRQ, line);
    }
    if (listener_find(self, line) != NULL) {
        return EXISTS;
    }
    status_t status = listener_create(self, line, &listener);
    if (status != OK) {
        return status;
    }

    /* Point of no return: the line may fire from here on. */
    line_settle(line);
    return OK;
}

status_t sys_irq_acknowledge(irq_line_t line)
{
    if (line >= IRQ_LINES) {
        return BAD_ARGUMENT;
    }
    struct irq_listener *listener = listener_find(thread_current->process, line);
    if (listener == NULL) {
        return NOT_FOUND;
    }
    if (listener->owes) {
        listener_settle(listener);
        line_settle(line);
    }
    return OK;
}

[[gnu::cold]] status_t sys_irq_ignore(irq_line_t line)
{
    if (line >= IRQ_LINES) {
        return BAD_ARGUMENT;
    }
    struct irq_listener *listener = listener_find(thread_current->process, line);
    if (listener == NULL) {
        return NOT_FOUND;
    }
    listener_free(listener);
    return OK;
}

[[gnu::cold]] void irq_listeners_end(struct process *process)
{
    while (!list_is_empty(&process->irq_listeners)) {
        listener_free(LIST_ENTRY(process->irq_listeners.next, struct irq_listener, process_node));
    }
}

uint32_t irq_listener_count(void)
{
    return listeners;
}
