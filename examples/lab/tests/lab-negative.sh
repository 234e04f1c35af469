#!/bin/bash
# kernel: stable
# expect: fail FAILED: two and two: wanted '5', got '4'
# timeout: 120
# The control: a broken assertion inside the guest must turn the test red, or none of the others says anything.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh
same "two and two" 4 $((2 + 2))
same "two and two" 5 $((2 + 2))
echo "and nothing runs after it"
