/* Fuzzes the kernel's command line. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "options.h"
#include "test.h"

static const char *line;

static void complain(const char *word, uint32_t size, const char *what)
{
    CHECK(size > 0 && word >= line && word + size <= line + strlen(line));
    CHECK(memchr(word, ' ', size) == NULL);
    CHECK(strlen(what) > 0);
}

static int try(const uint8_t *bytes, size_t size)
{
    char *copy = malloc(size + 1);

    memcpy(copy, bytes, size);
    copy[size] = '\0';
    line = copy;
    memset(&options, 0, sizeof options);
    options_parse(copy, complain);
    free(copy);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char *const lines[] = {
        "/boot/kernel.elf early=serial,vga,e9 panic=reboot exit=qemu plant=panic",
        "k early=serial  panic=halt ", "k early=,vga, exit=", "kernel quiet early exit=bochs",
    };

    if (number == sizeof lines / sizeof lines[0]) {
        return 0;
    }
    memcpy(bytes, lines[number], strlen(lines[number]));
    return strlen(lines[number]);
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_command_line_is_read_within_its_bounds", 2, 256, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
