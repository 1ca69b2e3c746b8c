/*
 * What a program says that it needs, inside its image. Once in a program, outside functions:
 *
 *     MANIFEST(
 *         .role = ROLE_LINE,
 *         .partners = PARTNERS_ALL,
 *         .irqs = IRQ_BIT(4),
 *         .ports = { { 0x3F8, 0x3FF } },
 *     );
 *
 * Fields: struct access in abi/grant.h. MANIFEST_PCI does the same for the driver of a PCI device, whose ports, memory and line come
 * from the bus; its first argument says which functions it is for:
 *
 *     MANIFEST_PCI(PCI_MATCHES({ .vendor = 0x1234, .device = 0x11E8, .interface = 0xFF, .is_used = 1 }),
 *         .role = ROLE_NETWORK, .partners = PARTNERS_ALL, .rights = RIGHT_DMA);
 *
 * Whoever spawns the program decides what it gets of that. Without a manifest a driver touches no hardware.
 */
#pragma once

#include <abi/grant.h>
#include <abi/status.h>

/* System V ABI, chapter 5, "Note Section": sizes, type, name, description. */
struct manifest_note {
    uint32_t name_size;
    uint32_t description_size;
    uint32_t type;
    char name[sizeof MANIFEST_NOTE_NAME];
    struct manifest manifest;
};

#define MANIFEST_NOTE(...) \
    static const struct manifest_note manifest_note \
        __attribute__((section(".note.ternion"), used, aligned(4))) = { \
        sizeof MANIFEST_NOTE_NAME, sizeof(struct manifest), MANIFEST_NOTE_TYPE, MANIFEST_NOTE_NAME, { __VA_ARGS__ } }

#define MANIFEST(...) MANIFEST_NOTE(.access = { __VA_ARGS__ })

#define PCI_MATCHES(...) { __VA_ARGS__ }
#define MANIFEST_PCI(matches, ...) MANIFEST_NOTE(.access = { __VA_ARGS__ }, .pci = matches)

/*
 * Reads the manifest of an image.
 *   image, size    an ELF32 executable in memory, or anything else
 *   manifest_out   all zeroes unless OK
 * Does not block. Statuses: NOT_FOUND: it has none; BAD_IMAGE: it is no such executable, or damaged.
 */
[[nodiscard]] status_t manifest_read(const void *image, uint32_t size, struct manifest *manifest_out);

/*
 * The same for a note of another type, under the name of a manifest's.
 *   type                            of the note
 *   description_out, description_size   what it holds, of exactly this size; all zeroes unless OK
 * Does not block. Statuses: those of manifest_read.
 */
[[nodiscard]] status_t note_read(const void *image, uint32_t size, uint32_t type, void *description_out,
                                 uint32_t description_size);
