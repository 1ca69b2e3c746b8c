#include "modes.h"

static void apply(struct terminal *terminal, process_id_t process, uint32_t mode)
{
    terminal->mode_setter = mode == 0 ? 0 : process;
    discipline_set_mode(&terminal->discipline, &terminal->output, mode);
    condition_signal(&terminal->output_changed);
    condition_signal(&terminal->room_made);
}

static void aside_remove(struct terminal *terminal, uint32_t place)
{
    terminal->aside_count--;
    for (uint32_t i = place; i < terminal->aside_count; i++) {
        terminal->aside[i] = terminal->aside[i + 1];
    }
}

/* Where there are too many the oldest is in line mode when it comes back. */
static void aside_add(struct terminal *terminal, process_id_t process, uint32_t mode)
{
    if (terminal->aside_count == SET_ASIDE_MAX) {
        aside_remove(terminal, 0);
    }
    terminal->aside[terminal->aside_count++] = (struct set_aside){ process, mode };
}

static void aside_forget(struct terminal *terminal, process_id_t process)
{
    for (uint32_t i = terminal->aside_count; i-- > 0;) {
        if (terminal->aside[i].process == process) {
            aside_remove(terminal, i);
        }
    }
}

void modes_set(struct terminal *terminal, process_id_t process, uint32_t mode)
{
    aside_forget(terminal, process);
    apply(terminal, process, mode);
}

uint32_t modes_of(const struct terminal *terminal, process_id_t process)
{
    if (foregrounds_have(&terminal->foregrounds, process)) {
        return terminal->discipline.mode;
    }
    for (uint32_t i = 0; i < terminal->aside_count; i++) {
        if (terminal->aside[i].process == process) {
            return terminal->aside[i].mode;
        }
    }
    return 0;
}

void modes_follow(struct terminal *terminal)
{
    enum terminal_key key = terminal->discipline.key;

    if (terminal->mode_setter != 0 && !foregrounds_have(&terminal->foregrounds, terminal->mode_setter)) {
        aside_add(terminal, terminal->mode_setter, terminal->discipline.mode);
        apply(terminal, 0, 0);
    }
    for (uint32_t i = terminal->aside_count; i-- > 0;) {
        struct set_aside one = terminal->aside[i];

        if (foregrounds_have(&terminal->foregrounds, one.process)) {
            aside_remove(terminal, i);
            apply(terminal, one.process, one.mode);
            break;
        }
    }
    terminal->discipline.key = key;
}

void modes_forget(struct terminal *terminal, process_id_t process)
{
    aside_forget(terminal, process);
    if (terminal->mode_setter == process) {
        apply(terminal, 0, 0);
    }
}
