/*
 * a\biostrace: makes a call of the BIOS by d\bios, and shows all that the BIOS does for it: each instruction that VM86 mode leaves to the
 * monitor, ports and their values, interrupts within, memory that it changed.
 *
 *     biostrace 10 4f02 bx=4118 steps
 *
 * docs/vm86.md tells about its arguments.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "apps/command/help.h"
#include "options.h"
#include "output.h"

#define WAIT_NS (5 * SECOND)         /* for d\bios: it may just be starting */
#define RECORD_SIZE 256U
#define ROW 16U

MANIFEST(.partners = PARTNERS_ALL);

static struct options options;
static uint8_t data[BIOS_DATA_MAX];
static uint32_t bytes_written;

static void take(const struct bios_record *records, uint32_t count)
{
    char text[RECORD_SIZE];

    for (uint32_t i = 0; i < count; i++) {
        if (records[i].kind == BIOS_RECORD_WRITTEN) {
            bytes_written += records[i].count;
        }
        if (!options.is_quiet) {
            (void)bios_record_text(&records[i], text, sizeof text);
            output_print("%s", text);
        }
    }
    if (output_records()) {
        output_record(records, count);
    }
}

static bool is_zeroes(const uint8_t *bytes)
{
    for (uint32_t i = 0; i < ROW; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Rows of zeroes are left out. */
static void print_data(uint32_t size)
{
    for (uint32_t row = 0; row < size; row += ROW) {
        const uint8_t *bytes = data + row;

        if (!is_zeroes(bytes)) {
            output_print("data+%03x: %02x %02x %02x %02x %02x %02x %02x %02x  %02x %02x %02x %02x %02x %02x %02x %02x", row,
                         bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
                         bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
        }
    }
}

#define VBE 0x4FU                    /* in AH, of vector 10h */
#define VBE_DONE 0x004FU             /* in AX afterwards */

static void print_answer(const struct bios_answer *answer, bool was_recorded)
{
    const struct bios_registers *registers = &answer->registers;
    const struct bios_cost *cost = &answer->cost;

    output_print("int %02xh ax=%04x: %s%s%s", options.request.vector, options.request.registers.ax, status_name((status_t)answer->status),
                 answer->problem[0] == '\0' ? "" : ": ", answer->problem);
    if (answer->status == OK && options.request.vector == 0x10 && options.request.registers.ax >> 8 == VBE && registers->ax != VBE_DONE) {
        output_print("the BIOS answered %04x: it has failed (VBE 3.0, section 3: %04x is success)", registers->ax, VBE_DONE);
    }
    output_print("eax=%08x ebx=%08x ecx=%08x edx=%08x esi=%08x edi=%08x ebp=%08x ds=%04x es=%04x flags=%04x", registers->eax, registers->ebx,
                 registers->ecx, registers->edx, registers->esi, registers->edi, registers->ebp, registers->ds, registers->es, registers->flags);
    output_print("traps: %u, ports trapped: %u, of them refused: %u, interrupts within: %u", cost->traps, cost->ports, cost->refused,
                 cost->interrupts);
    if ((options.request.flags & BIOS_STEP) != 0) {
        output_print("instructions: %u", cost->instructions);
    }
    if (was_recorded) {
        output_print("bytes written: %u, records lost: %u", bytes_written, answer->records_lost);
    }
    output_print("time: %u us, ticks in VM86 mode: %u", answer->us, cost->ticks);
}

static int trace(process_id_t driver)
{
    struct bios_answer answer;
    bool is_recorded = !options.is_quiet || output_records();

    memcpy(data, options.data, sizeof options.data);
    status_t status = bios_client_call(driver, &options.request, data, &answer, is_recorded ? take : NULL);
    if (status == NOT_ALLOWED) {
        log_print(LOG_ERROR, "%s makes no calls for this program: start it with clients=%s", BIOS_PROCESS, process_page()->name);
        return 1;
    }
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s", BIOS_PROCESS, status_meaning(status));
        return 1;
    }
    answer.problem[sizeof answer.problem - 1] = '\0';
    print_answer(&answer, is_recorded);
    print_data(options.request.data_size);
    return answer.status == OK ? 0 : 1;
}

static const char help[] =
    "usage: biostrace VECTOR AX [REGISTER=VALUE]... [data=es:di[,SIZE[,TEXT]]] [steps] [ports] [quiet | record] [ms=N] [traps=N]\n"
    "                 [log | screen | serial | text=DEVICE] [file=DEVICE] [line=DEVICE]\n"
    "Makes a call of the BIOS by d\\bios, and shows what it does. Vectors and values of registers are hexadecimal, without 0x;\n"
    "SIZE and N are decimal: biostrace 10 4f01 cx=118 data=es:di,256\n";

int main(int argc, char **argv)
{
    process_id_t driver;

    help_if_asked(argc, argv, help);
    if (!options_read(argc, argv, &options) || !output_open(&options)) {
        return 1;
    }
    if (name_wait(BIOS_PROCESS, clock_after(WAIT_NS), &driver) != OK) {
        log_print(LOG_ERROR, "%s does not run: it makes the calls; the boot menu's entry \"Ternion, BIOS tracer\" starts it", BIOS_PROCESS);
        return 1;
    }
    int result = trace(driver);
    return output_close() ? result : 1;
}
