#include "options.h"

#include <stddef.h>

#include <ternion/log.h>
#include <ternion/string.h>

#define COUNT(array) (sizeof(array) / sizeof (array)[0])
#define USUAL_DATA_SIZE 512U

static const struct {
    const char *name;
    size_t place;                    /* in struct bios_registers */
    uint32_t size;                   /* bytes */
} registers[] = {
#define REGISTER(name, size) { #name, offsetof(struct bios_registers, name), size }
    REGISTER(eax, 4), REGISTER(ebx, 4), REGISTER(ecx, 4), REGISTER(edx, 4), REGISTER(esi, 4), REGISTER(edi, 4), REGISTER(ebp, 4),
    REGISTER(ax, 2), REGISTER(bx, 2), REGISTER(cx, 2), REGISTER(dx, 2), REGISTER(si, 2), REGISTER(di, 2), REGISTER(bp, 2),
    REGISTER(al, 1), REGISTER(ah, 1), REGISTER(bl, 1), REGISTER(bh, 1), REGISTER(cl, 1), REGISTER(ch, 1), REGISTER(dl, 1), REGISTER(dh, 1),
    REGISTER(ds, 2), REGISTER(es, 2),
#undef REGISTER
};

static const char *const pointers[BIOS_POINTER_COUNT] = {
    [BIOS_POINTER_ES_DI] = "es:di", [BIOS_POINTER_ES_BX] = "es:bx", [BIOS_POINTER_ES_BP] = "es:bp", [BIOS_POINTER_ES_DX] = "es:dx",
    [BIOS_POINTER_DS_SI] = "ds:si", [BIOS_POINTER_DS_DX] = "ds:dx",
};

/* ---- Numbers ---- */

/* Digits up to `end`; base 10 or 16. False: there are none, or others, or the number is too large. */
static bool read_number(const char *text, const char *end, uint32_t base, uint32_t most, uint32_t *number_out)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t number = 0;

    if (text == end) {
        return false;
    }
    for (; text != end; text++) {
        char digit = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
        const char *found = digit == '\0' ? NULL : strchr(digits, digit);

        if (found == NULL || (uint32_t)(found - digits) >= base || number > most) {
            return false;
        }
        number = number * base + (uint32_t)(found - digits);
    }
    *number_out = (uint32_t)number;
    return number <= most;
}

static bool read_hexadecimal(const char *text, uint32_t most, uint32_t *number_out)
{
    return read_number(text, text + strlen(text), 16, most, number_out);
}

/* The rest of the argument if it begins so, or NULL. */
static const char *behind(const char *argument, const char *beginning)
{
    size_t size = strlen(beginning);

    return strncmp(argument, beginning, size) == 0 ? argument + size : NULL;
}

/* ---- Arguments ---- */

static bool read_register(const char *argument, struct options *options)
{
    for (uint32_t i = 0; i < COUNT(registers); i++) {
        size_t length = strlen(registers[i].name);
        uint32_t value;

        if (strncmp(argument, registers[i].name, length) == 0 && argument[length] == '=') {
            if (!read_hexadecimal(argument + length + 1, UINT32_MAX >> (32 - registers[i].size * 8), &value)) {
                return false;
            }
            memcpy((uint8_t *)&options->request.registers + registers[i].place, &value, registers[i].size);
            return true;
        }
    }
    return false;
}

/* POINTER[,SIZE[,TEXT]] */
static bool read_data(const char *text, struct options *options)
{
    const char *end = strchr(text, ',');
    size_t length = end == NULL ? strlen(text) : (size_t)(end - text);
    struct bios_request *request = &options->request;

    for (uint32_t i = 1; i < BIOS_POINTER_COUNT; i++) {
        if (strlen(pointers[i]) == length && strncmp(text, pointers[i], length) == 0) {
            request->pointer = i;
        }
    }
    request->data_size = USUAL_DATA_SIZE;
    if (request->pointer == BIOS_POINTER_NONE || end == NULL) {
        return request->pointer != BIOS_POINTER_NONE;
    }
    const char *bytes = strchr(end + 1, ',');
    if (!read_number(end + 1, bytes == NULL ? text + strlen(text) : bytes, 10, BIOS_DATA_MAX, &request->data_size) || request->data_size == 0) {
        return false;
    }
    if (bytes == NULL) {
        return true;
    }
    size_t size = strlen(bytes + 1);
    if (size > sizeof options->data || size > request->data_size) {
        return false;
    }
    memcpy(options->data, bytes + 1, size);
    return true;
}

static bool read_output(const char *argument, struct options *options)
{
    const char *device = strcmp(argument, "screen") == 0 ? "screens\\text\\0" : strcmp(argument, "serial") == 0 ? "lines\\text\\0"
        : behind(argument, "text=");

    if (strcmp(argument, "log") == 0) {
        options->output = OUTPUT_LOG;
        return true;
    }
    if (device != NULL && *device != '\0') {
        options->output = OUTPUT_TEXT;
        options->device = device;
        return true;
    }
    const char *file = behind(argument, "file=");
    if (file != NULL && *file != '\0') {
        options->file = file;
        return true;
    }
    const char *line = behind(argument, "line=");
    if (line != NULL && *line != '\0') {
        options->line = line;
        return true;
    }
    return false;
}

static bool read_word(const char *argument, struct options *options)
{
    struct bios_request *request = &options->request;
    const char *rest;

    if (strcmp(argument, "steps") == 0) {
        request->flags |= BIOS_STEP;
    } else if (strcmp(argument, "ports") == 0) {
        request->flags |= BIOS_ALL_PORTS_TRAP;
    } else if (strcmp(argument, "quiet") == 0) {
        options->is_quiet = true;
    } else if (strcmp(argument, "record") == 0) {
        options->is_quiet = options->is_recorded = true;
    } else if ((rest = behind(argument, "data=")) != NULL) {
        return read_data(rest, options);
    } else if ((rest = behind(argument, "ms=")) != NULL) {
        return read_number(rest, rest + strlen(rest), 10, BIOS_MS_MOST, &request->ms);
    } else if ((rest = behind(argument, "traps=")) != NULL) {
        return read_number(rest, rest + strlen(rest), 10, BIOS_TRAPS_MOST, &request->traps);
    } else {
        return false;
    }
    return true;
}

static bool refuse(const char *what, const char *argument)
{
    log_print(LOG_ERROR, "%s%s", what, argument);
    log_print(LOG_INFORMATION, "usage: VECTOR AX [REGISTER=VALUE ...] [data=es:di[,SIZE[,TEXT]]] [steps] [ports] [quiet | record] [ms=N] [traps=N] "
              "[log | screen | serial | text=DEVICE] [file=DEVICE] [line=DEVICE]");
    log_print(LOG_INFORMATION, "vector, AX and registers in hexadecimal, as in: 10 4f02 bx=4118");
    return false;
}

bool options_read(int count, char *const arguments[], struct options *options_out)
{
    struct options *options = options_out;

    *options = (struct options){ .output = OUTPUT_LOG };
    if (count < 3) {
        return refuse("VECTOR and AX are needed", "");
    }
    if (!read_hexadecimal(arguments[1], 0xFF, &options->request.vector)) {
        return refuse("no interrupt is called ", arguments[1]);
    }
    if (!read_hexadecimal(arguments[2], UINT32_MAX, &options->request.registers.eax)) {
        return refuse("AX cannot be ", arguments[2]);
    }
    for (int i = 3; i < count; i++) {
        if (!read_register(arguments[i], options) && !read_word(arguments[i], options) && !read_output(arguments[i], options)) {
            return refuse("not understood: ", arguments[i]);
        }
    }
    return true;
}
