# Adds up what the parts of ./test and .ci/run found, so that either can close with `N passed, N failed, N skipped`.
# Sourced by bash from the root of the tree.

tally_passed=0 tally_failed=0 tally_skipped=0

# tally_add COMMAND...: a command whose last line of output is such a sum; the rest of its output is passed on.
tally_add() {
  local log last
  log=$(mktemp)
  "$@" | tee "$log" | sed '$d' || true
  last=$(tail -n 1 "$log")
  rm -f "$log"
  if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    tally_passed=$((tally_passed + BASH_REMATCH[1]))
    tally_failed=$((tally_failed + BASH_REMATCH[2]))
    tally_skipped=$((tally_skipped + BASH_REMATCH[3]))
  else
    printf '%s\n' "$last"
    tally_failure "$1, which ended without its sum"
  fi
}

tally_tests() { tally_add python3 tools/run_tests.py "$@"; }

tally_failure() {
  echo "FAILED $1"
  tally_failed=$((tally_failed + 1))
}

# tally_step NAME COMMAND...: one case, which passes when the command succeeds and is skipped when its output begins so.
tally_step() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    case $output in
      skipped*) tally_skipped=$((tally_skipped + 1)) ;;
      *) tally_passed=$((tally_passed + 1)) ;;
    esac
    [ -z "$output" ] || printf '%s\n' "$output"
  else
    printf '%s\n' "$output"
    tally_failure "$name"
  fi
}

# The last line, and the status that goes with it.
tally_close() {
  echo "$tally_passed passed, $tally_failed failed, $tally_skipped skipped"
  [ "$tally_failed" = 0 ]
  exit
}
