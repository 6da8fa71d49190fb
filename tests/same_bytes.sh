#!/usr/bin/env bash
# Builds the command with g++ and with clang, runs three laps of the example with each, and compares the JSON byte for
# byte. Prints one line that begins with `same`, `different` or `skipped`; status 1 where the bytes differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/build.sh

config=examples/vol_arbitrage.toml market=examples/market.csv.zst
for file in "$config" "$market"; do
  if [ ! -e "$file" ]; then
    echo "skipped: $file does not exist yet"
    exit 0
  fi
done

packages_ensure "${packages_run[@]}" clang-14
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for preset in release release-clang; do
  build "$preset" gimbal
  "build/$preset/gimbal" lap "$config" --market "$market" --laps 3 --json "$folder/$preset.json" >/dev/null
done
if cmp "$folder/release.json" "$folder/release-clang.json"; then
  echo "same $(stat -c %s "$folder/release.json") bytes of JSON from g++ and from clang"
else
  echo "different bytes of JSON from g++ and from clang"
  exit 1
fi
