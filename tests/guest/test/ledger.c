/* The kernel's ledgers, compared before and after. */
#include "test.h"

void test_ledger_take(struct test_ledger *ledger_out)
{
    if (!test_ledger_settle(ledger_out)) {
        EXPECT_NOT("the system does not come to rest: there is no ledger to compare with");
    }
}

void test_ledger_expect_same(const struct test_ledger *before)
{
    char why[128];

    if (!test_ledger_is_same(before, why, sizeof why)) {
        EXPECT_NOT("not given back: %s", why);
    }
}
