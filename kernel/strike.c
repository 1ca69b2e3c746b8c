#include "strike.h"

#include <abi/process.h>

#include "log.h"
#include "process.h"
#include "thread.h"
#include "trace.h"

static const char *const texts[STRIKE_KIND_COUNT] = {
    [STRIKE_PORT_READ] = "read of port 0x%x",
    [STRIKE_PORT_WRITE] = "write to port 0x%x",
    [STRIKE_MEMORY] = "physical memory at 0x%08x",
    [STRIKE_IRQ] = "interrupt line %u",
    [STRIKE_MESSAGE] = "a message to role %u",
};

/* Who must not log shall not do it by the numbers of its mistakes either. */
static void report(const struct process *self, uint32_t most, enum strike_kind kind, uint32_t what, uint32_t where)
{
    char text[64];

    if ((self->access.partners & ROLE_BIT(ROLE_LOG)) == 0) {
        log_kernel(LOG_WARNING, "%s: strike %u of %u: something that its grant does not have", self->name, self->strikes, most);
        return;
    }
    format_text(text, sizeof text, texts[kind], what);
    if (where != 0) {
        log_kernel(LOG_WARNING, "%s: strike %u of %u: %s, which its grant does not have, at 0x%08x", self->name, self->strikes, most, text, where);
    } else {
        log_kernel(LOG_WARNING, "%s: strike %u of %u: %s, which its grant does not have", self->name, self->strikes, most, text);
    }
}

void strike(enum strike_kind kind, uint32_t what, uint32_t where)
{
    struct process *self = thread_current->process;
    uint32_t most = access_strikes(&self->access);

    self->strikes++;
    trace_process(self, TRACE_FAULTS, TRACE_STRIKE, kind, what, where, 0, 0);
    if (self->strikes <= STRIKES_USUAL || (self->strikes & (self->strikes - 1)) == 0) {
        report(self, most, kind, what, where);
    }
    if (self->strikes >= most) {
        log_kernel(LOG_ERROR, "%s is unloaded: too many strikes", self->name);
        process_end_by_mistake(self, EXIT_STRIKES);
    }
}

status_t strike_refuse(enum strike_kind kind, uint32_t what)
{
    strike(kind, what, 0);
    return NOT_ALLOWED;
}
