/* Fuzzes the terminal of d\console. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "terminal_screen.h"

static int try(const uint8_t *bytes, size_t size)
{
    char *copy = malloc(size);

    memcpy(copy, bytes, size);
    begin(size == 0 ? PALETTE_16 : (enum palette)(bytes[0] % 3));
    terminal_write(&terminal, copy, size);
    if (size != 0 && bytes[size - 1] & 1) {
        terminal_write_line(&terminal, copy, size);
    }
    free(copy);
    check_terminal_is_sound();
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char *const texts[] = {
        "\033[2J\033[3;5Htext\n\033[A\033[B\033[C\033[D\033[E\033[F\033[G\033[d\033[I\033[Z\033[e\033[a\033[`\033[f",
        "\033[K\033[1K\033[1J\033[5X\033[2@\033[2P\033[2L\033[2M\033[2S\033[2T\033[3b\033[3;9r\033[?6h\033[s\033[u\0337\0338\033D\033M\033E",
        "\033[1;2;4;5;7;22;24;25;27;31;42;91;102m\033[38;5;200;48;2;1;2;3mx\033[g\033H\033[3g\033[4h\033[?7l\033[?25l\033(0\016\033c",
        "\033]0;title\a\033P1\033\\\033]P1234567\033[[A\033[4:3m\033[?1049h\033[>c\033#8\030\t\b\v\f\r",
    };

    if (number == sizeof texts / sizeof texts[0]) {
        return 0;
    }
    memcpy(bytes, texts[number], strlen(texts[number]));
    return strlen(texts[number]);
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_bytes_leave_the_terminal_sound", 3, 256, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
