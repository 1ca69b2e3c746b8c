#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/grant_text.h>
#include <ternion/string.h>

#include "rule.h"
#include "words.h"

#define IRQ_LINES 16U
#define PORT_LAST 0xFFFFU

#define WORDS "manifest, nothing, role=, partners=, irqs=, ports=, memory=, rights=, strikes=, bus and strict"

/* The words of a line: each once. */
enum word {
    WORD_ROLE,
    WORD_PARTNERS,
    WORD_IRQS,
    WORD_PORTS,
    WORD_MEMORY,
    WORD_RIGHTS,
    WORD_STRIKES,
    WORD_BUS,
    WORD_STRICT,
    WORD_MANIFEST,
    WORD_NOTHING,
    WORD_COUNT,
};

static bool complain(struct complaint *complaint, const char *template, ...) __attribute__((format(printf, 2, 3)));

/* Always false, so that a reader can return it. */
static bool complain(struct complaint *complaint, const char *template, ...)
{
    va_list values;

    va_start(values, template);
    format_text_list(complaint->text, sizeof complaint->text, template, values);
    va_end(values);
    return false;
}

/* ---- Parts of a list ---- */

static bool read_role(const char *part, uint32_t *roles, struct complaint *complaint)
{
    uint32_t role;

    if (!role_of_name(part, &role)) {
        size_t length = 0;

        for (role = 0; role < ROLE_COUNT && length < sizeof complaint->hint; role++) {
            length += format_text(complaint->hint + length, sizeof complaint->hint - length, "%s%s", role == 0 ? "roles are " : ", ",
                                  role_name(role));
        }
        return complain(complaint, "\"%.32s\" is no role", part);
    }
    *roles |= ROLE_BIT(role);
    return true;
}

static bool read_right(const char *part, uint32_t *rights, struct complaint *complaint)
{
    uint32_t right;

    if (!right_of_name(part, &right)) {
        size_t length = 0;

        for (right = 1; (right & RIGHTS_ALL) != 0 && length < sizeof complaint->hint; right <<= 1) {
            length += format_text(complaint->hint + length, sizeof complaint->hint - length, "%s%s", right == 1 ? "rights are " : ", ",
                                  right_name(right));
        }
        return complain(complaint, "\"%.32s\" is no right", part);
    }
    *rights |= right;
    return true;
}

static bool read_irq(const char *part, uint32_t *irqs, struct complaint *complaint)
{
    uint32_t line;

    if (!word_decimal(part, &line) || line >= IRQ_LINES) {
        return complain(complaint, "\"%.32s\" is no interrupt line: a number from 0 to 15 must stand here", part);
    }
    *irqs |= IRQ_BIT(line);
    return true;
}

/* FIRST or FIRST-LAST, hexadecimal. */
static bool read_range(const char *part, uint32_t most, uint32_t *first_out, uint32_t *last_out, struct complaint *complaint)
{
    const char *at = part;
    bool is_read = word_hexadecimal(&at, first_out);

    *last_out = *first_out;
    if (is_read && *at == '-') {
        at++;
        is_read = word_hexadecimal(&at, last_out);
    }
    if (!is_read || *at != '\0' || *first_out > most || *last_out > most) {
        return complain(complaint, "\"%.32s\" is no range: FIRST or FIRST-LAST, hexadecimal and at most %X, must stand here", part, most);
    }
    if (*first_out > *last_out) {
        return complain(complaint, "the range %.32s ends before it begins", part);
    }
    return *last_out != 0 || complain(complaint, "the range %.32s cannot be given: 0 alone stands for none", part);
}

static bool read_ports(const char *part, struct access *most, struct complaint *complaint)
{
    uint32_t first, last;

    if (!read_range(part, PORT_LAST, &first, &last, complaint)) {
        return false;
    }
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        if (most->ports[i].last == 0) {
            most->ports[i] = (struct port_range){ (uint16_t)first, (uint16_t)last };
            return true;
        }
    }
    return complain(complaint, "there is room for %u ranges of ports", ACCESS_PORTS_MAX);
}

static bool read_memory(const char *part, struct access *most, struct complaint *complaint)
{
    uint32_t first, last;

    if (!read_range(part, UINT32_MAX, &first, &last, complaint)) {
        return false;
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        if (most->memory[i].last == 0) {
            most->memory[i] = (struct memory_range){ first, last };
            return true;
        }
    }
    return complain(complaint, "there is room for %u ranges of memory", ACCESS_MEMORY_MAX);
}

static bool read_part(enum word word, const char *part, struct rule *rule, struct complaint *complaint)
{
    switch (word) {
    case WORD_ROLE:
        return read_role(part, &rule->roles, complaint);
    case WORD_PARTNERS:
        return read_role(part, &rule->most.partners, complaint);
    case WORD_IRQS:
        return read_irq(part, &rule->most.irqs, complaint);
    case WORD_PORTS:
        return read_ports(part, &rule->most, complaint);
    case WORD_MEMORY:
        return read_memory(part, &rule->most, complaint);
    default:
        return read_right(part, &rule->most.rights, complaint);
    }
}

/* ---- Words ---- */

/* Lets a rule give all that a word can. */
static void allow_all(enum word word, struct rule *rule)
{
    switch (word) {
    case WORD_ROLE:
        rule->roles = (1U << ROLE_COUNT) - 1;
        break;
    case WORD_PARTNERS:
        rule->most.partners = PARTNERS_ALL;
        break;
    case WORD_IRQS:
        rule->most.irqs = (1U << IRQ_LINES) - 1;
        break;
    case WORD_PORTS:
        rule->most.ports[0] = (struct port_range){ 0, PORT_LAST };
        break;
    case WORD_MEMORY:
        rule->most.memory[0] = (struct memory_range){ 0, UINT32_MAX };
        break;
    case WORD_RIGHTS:
        rule->most.rights = RIGHTS_ALL;
        break;
    case WORD_BUS:
        rule->has_plugged = true;
        break;
    default:
        break;
    }
}

static bool read_list(enum word word, char *value, struct rule *rule, struct complaint *complaint)
{
    char *part;

    if (strcmp(value, "all") == 0) {
        allow_all(word, rule);
        return true;
    }
    if (strcmp(value, "none") == 0) {
        return true;
    }
    while ((part = word_part(&value)) != NULL) {
        if (*part == '\0') {
            return complain(complaint, "something is missing at a comma or behind the =");
        }
        if (!read_part(word, part, rule, complaint)) {
            return false;
        }
    }
    return true;
}

static bool read_strikes(const char *value, struct rule *rule, struct complaint *complaint)
{
    if (!word_decimal(value, &rule->most.strikes) || rule->most.strikes == 0) {
        return complain(complaint, "strikes=%.32s: a number from 1 on must follow the =", value);
    }
    return true;
}

/* Which word it is, and its value behind the =; WORD_COUNT: none. */
static enum word word_find(char *text, char **value_out)
{
    static const char *const names[WORD_COUNT] = {
        [WORD_ROLE] = "role",
        [WORD_PARTNERS] = "partners",
        [WORD_IRQS] = "irqs",
        [WORD_PORTS] = "ports",
        [WORD_MEMORY] = "memory",
        [WORD_RIGHTS] = "rights",
        [WORD_STRIKES] = "strikes",
        [WORD_BUS] = "bus",
        [WORD_STRICT] = "strict",
        [WORD_MANIFEST] = "manifest",
        [WORD_NOTHING] = "nothing",
    };
    char *equals = strchr(text, '=');
    size_t length = equals == NULL ? strlen(text) : (size_t)(equals - text);

    for (enum word word = 0; word < WORD_COUNT; word++) {
        bool wants_value = word <= WORD_STRIKES;

        if (strlen(names[word]) == length && strncmp(text, names[word], length) == 0 && wants_value == (equals != NULL)) {
            *value_out = equals == NULL ? NULL : equals + 1;
            return word;
        }
    }
    return WORD_COUNT;
}

static bool read_word(char *text, struct rule *rule, uint32_t *seen, struct complaint *complaint)
{
    char *value;
    enum word word = word_find(text, &value);

    if (word == WORD_COUNT) {
        return complain(complaint, "\"%.32s\" is not known: there are " WORDS, text);
    }
    if ((*seen & 1U << word) != 0) {
        return complain(complaint, "\"%.32s\": this word stands in the line already", text);
    }
    *seen |= 1U << word;
    switch (word) {
    case WORD_STRIKES:
        return read_strikes(value, rule, complaint);
    case WORD_BUS:
        rule->has_plugged = true;
        return true;
    case WORD_STRICT:
        rule->is_strict = true;
        return true;
    case WORD_MANIFEST:
    case WORD_NOTHING:
        return true;
    default:
        return read_list(word, value, rule, complaint);
    }
}

void rule_close(struct rule *rule)
{
    rule->is_strict = false;
    rule->has_plugged = false;
    rule->roles = 0;
    rule->most = (struct access){ .strikes = STRIKES_USUAL };
}

bool rule_read(struct rule *rule, char *at, struct complaint *complaint)
{
    uint32_t seen = 0;
    char *word;

    rule_close(rule);
    while ((word = word_next(&at)) != NULL) {
        if (!read_word(word, rule, &seen, complaint)) {
            return false;
        }
    }
    if (seen == 0) {
        return complain(complaint, "nothing follows the name: write what it may have, or the word nothing");
    }
    if ((seen & 1U << WORD_NOTHING) != 0 && seen != 1U << WORD_NOTHING) {
        return complain(complaint, "the word nothing stands beside others: leave it or them out");
    }
    for (enum word open = 0; (seen & 1U << WORD_MANIFEST) != 0 && open < WORD_COUNT; open++) {
        if ((seen & 1U << open) == 0) {
            allow_all(open, rule);
        }
    }
    return true;
}
