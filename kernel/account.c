#include "account.h"

#include <stddef.h>

#include "panic.h"

status_t account_charge(struct account *account, enum resource resource, uint32_t amount)
{
    for (struct account *one = account; one != NULL; one = one->parent) {
        if (one->limits[resource] - one->used[resource] < amount) {
            return OVER_QUOTA;
        }
    }
    for (struct account *one = account; one != NULL; one = one->parent) {
        one->used[resource] += amount;
    }
    return OK;
}

void account_release(struct account *account, enum resource resource, uint32_t amount)
{
    for (struct account *one = account; one != NULL; one = one->parent) {
        ASSERT(one->used[resource] >= amount);
        one->used[resource] -= amount;
    }
}

void account_inherit(struct account *heir, const struct account *ended, uint32_t heirs)
{
    for (uint32_t i = 0; i < RESOURCE_COUNT; i++) {
        uint32_t part = (ended->limits[i] - ended->used[i]) / heirs;

        if (heir->limits[i] - heir->used[i] > part) {
            heir->limits[i] = heir->used[i] + part;
        }
    }
    heir->parent = ended->parent;
}
