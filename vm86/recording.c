#include <ternion/vm86.h>

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
