#include "options.h"

#include "string.h"

struct options options;

static const struct {
    const char *name;            /* with = */
    const char *values;          /* for people */
    bool several;                /* values separated by commas */
    struct {
        const char *value;
        bool *flag;              /* NULL: the default */
    } choices[3];
} known[] = {
    { "early=", "known are serial, vga, e9", true,
      { { "serial", &options.early_serial }, { "vga", &options.early_vga }, { "e9", &options.early_e9 } } },
    { "panic=", "known are reboot, halt", false,
      { { "reboot", NULL }, { "halt", &options.halt_on_panic }, { NULL, NULL } } },
    { "exit=", "known is qemu", false, { { "qemu", &options.exit_qemu }, { NULL, NULL }, { NULL, NULL } } },
    { "plant=", "known is panic", false, { { "panic", &options.plant_panic }, { NULL, NULL }, { NULL, NULL } } },
};
#define KNOWN (sizeof known / sizeof known[0])

static bool is_equal(const char *text, uint32_t size, const char *string)
{
    return strlen(string) == size && memcmp(text, string, size) == 0;
}

static bool choose(uint32_t option, const char *value, uint32_t size)
{
    for (uint32_t i = 0; i < 3; i++) {
        const char *choice = known[option].choices[i].value;

        if (choice != NULL && is_equal(value, size, choice)) {
            if (known[option].choices[i].flag != NULL) {
                *known[option].choices[i].flag = true;
            }
            return true;
        }
    }
    return false;
}

static uint32_t length_to(const char *text, uint32_t size, char end)
{
    uint32_t length = 0;

    while (length < size && text[length] != end) {
        length++;
    }
    return length;
}

static void parse_values(uint32_t option, const char *word, uint32_t size, options_complaint_t *complain)
{
    uint32_t at = (uint32_t)strlen(known[option].name);

    do {
        uint32_t length = known[option].several ? length_to(word + at, size - at, ',') : size - at;

        if (!choose(option, word + at, length)) {
            complain(word, size, known[option].values);
        }
        at += length + 1;
    } while (at <= size);        /* a comma at the end has an empty value behind it */
}

static void parse_word(const char *word, uint32_t size, options_complaint_t *complain)
{
    for (uint32_t option = 0; option < KNOWN; option++) {
        uint32_t name_size = (uint32_t)strlen(known[option].name);

        if (size >= name_size && memcmp(word, known[option].name, name_size) == 0) {
            parse_values(option, word, size, complain);
            return;
        }
    }
    complain(word, size, "known are early=, panic=, exit=, plant=");
}

void options_parse(const char *line, options_complaint_t *complain)
{
    uint32_t size = (uint32_t)strlen(line);
    uint32_t at = length_to(line, size, ' ');   /* the path */

    while (at < size) {
        uint32_t length = length_to(line + at, size - at, ' ');

        if (length > 0) {
            parse_word(line + at, length, complain);
        }
        at += length + 1;
    }
}
