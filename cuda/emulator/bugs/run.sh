#!/bin/sh
# run.sh BUILD_DIR: the emulator's own tests and planted bugs in all three builds; BUILD_DIR has the target emulator_check
# built. A line for each bug and build; ends with 1 if one was missed or something correct failed.
[ -d "$1" ] || { echo "usage: run.sh BUILD_DIR" >&2; exit 2; }
failed=0
for build in plain address thread; do
  test=$(find "$1" -type f -name emulator_test_$build) bugs=$(find "$1" -type f -name emulator_bugs_$build)
  [ -x "$test" ] && [ -x "$bugs" ] || { echo "FAILED: no $build build in $1"; failed=1; continue; }
  for seed in 0 1 2 3; do
    EIK_EMULATOR_SEED=$seed "$test" || { echo "FAILED: the tests of the $build build with seed $seed"; failed=1; }
  done
  # Where a race is does not matter here, and to find out takes most of the time.
  TSAN_OPTIONS="symbolize=0 $TSAN_OPTIONS" "$bugs" $build || failed=1
done
exit $failed
