#include <ternion/refusals.h>

bool refusals_note(struct refusals *refusals, process_id_t asker)
{
    for (uint32_t i = 0; i < REFUSALS_MAX; i++) {
        if (refusals->askers[i] == asker) {
            return false;
        }
    }
    refusals->askers[refusals->next] = asker;
    refusals->next = (refusals->next + 1) % REFUSALS_MAX;
    return true;
}
