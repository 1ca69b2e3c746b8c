#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "policy.h"
#include "rule.h"
#include "words.h"

#define CAPACITY_FIRST 32U

/* ---- Names ---- */

static bool is_prefix(const char *name)
{
    return (name[0] == 'd' || name[0] == 's' || name[0] == 'a') && name[1] == '\\';
}

/* NULL, or what is wrong. */
static const char *read_name(const char *word, struct rule *rule)
{
    const char *star = strchr(word, '*');
    size_t length = strlen(word);

    if (star != NULL && star[1] != '\0') {
        return "a * can only be its last character";
    }
    length -= star != NULL ? 1 : 0;
    if (length > NAME_SIZE_MAX) {
        return "a name has at most 63 bytes";
    }
    if (!is_prefix(word) && strcmp(word, "*") != 0) {
        return "it must begin with d\\, s\\ or a\\, or be *";
    }
    if (length == 2 && star == NULL) {
        return "nothing follows the prefix";
    }
    rule->is_for_all = star != NULL;
    rule->name_size = (uint32_t)length;
    memcpy(rule->name, word, length);
    return NULL;
}

/* ---- Rules ---- */

static bool has_room(struct policy *policy)
{
    if (policy->count < policy->capacity) {
        return true;
    }
    uint32_t capacity = policy->capacity == 0 ? CAPACITY_FIRST : 2 * policy->capacity;
    struct rule *rules = realloc(policy->rules, capacity * sizeof *rules);
    if (rules == NULL) {
        return false;
    }
    policy->rules = rules;
    policy->capacity = capacity;
    return true;
}

static const struct rule *find_same(const struct policy *policy, const struct rule *rule)
{
    for (uint32_t i = 0; i < policy->count; i++) {
        const struct rule *other = &policy->rules[i];

        if (other->is_for_all == rule->is_for_all && strcmp(other->name, rule->name) == 0) {
            return other;
        }
    }
    return NULL;
}

/* NULL, or what is wrong with a line as a whole. */
static const char *check_line(enum line_kind kind)
{
    switch (kind) {
    case LINE_TOO_LONG:
        return "it is longer than 511 bytes";
    case LINE_NO_TEXT:
        return "it has a byte that is no text";
    case LINE_FINE:
        break;
    }
    return NULL;
}

static void say_skipped(policy_say *say, unsigned line, const char *word, const char *what)
{
    char text[LOG_TEXT_MAX];

    if (word == NULL) {
        format_text(text, sizeof text, "%s; this line is skipped", what);
    } else {
        format_text(text, sizeof text, "\"%.64s\": %s; this line is skipped", word, what);
    }
    say(LOG_ERROR, line, text);
}

/* A line whose name was read. */
static void read_rule(struct rule *rule, char *at, enum line_kind kind, policy_say *say)
{
    struct complaint complaint = { .hint = "" };
    const char *whole = check_line(kind);
    char text[LOG_TEXT_MAX];

    if (whole == NULL && rule_read(rule, at, &complaint)) {
        return;
    }
    rule_close(rule);
    format_text(text, sizeof text, "%s; %s%s gets nothing", whole != NULL ? whole : complaint.text, rule->name,
                rule->is_for_all ? "*" : "");
    say(LOG_ERROR, rule->line, text);
    if (complaint.hint[0] != '\0') {
        say(LOG_INFORMATION, rule->line, complaint.hint);
    }
}

static void read_line(struct policy *policy, char *line, unsigned number, enum line_kind kind, policy_say *say)
{
    struct rule rule = { .line = number };
    char *at = line;
    char *word = word_next(&at);
    const char *wrong = word == NULL ? check_line(kind) : read_name(word, &rule);

    if (wrong != NULL) {
        say_skipped(say, number, word, wrong);
        return;
    }
    const struct rule *same = find_same(policy, &rule);
    if (same != NULL) {
        char text[LOG_TEXT_MAX];
        format_text(text, sizeof text, "%s stands in line %u already; this line is skipped", word, same->line);
        say(LOG_ERROR, number, text);
        return;
    }
    read_rule(&rule, at, kind, say);
    policy->rules[policy->count++] = rule;
}

void policy_read(struct policy *policy, const char *text, size_t size, policy_say *say)
{
    char line[LINE_MAX];
    enum line_kind kind;
    struct text lines;

    text_open(&lines, text, size);
    while (text_line(&lines, line, &kind)) {
        if (!has_room(policy)) {
            /* A rule that was to give less would be missing: so none gives anything. */
            policy->count = 0;
            say(LOG_ERROR, lines.line, "there is no memory for so many lines: nobody gets anything");
            return;
        }
        read_line(policy, line, lines.line, kind, say);
    }
}

const struct rule *policy_find(const struct policy *policy, const char *name)
{
    const struct rule *best = NULL;

    for (uint32_t i = 0; i < policy->count; i++) {
        const struct rule *rule = &policy->rules[i];

        if (!rule->is_for_all && strcmp(name, rule->name) == 0) {
            return rule;
        }
        if (rule->is_for_all && strncmp(name, rule->name, rule->name_size) == 0 && (best == NULL || rule->name_size > best->name_size)) {
            best = rule;
        }
    }
    return best;
}
