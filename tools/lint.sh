#!/usr/bin/env bash
# The two clang tools over the sources.
#   tools/lint.sh format          files that .clang-format would lay out differently; status 1 if there are any
#   tools/lint.sh format --fix    lays them out
#   tools/lint.sh tidy [--all]    clang-tidy over the files changed since the main branch, or over all
# On the main branch itself, "since the main branch" means since the last commit before HEAD; GIMBAL_BASE names another.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/build.sh

sources() { find src tests -name '*.cpp' -o -name '*.hpp' | sort; }

# The commit that changes are counted from.
base() {
  local since
  since=${GIMBAL_BASE:-$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || true)}
  if [ -z "$since" ] || [ "$since" = "$(git rev-parse HEAD)" ]; then since=HEAD~1; fi
  git rev-parse --verify --quiet "$since" || git hash-object -t tree /dev/null
}

# Translation units that changed, and those beside a header that did.
changed_units() {
  git diff --name-only --diff-filter=d "$(base)" -- src tests | while read -r file; do
    case $file in
      tests/compile_fail/*) ;;
      *.cpp) echo "$file" ;;
      *.hpp) [ ! -e "${file%.hpp}.cpp" ] || echo "${file%.hpp}.cpp" ;;
    esac
  done | sort -u
}

# One translation unit; one that nothing here compiles has no flags and is left out.
lint_unit() {
  grep -q "/$1\"" build/lint/compile_commands.json || return 0
  local spared=()
  case $1 in *_test.cpp | *_bench.cpp) spared=(--checks=-clang-analyzer-*) ;; esac
  clang-tidy-14 -p build/lint --quiet "${spared[@]}" "$1" 2>/dev/null
}

case ${1:-} in
  format)
    packages_ensure "${packages_lint[@]}"
    if [ "${2:-}" = --fix ]; then
      sources | xargs clang-format-14 -i
    else
      sources | xargs clang-format-14 --dry-run --Werror 2>&1 | { grep -E 'error' || true; } | cut -d: -f1 | uniq -c |
        awk '{ print $2 ": " $1 " places differ from .clang-format; tools/lint.sh format --fix mends them"; bad = 1 }
             END { exit bad }'
    fi
    ;;
  tidy)
    packages_ensure "${packages_test[@]}" "${packages_bench[@]}" "${packages_fuzz[@]}" "${packages_lint[@]}"
    cmake --preset lint >/dev/null
    if [ "${2:-}" = --all ]; then
      units=$(find src tests -name '*.cpp' -not -path 'tests/compile_fail/*' | sort)
    else
      units=$(changed_units)
    fi
    if [ -z "$units" ]; then
      echo "no translation unit changed"
      exit 0
    fi
    # One process a core. Tests are spared the path-sensitive checks, which take longest and find little in them.
    export -f lint_unit
    printf '%s\n' "$units" | xargs -P "$(nproc)" -I '{}' bash -c 'lint_unit {}'
    ;;
  *)
    sed -n '2,/^set /{/^# \?/s///p}' tools/lint.sh
    exit 2
    ;;
esac
