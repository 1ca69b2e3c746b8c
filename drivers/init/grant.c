#include <ternion/string.h>

#include "grant.h"
#include "ranges.h"

#define IRQS_ALL 0xFFFFU

static void decide_ports(const struct access *manifest, const struct access *most, struct decision *decision)
{
    struct range_set wanted, allowed, given, denied;

    ranges_of_ports(manifest, &wanted);
    ranges_of_ports(most, &allowed);
    ranges_cut(&wanted, &allowed, &given);
    ranges_to_ports(&given, &decision->given);
    ranges_subtract(&wanted, &given, &denied);
    decision->is_whole &= denied.count == 0;
    ranges_to_ports(&denied, &decision->denied);
}

static void decide_memory(const struct access *manifest, const struct access *most, struct decision *decision)
{
    struct range_set wanted, allowed, given, denied;

    ranges_of_memory(manifest, &wanted);
    ranges_of_memory(most, &allowed);
    ranges_cut(&wanted, &allowed, &given);
    ranges_to_memory(&given, &decision->given);
    ranges_subtract(&wanted, &given, &denied);
    decision->is_whole &= denied.count == 0;
    ranges_to_memory(&denied, &decision->denied);
}

static void decide_role(const struct access *manifest, const struct rule *rule, struct decision *decision)
{
    if (manifest->role == ROLE_NONE || (rule->roles & ROLE_BIT(manifest->role)) != 0) {
        decision->given.role = manifest->role;
    } else {
        decision->denied.role = manifest->role;
        decision->is_whole = false;
    }
}

static void decide_strikes(const struct access *manifest, const struct access *most, struct decision *decision)
{
    uint32_t wanted = manifest->strikes == 0 ? STRIKES_USUAL : manifest->strikes;

    decision->given.strikes = wanted < most->strikes ? wanted : most->strikes;
    if (manifest->strikes > most->strikes) {
        decision->denied.strikes = manifest->strikes;
        decision->is_whole = false;
    }
}

void grant_decide(const struct access *manifest, const struct rule *rule, struct decision *decision_out)
{
    static const struct rule nothing = { .most = { .strikes = STRIKES_USUAL } };
    const struct rule *used = rule == NULL ? &nothing : rule;
    struct access unasked = { .partners = used->most.partners };
    const struct access *wanted = manifest == NULL ? &unasked : manifest;

    *decision_out = (struct decision){
        .given = {
            .rights = wanted->rights & used->most.rights,
            .partners = wanted->partners & used->most.partners,
            .irqs = wanted->irqs & used->most.irqs,
        },
        .denied = {
            .rights = wanted->rights & ~used->most.rights,
            .partners = wanted->partners & ~used->most.partners,
            .irqs = wanted->irqs & ~used->most.irqs,
        },
    };
    decision_out->is_whole = (decision_out->denied.rights | decision_out->denied.partners | decision_out->denied.irqs) == 0;
    decide_role(wanted, used, decision_out);
    decide_ports(wanted, &used->most, decision_out);
    decide_memory(wanted, &used->most, decision_out);
    decide_strikes(wanted, &used->most, decision_out);
}

/* False: they would be more than `most`. */
static bool add_all(struct range_set *set, const struct range_set *more, uint32_t most)
{
    for (uint32_t i = 0; i < more->count; i++) {
        ranges_add(set, more->ranges[i]);
    }
    return set->count <= most;
}

bool grant_add(struct access *access, const struct access *plugged)
{
    struct range_set ports, memory, more_ports, more_memory;

    ranges_of_ports(access, &ports);
    ranges_of_ports(plugged, &more_ports);
    ranges_of_memory(access, &memory);
    ranges_of_memory(plugged, &more_memory);
    if (!add_all(&ports, &more_ports, ACCESS_PORTS_MAX) || !add_all(&memory, &more_memory, ACCESS_MEMORY_MAX)) {
        return false;
    }
    ranges_to_ports(&ports, access);
    ranges_to_memory(&memory, access);
    access->irqs |= plugged->irqs & IRQS_ALL;
    return true;
}

bool grant_is_sound(const struct access *access)
{
    bool is_sound = (access->rights & ~RIGHTS_ALL) == 0 && access->role < ROLE_COUNT && access->partners <= PARTNERS_ALL
                    && access->irqs <= IRQS_ALL;

    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        is_sound &= access->ports[i].first <= access->ports[i].last;
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        is_sound &= access->memory[i].first <= access->memory[i].last;
    }
    return is_sound;
}
