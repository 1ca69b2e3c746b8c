#include "apps/text/byte_set.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/text/escapes.h"

static void add(struct byte_set *set, int byte)
{
    if (set->count == sizeof set->bytes) {
        command_misused("a set has more than %u bytes", (unsigned)sizeof set->bytes);
    }
    set->bytes[set->count++] = (unsigned char)byte;
}

struct class {
    const char *name;
    int (*contains)(int byte);
};

static int is_alpha(int byte) { return isalpha(byte); }
static int is_digit(int byte) { return isdigit(byte); }
static int is_alnum(int byte) { return isalnum(byte); }
static int is_upper(int byte) { return isupper(byte); }
static int is_lower(int byte) { return islower(byte); }
static int is_space(int byte) { return isspace(byte); }
static int is_blank(int byte) { return byte == ' ' || byte == '\t'; }
static int is_punct(int byte) { return ispunct(byte); }

static const struct class classes[] = {
    { "alpha", is_alpha }, { "digit", is_digit }, { "alnum", is_alnum }, { "upper", is_upper }, { "lower", is_lower },
    { "space", is_space }, { "blank", is_blank }, { "punct", is_punct },
};

/* [:NAME:] at a place; false: there stands none. */
static bool add_class(const char **at, struct byte_set *set)
{
    const char *end = strncmp(*at, "[:", 2) == 0 ? strchr(*at + 2, ':') : NULL;

    if (end == NULL || end[1] != ']') {
        return false;
    }
    for (unsigned i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strlen(classes[i].name) == (size_t)(end - *at) - 2 && strncmp(*at + 2, classes[i].name, (size_t)(end - *at) - 2) == 0) {
            for (int byte = 0; byte < 256; byte++) {
                if (byte < 128 && classes[i].contains(byte)) {
                    add(set, byte);
                }
            }
            *at = end + 2;
            return true;
        }
    }
    command_misused("%s: there is no such class", *at);
}

static int read_byte(const char **at)
{
    unsigned char byte = (unsigned char)*(*at)++;

    if (byte != '\\') {
        return byte;
    }
    int escaped = escape_read(at, false);
    return escaped >= 0 ? escaped : **at != '\0' ? (unsigned char)*(*at)++ : '\\';
}

void byte_set_read(const char *text, struct byte_set *set_out)
{
    set_out->count = 0;
    for (const char *at = text; *at != '\0';) {
        if (add_class(&at, set_out)) {
            continue;
        }
        int first = read_byte(&at), last = first;
        if (at[0] == '-' && at[1] != '\0') {
            at++;
            last = read_byte(&at);
            if (last < first) {
                command_misused("%s: a range goes backwards", text);
            }
        }
        for (int byte = first; byte <= last; byte++) {
            add(set_out, byte);
        }
    }
}

void byte_set_complement(struct byte_set *set)
{
    bool contained[256] = { false };

    for (size_t i = 0; i < set->count; i++) {
        contained[set->bytes[i]] = true;
    }
    set->count = 0;
    for (int byte = 0; byte < 256; byte++) {
        if (!contained[byte]) {
            add(set, byte);
        }
    }
}
