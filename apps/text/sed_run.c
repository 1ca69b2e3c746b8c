#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/text/sed.h"

/* What becomes of a line when a step was done. */
enum after { AFTER_NEXT_STEP, AFTER_END /* it is written, if not -n */, AFTER_DELETED, AFTER_AGAIN /* from the first step, without reading */, AFTER_QUIT };

static struct line space, hold, ahead;   /* the line that is worked on; what h keeps; the next line */
static bool has_ahead, is_whole = true;  /* the line that is worked on had a line end */
static bool is_quiet, owes_line_end, has_replaced;
static unsigned long line_number;
static int next_file;
static struct input input;
static bool is_open;
static struct step **appended;           /* texts of `a` for the end of the line */
static size_t appended_count, appended_room;

/* ---- Lines ---- */

/* The next line of all files becomes `ahead`. */
static void read_ahead(void)
{
    static char standard[] = "-", *only_standard[] = { standard };
    char **files = command.count > 0 ? command.operands : only_standard;
    int count = command.count > 0 ? command.count : 1;

    while (is_open || next_file < count) {
        is_open = is_open || input_begin(&input, files[next_file++]);
        has_ahead = is_open && input_line(&input, &ahead);
        if (has_ahead) {
            return;
        }
        if (is_open) {
            input_end(&input);
            is_open = false;
        }
    }
}

/* Puts the next line behind what is there. False: there is none. */
static bool take_line(void)
{
    if (!has_ahead) {
        return false;
    }
    is_whole = ahead.size > 0 && ahead.text[ahead.size - 1] == '\n';
    line_strip(&ahead);
    line_append(&space, ahead.text, ahead.size);
    line_number++;
    has_ahead = false;
    read_ahead();
    return true;
}

/* A last line without its end gets one if something follows. */
static void write_text(const char *bytes, size_t size)
{
    if (owes_line_end) {
        output_byte('\n');
    }
    owes_line_end = false;
    output_bytes(bytes, size);
}

static void write_line(const char *bytes, size_t size)
{
    write_text(bytes, size);
    owes_line_end = !is_whole;
    if (is_whole) {
        output_byte('\n');
    }
}

static void write_appended(void)
{
    for (size_t i = 0; i < appended_count; i++) {
        write_text(appended[i]->text, strlen(appended[i]->text));
    }
    appended_count = 0;
}

static void append_later(struct step *step)
{
    if (appended_count == appended_room) {
        appended_room = 2 * appended_room + 4;
        appended = command_memory_again(appended, appended_room * sizeof *appended);
    }
    appended[appended_count++] = step;
}

static void end_line(bool is_deleted)
{
    if (!is_quiet && !is_deleted) {
        write_line(space.text, space.size);
    }
    write_appended();
}

/* ---- Which lines ---- */

static bool is_at(const struct address *address)
{
    switch (address->kind) {
    case ADDRESS_LINE:
        return line_number == address->line;
    case ADDRESS_LAST:
        return !has_ahead;
    case ADDRESS_EXPRESSION:
        return sed_match(address->expression, &space, 0, NULL, 1);
    default:
        return true;
    }
}

static bool is_in_range(struct step *step)
{
    bool has_number = step->to.kind == ADDRESS_LINE || step->to.kind == ADDRESS_FURTHER;

    if (!step->is_active) {
        if (!is_at(&step->from)) {
            return false;
        }
        step->end = step->to.kind == ADDRESS_FURTHER ? line_number + step->to.line : step->to.line;
        step->is_active = !has_number || line_number < step->end;
        return true;
    }
    step->is_active = has_number ? line_number < step->end : !is_at(&step->to);
    return !has_number || line_number <= step->end;
}

static bool is_selected(struct step *step)
{
    bool is_in = step->to.kind == ADDRESS_NONE ? is_at(&step->from) : is_in_range(step);

    return is_in != step->is_inverted;
}

/* ---- Functions ---- */

static void copy(struct line *to, const struct line *from, bool is_behind)
{
    if (is_behind) {
        line_append(to, "\n", 1);
    } else {
        to->size = 0;
    }
    line_append(to, from->text, from->size);
}

static void exchange(void)
{
    struct line kept = space;

    space = hold;
    hold = kept;
}

static size_t first_part(void)
{
    const char *end = memchr(space.text, '\n', space.size);

    return end != NULL ? (size_t)(end - space.text) : space.size;
}

/* D: up to the first line end; what is left is worked on from the first step on. */
static enum after delete_first_part(void)
{
    size_t size = first_part();

    if (size == space.size) {
        return AFTER_DELETED;
    }
    memmove(space.text, space.text + size + 1, space.size - size);
    space.size -= size + 1;
    return AFTER_AGAIN;
}

/* n and N: without another line they are the end; what there is, is written. */
static enum after take_another(bool is_behind)
{
    if (!has_ahead) {
        return AFTER_QUIT;
    }
    if (is_behind) {
        line_append(&space, "\n", 1);
        write_appended();
    } else {
        end_line(false);
        space.size = 0;
    }
    (void)take_line();
    return AFTER_NEXT_STEP;
}

static enum after change(const struct step *step)
{
    if (step->to.kind == ADDRESS_NONE || step->is_inverted || !step->is_active) {
        write_text(step->text, strlen(step->text));
    }
    return AFTER_DELETED;
}

static void substitute(const struct step *step)
{
    if (sed_substitute(step, &space)) {
        has_replaced = true;
        if (step->prints) {
            write_line(space.text, space.size);
        }
    }
}

static void write_number(void)
{
    write_text("", 0);
    output_format("%lu\n", line_number);
}

static enum after do_step(struct step *step)
{
    switch (step->function) {
    case 's': substitute(step); break;
    case 'y': sed_transliterate(step, &space); break;
    case 'p': write_line(space.text, space.size); break;
    case 'P': write_text(space.text, first_part()), output_byte('\n'); break;
    case 'd': return AFTER_DELETED;
    case 'D': return delete_first_part();
    case 'n': return take_another(false);
    case 'N': return take_another(true);
    case 'h': copy(&hold, &space, false); break;
    case 'H': copy(&hold, &space, true); break;
    case 'g': copy(&space, &hold, false); break;
    case 'G': copy(&space, &hold, true); break;
    case 'x': exchange(); break;
    case 'a': append_later(step); break;
    case 'i': write_text(step->text, strlen(step->text)); break;
    case 'c': return change(step);
    case '=': write_number(); break;
    case 'q': command.exit_code = (int)step->nth; return AFTER_QUIT;
    }
    return AFTER_NEXT_STEP;
}

/* t goes to its label if something was replaced since the line was read, or since the last t that went. */
static bool is_branch_taken(const struct step *step)
{
    bool is_taken = step->function == 'b' || (step->function == 't' && has_replaced);

    has_replaced = has_replaced && step->function != 't';
    return is_taken;
}

static enum after do_steps(struct script *script)
{
    enum after after = AFTER_NEXT_STEP;

    for (size_t at = 0; at < script->count && after == AFTER_NEXT_STEP;) {
        struct step *step = &script->steps[at++];

        if (!is_selected(step)) {
            at = step->function == '{' ? step->target : at;
        } else if (is_branch_taken(step)) {
            at = step->target;
        } else {
            after = do_step(step);
        }
    }
    return after;
}

void sed_run(struct script *script, bool quiet)
{
    enum after after = AFTER_END;

    is_quiet = quiet;
    line_append(&hold, "", 0);
    read_ahead();
    while (after != AFTER_QUIT) {
        if (after != AFTER_AGAIN) {
            space.size = 0;
            has_replaced = false;
            if (!take_line()) {
                break;
            }
        }
        after = do_steps(script);
        end_line(after == AFTER_DELETED || after == AFTER_AGAIN);
    }
}
