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
