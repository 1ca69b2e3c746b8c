#include "real_code.h"

#include <ternion/string.h>

#define HANDLERS 0x20000U            /* a paragraph for each vector */
#define MAGIC 0x5AU

const struct access real_access = {
    .rights = RIGHT_VM86, .partners = PARTNERS_ALL, .memory = { BIOS_MANIFEST_MEMORY },
};

void real_open(void)
{
    EXPECT_OK(bios_open(&(struct bios_options){ 0 }));
}

status_t real_run(const uint8_t *code, uint32_t size, uint32_t ms, struct bios_registers *registers)
{
    bios_set_options(&(struct bios_options){ .ms = ms });
    EXPECT_OK(bios_write(REAL_SEGMENT, 0, code, size));
    return bios_call(REAL_SEGMENT, 0, registers);
}

void real_handler(uint32_t vector, const uint8_t *code, uint32_t size)
{
    const uint16_t pointer[] = { 0, (uint16_t)(HANDLERS / 16 + vector) };

    EXPECT(size <= 16);
    EXPECT_OK(bios_write(pointer[1], 0, code, size));
    EXPECT_OK(bios_write(0, (uint16_t)(vector * 4), pointer, sizeof pointer));
}

void real_expect_works(void)
{
    struct bios_registers registers = { 0 };
    const uint8_t code[] = { 0x9C, 0xFA, 0xB0, MAGIC, 0xFB, 0x9D, REAL_RETURN };     /* pushf, cli, mov al, sti, popf */

    EXPECT_OK(real_run(code, sizeof code, 0, &registers));
    EXPECT_EQUAL(MAGIC, registers.eax);
    EXPECT(bios_problem()[0] == '\0');
}

void real_expect_problem(const char *text)
{
    const char *problem = bios_problem();
    size_t length = strlen(text);

    for (const char *at = problem; *at != '\0'; at++) {
        if (strncmp(at, text, length) == 0) {
            return;
        }
    }
    EXPECT_NOT("\"%s\" is not in \"%s\"", text, problem);
}

uint32_t real_strikes(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.strikes;
}
