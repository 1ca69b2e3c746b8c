#include <ternion/vm86.h>

#include <ternion/format.h>

#define ZEROES_MAX 255U
#define TOKEN_MAX 3U                 /* characters */

void bios_recording_begin(struct bios_recording *recording)
{
    *recording = (struct bios_recording){ .version = BIOS_RECORDING_VERSION, .record_size = sizeof(struct bios_record) };
    __builtin_memcpy(recording->magic, BIOS_RECORDING_MAGIC, sizeof recording->magic);
}

const char *bios_recording_problem(const struct bios_recording *recording)
{
    if (__builtin_memcmp(recording->magic, BIOS_RECORDING_MAGIC, sizeof recording->magic) != 0) {
        return "it does not begin as a recording does";
    }
    if (recording->version != BIOS_RECORDING_VERSION) {
        return "it is of another version";
    }
    return recording->record_size == sizeof(struct bios_record) ? NULL : "its records have another size";
}

static size_t count_zeroes(const uint8_t *bytes, size_t size)
{
    size_t count = 0;

    while (count < size && count < ZEROES_MAX && bytes[count] == 0) {
        count++;
    }
    return count;
}

/* "~POSITION ", and then two digits for a byte, or z and two digits for so many zeroes, all hexadecimal. Most of a record is zeroes. */
size_t bios_recording_line(uint32_t position, const void *bytes, size_t size, char *text, size_t text_size)
{
    const uint8_t *from = bytes;
    size_t length = format_text(text, text_size, "~%06x ", position);
    size_t taken = 0;

    while (taken < size && length + TOKEN_MAX < text_size) {
        size_t zeroes = count_zeroes(from + taken, size - taken);
        bool is_run = zeroes > 1;
        length += format_text(text + length, text_size - length, is_run ? "z%02x" : "%02x", is_run ? (unsigned)zeroes : from[taken]);
        taken += is_run ? zeroes : 1;
    }
    return taken;
}
