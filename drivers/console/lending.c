#include "lending.h"

#include <ternion/clock.h>
#include <ternion/grant_text.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/refusals.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "screen.h"

#define SUPERVISOR "d\\init"
#define PATIENCE_NS (10 * SECOND)        /* d\init waits 5 s at most before it starts a driver anew */
#define LOOK_NS (100 * MILLISECOND)

static process_id_t borrower;            /* 0: nobody */
static process_id_t last_borrower;       /* of this driver's life; 0: there was none */
static char last_name[NAME_SIZE_MAX + 1];        /* of who borrowed it last; "": nobody has */
static nanoseconds_t patience_end_ns = FOREVER;  /* nobody has the screen, and it shows graphics: until then somebody may come who sees to that */
static timer_id_t timer;                 /* for when to look */

/* ---- Who may ---- */

static bool is_display(const struct server_call *call, struct process_information *asker)
{
    static struct refusals refused;

    if (process_information(call->sender, asker) != OK) {
        return false;                    /* it has ended */
    }
    if (call->sender_class == CLASS_DRIVER && asker->role == ROLE_DISPLAY) {
        return true;
    }
    if (refusals_note(&refused, call->sender)) {
        log_print(LOG_WARNING, "%s (%s) wants to have the screen lent: that is refused to all but drivers whose role is %s", asker->name,
                  role_name(asker->role), role_name(ROLE_DISPLAY));
    }
    return false;
}

static status_t check(const struct server_call *call, struct process_information *asker)
{
    if (!is_display(call, asker)) {
        return NOT_ALLOWED;
    }
    return borrower != 0 && borrower != call->sender ? BUSY : OK;
}

/* ---- Lent, and back ---- */

static void await(void)
{
    patience_end_ns = clock_after(PATIENCE_NS);
    MUST(timer_set(timer, clock_after(LOOK_NS), LOOK_NS));
}

static void await_no_more(void)
{
    patience_end_ns = FOREVER;
    MUST(timer_set(timer, FOREVER, 0));
}

void lending_open(void)
{
    MUST(timer_create(FOREVER, 0, &timer));
    if (screen_shows_graphics()) {
        await();
    }
}

status_t lending_lend(const struct server_call *call, struct text_call_lend_reply *reply)
{
    struct process_information asker;
    status_t status = check(call, &asker);

    if (status == OK && borrower == 0) {
        status = process_watch(call->sender);
    }
    if (status == OK) {
        reply->is_as_left = last_borrower == call->sender;
        borrower = last_borrower = call->sender;
        memcpy(last_name, asker.name, sizeof last_name);
        await_no_more();
        screen_lend();
    }
    return status;
}

/* Also of who has not borrowed it: this driver may have died since. */
status_t lending_take_back(const struct server_call *call, struct terminal *terminal)
{
    struct process_information asker;
    status_t status = check(call, &asker);

    if (status != OK) {
        return status;
    }
    if (borrower != 0) {
        (void)process_unwatch(borrower);
        borrower = 0;
    }
    if (!screen_take_back(terminal)) {
        await();
        return FAULT;
    }
    await_no_more();
    return OK;
}

void lending_forget(process_id_t process, struct terminal *terminal)
{
    if (process == borrower) {
        borrower = 0;
        if (!screen_take_back(terminal)) {
            await();
        }
    }
}

/* ---- Who does not come back ---- */

/* Whom d\init does not know may come all the same. */
static bool is_given_up(const char *name)
{
    struct supervised_information information;
    process_id_t init;

    if (name[0] == '\0' || name_find(SUPERVISOR, &init) != OK) {
        return false;
    }
    for (uint32_t index = 0; init_information(init, index, &information) == OK; index++) {
        if (strcmp(information.name, name) == 0) {
            return information.state == SUPERVISED_GIVEN_UP || information.state == SUPERVISED_ENDED || information.state == SUPERVISED_ABSENT;
        }
    }
    return false;
}

static void set_text(const char *why, struct terminal *terminal)
{
    const char *name = last_name[0] == '\0' ? "the driver that set a graphics mode" : last_name;

    await_no_more();
    if (!screen_set_text_mode()) {
        log_print(LOG_ERROR, "%s %s; text mode cannot be set: it is no adapter for colour, there is no font, or its memory is not in this driver's grant",
                  name, why);
    } else if (!screen_take_back(terminal)) {
        log_print(LOG_ERROR, "%s %s; the adapter does not obey the registers of a VGA: its text screen stays dark", name, why);
    } else {
        log_print(LOG_WARNING, "%s %s: text mode was set by the registers of a VGA; if nothing is seen, switch the machine off and on", name, why);
    }
}

void lending_look(struct terminal *terminal)
{
    if (patience_end_ns == FOREVER) {
        return;                          /* it was due already when somebody came */
    }
    if (is_given_up(last_name)) {
        set_text("is dead, and not started again", terminal);
    } else if (clock_now() >= patience_end_ns) {
        set_text("is dead, and not back in time", terminal);
    }
}
