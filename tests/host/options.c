/* The kernel's command line: a table of lines with what each switches on and complains of. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define COMPLAINTS_MAX 400

static char complaints[COMPLAINTS_MAX];      /* words, each followed by ; */

static void complain(const char *word, uint32_t size, const char *what)
{
    CHECK(strncmp(what, "known ", 6) == 0);
    CHECK(strlen(complaints) + size + 2 < COMPLAINTS_MAX);
    strncat(complaints, word, size);
    strcat(complaints, ";");
}

/* Copied, so that not a byte behind its NUL is read. */
static void parse(const char *line)
{
    char *copy = strdup(line);

    memset(&options, 0, sizeof options);
    complaints[0] = '\0';
    options_parse(copy, complain);
    free(copy);
}

static const struct {
    const char *line;
    struct options expected;
    const char *complaints;
} lines[] = {
    { "", { 0 }, "" },
    { "/boot/kernel.elf", { 0 }, "" },
    { "   ", { 0 }, "" },
    { "early=serial", { 0 }, "" },           /* the path, whatever it looks like */
    { " early=serial", { .early_serial = true }, "" },
    { "k early=serial", { .early_serial = true }, "" },
    { "k early=vga", { .early_vga = true }, "" },
    { "k early=e9", { .early_e9 = true }, "" },
    { "k early=e9,serial,vga", { .early_serial = true, .early_vga = true, .early_e9 = true }, "" },
    { "k early=e9 early=vga", { .early_vga = true, .early_e9 = true }, "" },
    { "k panic=halt", { .halt_on_panic = true }, "" },
    { "k panic=reboot", { 0 }, "" },
    { "k exit=qemu", { .exit_qemu = true }, "" },
    { "k plant=panic", { .plant_panic = true }, "" },
    { "k   panic=halt   exit=qemu  ", { .halt_on_panic = true, .exit_qemu = true }, "" },
    { "k early=serial,lpt,vga", { .early_serial = true, .early_vga = true }, "early=serial,lpt,vga;" },
    { "k early=", { 0 }, "early=;" },
    { "k early=,vga", { .early_vga = true }, "early=,vga;" },
    { "k early=vga,", { .early_vga = true }, "early=vga,;" },
    { "k early=vgaa early=vg early=VGA", { 0 }, "early=vgaa;early=vg;early=VGA;" },
    { "k panic=halt,reboot", { 0 }, "panic=halt,reboot;" },
    { "k panic=", { 0 }, "panic=;" },
    { "k exit=bochs panic=halt", { .halt_on_panic = true }, "exit=bochs;" },
    { "k early", { 0 }, "early;" },
    { "k =", { 0 }, "=;" },
    { "k xearly=vga", { 0 }, "xearly=vga;" },
    { "k quiet exit=qemu debug", { .exit_qemu = true }, "quiet;debug;" },
};

static void each_line_switches_on_what_it_says_and_complaints_name_the_word(void)
{
    for (uint32_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        parse(lines[i].line);
        if (memcmp(&options, &lines[i].expected, sizeof options) != 0) {
            FAIL("\"%s\" switches on something else", lines[i].line);
        }
        if (strcmp(complaints, lines[i].complaints) != 0) {
            FAIL("\"%s\" complains of \"%s\", not of \"%s\"", lines[i].line, complaints, lines[i].complaints);
        }
    }
}

static void later_option_is_read_after_any_nonsense(void)
{
    static const char letters[] = "  =,,early=panic=vga\\x\x01\xFF";

    for (uint32_t round = 0; round < 50000; round++) {
        char line[64] = "k ";
        uint32_t size = 2 + random_below(40);

        for (uint32_t i = 2; i < size; i++) {
            line[i] = letters[random_below(sizeof letters - 1)];
        }
        strcpy(line + size, " exit=qemu");
        memset(&options, 0, sizeof options);
        complaints[0] = '\0';
        options_parse(line, complain);
        CHECK(options.exit_qemu);
    }
}

static const struct test tests[] = {
    TEST(each_line_switches_on_what_it_says_and_complaints_name_the_word),
    TEST(later_option_is_read_after_any_nonsense),
};
TEST_MAIN(tests)
