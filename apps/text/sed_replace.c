#include <string.h>

#include "apps/command/command.h"
#include "apps/text/sed.h"

#define PARTS 10U                    /* & and \1 to \9 */
#define ROOM_FIRST 128U

void line_append(struct line *line, const char *bytes, size_t size)
{
    if (line->room - line->size <= size) {
        line->room = 2 * (line->size + size) + ROOM_FIRST;
        line->text = command_memory_again(line->text, line->room);
    }
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
    line->text[line->size] = '\0';
}

bool sed_match(regex_t *expression, const struct line *line, size_t from, regmatch_t *matches, size_t count)
{
    static regex_t *last;
    regmatch_t only[1];

    last = expression != NULL ? expression : last;
    if (last == NULL) {
        command_misused("an empty expression means the one that was used last, and there was none");
    }
    matches = matches != NULL ? matches : only;
    matches[0] = (regmatch_t){ .rm_so = (regoff_t)from, .rm_eo = (regoff_t)line->size };
    return regexec(last, line->text, count, matches, REG_STARTEND | (from > 0 ? REG_NOTBOL : 0)) == 0;
}

static void append_replacement(struct line *made, const char *replacement, const struct line *line, const regmatch_t *matches)
{
    for (const char *at = replacement; *at != '\0'; at++) {
        unsigned part = PARTS;
        char byte = *at;

        if (byte == '&') {
            part = 0;
        } else if (byte == '\\' && at[1] != '\0') {
            byte = *++at;
            part = byte >= '0' && byte <= '9' ? (unsigned)(byte - '0') : PARTS;
            byte = byte == 'n' ? '\n' : byte == 't' ? '\t' : byte;
        }
        if (part == PARTS) {
            line_append(made, &byte, 1);
        } else if (matches[part].rm_so >= 0) {
            line_append(made, line->text + matches[part].rm_so, (size_t)(matches[part].rm_eo - matches[part].rm_so));
        }
    }
}

/* An empty match right behind another one is none. */
bool sed_substitute(const struct step *step, struct line *line)
{
    static struct line made;
    regmatch_t matches[PARTS];
    size_t at = 0, last_end = 0;
    unsigned long found = 0;
    bool is_replaced = false;

    made.size = 0;
    while (at <= line->size && !(is_replaced && !step->is_global) && sed_match(step->expression, line, at, matches, PARTS)) {
        size_t start = (size_t)matches[0].rm_so, end = (size_t)matches[0].rm_eo;
        line_append(&made, line->text + at, start - at);
        if (start < end || start != last_end || found == 0) {
            found++;
            if (found >= step->nth) {
                append_replacement(&made, step->replacement, line, matches);
                is_replaced = true;
            } else {
                line_append(&made, line->text + start, end - start);
            }
        }
        at = last_end = end;
        if (start == end) {
            line_append(&made, line->text + end, end < line->size);
            at++;
        }
    }
    if (at < line->size) {
        line_append(&made, line->text + at, line->size - at);
    }
    if (is_replaced) {
        line->size = 0;
        line_append(line, made.text, made.size);
    }
    return is_replaced;
}

void sed_transliterate(const struct step *step, struct line *line)
{
    for (size_t i = 0; i < line->size; i++) {
        line->text[i] = (char)step->map[(unsigned char)line->text[i]];
    }
}
