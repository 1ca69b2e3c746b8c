#include "value.h"

#include <stdbool.h>

#include <abi/log.h>
#include <abi/process.h>
#include <abi/system.h>

#include <ternion/string.h>

#define NANOSECONDS 1000000000U
#define SMALL 0x10000U           /* numbers below are counts more often than not */

static const char *const levels[] = { "LOG_EMERGENCY", "LOG_ERROR", "LOG_WARNING", "LOG_INFORMATION", "LOG_DEBUG" };
static const char *const actions[] = { "POWER_REBOOT", "POWER_OFF", "POWER_HALT" };
static const char *const classes[] = { "CLASS_DRIVER", "CLASS_SERVER", "CLASS_APPLICATION" };
static const char *const reasons[] = {
#define REASON_NAME(name, meaning) #name,
    ELF_REASON_LIST(REASON_NAME)
#undef REASON_NAME
};

_Static_assert(sizeof levels / sizeof levels[0] == LOG_LEVEL_COUNT, "a name for each level");
_Static_assert(sizeof classes / sizeof classes[0] == CLASS_COUNT, "a name for each class");

/* Types whose values have names. */
static const struct {
    const char *type;
    const char *const *names;
    uint32_t count;
} named_types[] = {
    { "log_level_t", levels, sizeof levels / sizeof levels[0] },
    { "power_action_t", actions, sizeof actions / sizeof actions[0] },
    { "process_class_t", classes, sizeof classes / sizeof classes[0] },
    { "elf_reason_t", reasons, sizeof reasons / sizeof reasons[0] },
};

/* Types that are numbers to a person; all other types but uint32_t are IDs and addresses. */
static const char *const number_types[] = { "irq_line_t", "module_index_t" };

/* Words in the name of a uint32_t that is none. */
static const char *const hexadecimal_words[] = {
    "address", "flags", "mask", "entry", "stack", "argument", "pointer", "expected", "wanted",
};

static bool contains(const char *text, const char *word)
{
    size_t size = strlen(word);

    for (; *text != '\0'; text++) {
        if (strncmp(text, word, size) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_number(const char *type, const char *name, uint32_t value)
{
    for (uint32_t i = 0; i < sizeof number_types / sizeof number_types[0]; i++) {
        if (strcmp(type, number_types[i]) == 0) {
            return true;
        }
    }
    if (strcmp(type, "uint32_t") != 0 || value >= SMALL) {
        return false;
    }
    for (uint32_t i = 0; i < sizeof hexadecimal_words / sizeof hexadecimal_words[0]; i++) {
        if (contains(name, hexadecimal_words[i])) {
            return false;
        }
    }
    return true;
}

/* The name of a value, or NULL. */
static const char *name_of(const char *type, uint32_t value)
{
    for (uint32_t i = 0; i < sizeof named_types / sizeof named_types[0]; i++) {
        if (strcmp(type, named_types[i].type) == 0) {
            return value < named_types[i].count ? named_types[i].names[value] : NULL;
        }
    }
    return NULL;
}

void value_add_process(struct line *line, process_id_t id, const char *nobody, process_name_t *process_name)
{
    const char *name = id == 0 ? nobody : process_name(id);

    if (name != NULL) {
        line_add(line, "%s", name);
    } else {
        line_add(line, "0x%x", id);
    }
}

void value_add_time(struct line *line, nanoseconds_t time_ns)
{
    uint32_t rest = (uint32_t)(time_ns % NANOSECONDS), digits = 9;

    if (time_ns == FOREVER) {
        line_add(line, "FOREVER");
        return;
    }
    while (digits > 0 && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    line_add(line, "%llu", (unsigned long long)(time_ns / NANOSECONDS));
    if (digits > 0) {
        line_add(line, ".%0*u", (int)digits, rest);
    }
    line_add(line, "s");
}

void value_add_pointer(struct line *line, uint32_t address)
{
    line_add(line, address == 0 ? "NULL" : "0x%08x", address);
}

void value_add(struct line *line, const char *type, const char *name, uint64_t value, process_name_t *process_name)
{
    uint32_t low = (uint32_t)value;
    const char *value_name = name_of(type, low);

    if (strcmp(type, "nanoseconds_t") == 0) {
        value_add_time(line, value);
    } else if (strcmp(type, "process_id_t") == 0) {
        value_add_process(line, low, "SELF", process_name);
    } else if (value_name != NULL) {
        line_add(line, "%s", value_name);
    } else if (value > UINT32_MAX) {
        line_add(line, "0x%llx", (unsigned long long)value);
    } else if (is_number(type, name, low)) {
        line_add(line, "%u", low);
    } else {
        line_add(line, "0x%x", low);
    }
}
