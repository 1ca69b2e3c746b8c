#include "keymaps.h"

#define GRAVE '`'
#define ACUTE 0xB4U
#define CIRCUMFLEX '^'

/* Source: the Unicode Standard, Latin-1 Supplement. The accent alone is typed with a space, or by typing it twice. */
static const struct {
    uint16_t accent;
    uint16_t letter;
    uint16_t result;
} compositions[] = {
    { GRAVE, 'A', 0xC0 }, { GRAVE, 'E', 0xC8 }, { GRAVE, 'I', 0xCC }, { GRAVE, 'O', 0xD2 }, { GRAVE, 'U', 0xD9 },
    { GRAVE, 'a', 0xE0 }, { GRAVE, 'e', 0xE8 }, { GRAVE, 'i', 0xEC }, { GRAVE, 'o', 0xF2 }, { GRAVE, 'u', 0xF9 },
    { ACUTE, 'A', 0xC1 }, { ACUTE, 'E', 0xC9 }, { ACUTE, 'I', 0xCD }, { ACUTE, 'O', 0xD3 }, { ACUTE, 'U', 0xDA }, { ACUTE, 'Y', 0xDD },
    { ACUTE, 'a', 0xE1 }, { ACUTE, 'e', 0xE9 }, { ACUTE, 'i', 0xED }, { ACUTE, 'o', 0xF3 }, { ACUTE, 'u', 0xFA }, { ACUTE, 'y', 0xFD },
    { CIRCUMFLEX, 'A', 0xC2 }, { CIRCUMFLEX, 'E', 0xCA }, { CIRCUMFLEX, 'I', 0xCE }, { CIRCUMFLEX, 'O', 0xD4 }, { CIRCUMFLEX, 'U', 0xDB },
    { CIRCUMFLEX, 'a', 0xE2 }, { CIRCUMFLEX, 'e', 0xEA }, { CIRCUMFLEX, 'i', 0xEE }, { CIRCUMFLEX, 'o', 0xF4 }, { CIRCUMFLEX, 'u', 0xFB },
};

uint16_t keymap_compose(uint16_t accent, uint16_t letter)
{
    if (letter == ' ' || letter == accent) {
        return accent;
    }
    for (size_t i = 0; i < sizeof compositions / sizeof compositions[0]; i++) {
        if (compositions[i].accent == accent && compositions[i].letter == letter) {
            return compositions[i].result;
        }
    }
    return 0;
}
