/*
 * What a process may touch and whom it may speak to (abi/grant.h): where that comes from, and every question about it.
 *
 * Portable. Called with interrupts off.
 */
#pragma once

#include <abi/grant.h>
#include <abi/process.h>
#include <abi/status.h>

#include <stdbool.h>

struct process;

/* For the supervisor: all there is. For other boot modules without a manifest: all but what two drivers alone may have. */
extern const struct access access_of_supervisor;
extern const struct access access_of_boot_module;

/* Does it make sense? Unknown rights, roles and ranges that end before they begin do not. */
[[nodiscard]] bool access_is_valid(const struct access *access);

/* Is it no more than another? A role counts as more unless it is none; who may assign roles may allow more strikes, too. */
[[nodiscard]] bool access_is_within(const struct access *access, const struct access *other);

/* Are these ports in it, and none of them closed? `count`: at least 1; they do not wrap. */
[[nodiscard]] bool access_has_ports(const struct access *access, uint32_t first, uint32_t count);

/* The ports that are closed to it, whatever its ranges say: a range at *index or behind it, and where it is; NULL: no more. */
[[nodiscard]] const struct port_range *access_closed_ports(const struct access *access, uint32_t *index);

/* Is the physical memory from one byte to another in it? */
[[nodiscard]] bool access_has_memory(const struct access *access, physical_t first, physical_t last);

[[nodiscard]] static inline bool access_has_irq(const struct access *access, uint32_t line)
{
    return (access->irqs >> line & 1) != 0;
}

[[nodiscard]] static inline bool access_has_right(const struct access *access, uint32_t right)
{
    return (access->rights & right) != 0;
}

/* At how many strikes is it over? */
[[nodiscard]] static inline uint32_t access_strikes(const struct access *access)
{
    return access->strikes == 0 ? STRIKES_USUAL : access->strikes;
}

/* May a process with this access register devices of this type? */
[[nodiscard]] bool access_has_device_type(const struct access *access, uint32_t type);

/*
 * Who speaks to whom is one look: what `barred` says of the caller and `barred_by` of the callee have no bit in common if
 * each has the other's role among its partners. The upper half is about the caller's partners, the lower half about the callee's.
 */
[[nodiscard]] static inline uint32_t access_barred(const struct access *access)
{
    return (~access->partners & PARTNERS_ALL) << ROLE_COUNT | ROLE_BIT(access->role);
}

[[nodiscard]] static inline uint32_t access_barred_by(const struct access *access)
{
    return ROLE_BIT(access->role) << ROLE_COUNT | (~access->partners & PARTNERS_ALL);
}

/* What a process keeps of it that is a driver no more: role, partners, and what is no hardware. */
void access_of_driver_ends(struct access *access);

_Static_assert(ROLE_COUNT == 16, "two sets of roles are one word");

/* `barred` of a process that is traced, and takes no direct switch. */
#define BARRED_FROM_ALL UINT32_MAX
