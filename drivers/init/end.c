#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>

#include "end.h"
#include "needs.h"

#define DEATHS_TIME_NS (60 * SECOND)      /* DEATHS_MAX failures within it are too many; also: who lived so long has a clean record again */
#define STRIKE_DEATHS_MAX 3U              /* what a program does outside its grant it does again */
#define DELAY_SECOND_NS (100 * MILLISECOND) /* before the second restart; the first is immediate */
#define DELAY_MAX_NS (5 * SECOND)

void give_up(struct supervised *supervised, const char *why)
{
    supervised_set_state(supervised, SUPERVISED_GIVEN_UP);
    log_print(LOG_ERROR, "gave up %s: %s", supervised->program.name, why);
    needs_given_up(supervised);
}

static nanoseconds_t restart_delay(uint32_t deaths)
{
    nanoseconds_t delay_ns = DELAY_SECOND_NS;

    if (deaths < 2) {
        return 0;
    }
    for (uint32_t death = 2; death < deaths && delay_ns < DELAY_MAX_NS; death++) {
        delay_ns *= 2;
    }
    return delay_ns < DELAY_MAX_NS ? delay_ns : DELAY_MAX_NS;
}

/* Are they too many? The place of the next one holds the oldest that we remember. */
static bool count_failure(struct supervised *supervised, nanoseconds_t now)
{
    supervised->failure_times[supervised->failures % DEATHS_MAX] = now;
    supervised->failures++;
    return supervised->failures >= DEATHS_MAX && now - supervised->failure_times[supervised->failures % DEATHS_MAX] < DEATHS_TIME_NS;
}

void schedule_restart(struct supervised *supervised, bool is_failure)
{
    nanoseconds_t now = clock_now();

    supervised->deaths++;
    if (is_failure && count_failure(supervised, now)) {
        give_up(supervised, "it died 8 times within 60 s");
        return;
    }
    if (supervised->strike_deaths >= STRIKE_DEATHS_MAX) {
        give_up(supervised, "it was unloaded 3 times for what it does outside its grant");
        return;
    }
    nanoseconds_t delay_ns = restart_delay(supervised->deaths);
    supervised->due_ns = now + delay_ns;
    supervised_set_state(supervised, SUPERVISED_RESTARTING);
    if (delay_ns != 0) {
        log_print(LOG_INFORMATION, "restarting %s in %u ms", supervised->program.name, (unsigned)(delay_ns / MILLISECOND));
    }
}

static bool wants_restart(const struct supervised *supervised, uint32_t code)
{
    switch (supervised->program.restart) {
    case RESTART_ALWAYS:
        return true;
    case RESTART_ON_FAILURE:
        return code != 0;
    case RESTART_NEVER:
        break;
    }
    return false;
}

/* Who lived long has a clean record. */
static void count_death(struct supervised *supervised, uint32_t code)
{
    if (clock_now() - supervised->started_ns >= DEATHS_TIME_NS) {
        supervised->deaths = 0;
        supervised->failures = 0;
        supervised->strike_deaths = 0;
    }
    supervised->strike_deaths += code == EXIT_STRIKES;
}

/* Who may not speak to the supervisor does not tell it by its exit code either: the kernel says 0 then. */
static bool tells_nothing(const struct supervised *supervised, uint32_t code)
{
    return code == 0 && (supervised->access.partners & ROLE_BIT(ROLE_SUPERVISOR)) == 0 && !supervised->kernel_gives_more;
}

static const char *describe(const struct supervised *supervised, uint32_t code, char reason[EXIT_TEXT_SIZE])
{
    return code == EXIT_UNKNOWN                 ? "before it could be watched"
         : tells_nothing(supervised, code)      ? "by itself; it may not say why"
                                                : exit_describe(code, reason, EXIT_TEXT_SIZE);
}

void ended(struct supervised *supervised, uint32_t code)
{
    const char *name = supervised->program.name;
    char reason[EXIT_TEXT_SIZE];

    supervised->process = 0;
    if (code == ABSENT && supervised->program.class == CLASS_DRIVER) {
        log_print(LOG_INFORMATION, "%s ended: its hardware is not in this machine", name);
        supervised_set_state(supervised, SUPERVISED_ABSENT);
        return;
    }
    log_print(code == 0 ? LOG_INFORMATION : LOG_WARNING, "%s ended: %s", name, describe(supervised, code, reason));
    count_death(supervised, code);
    if (wants_restart(supervised, code)) {
        schedule_restart(supervised, code != 0);
    } else {
        supervised_set_state(supervised, SUPERVISED_ENDED);
    }
}
