# What ./run, ./test and .ci/run share: Debian packages that are missing, and building without a word when nothing is to
# do. Sourced by bash from the root of the tree; everything it says goes to standard error.

packages_run=(
  g++ cmake ninja-build ccache mold
  libfmt-dev libssl-dev libsimdjson-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev
  libsqlite3-dev libzstd-dev zlib1g-dev
)
packages_test=(
  "${packages_run[@]}" libgtest-dev librapidcheck-dev python3
  libquantlib0-dev coinor-libclp-dev  # what pricing and solvers are compared with
  chromium poppler-utils              # what pages are opened and printed with
)
packages_fuzz=(clang-14 libclang-rt-14-dev)
packages_bench=(libbenchmark-dev)
packages_lint=(clang-14 clang-format-14 clang-tidy-14 git)

say() { printf '%s\n' "$*" >&2; }

# The packages among the arguments that are not installed; all of them where dpkg does not exist.
packages_missing() {
  local installed
  installed=" $(dpkg-query --show --showformat='${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null |
    awk '$1 == "ii" { print $2 }' | tr '\n' ' ')"
  local package
  for package in "$@"; do
    [[ $installed == *" $package "* ]] || printf '%s ' "$package"
  done
}

is_debian_12() {
  [ -r /etc/os-release ] && (
    . /etc/os-release
    [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]
  )
}

# Installs what is missing on Debian 12 as root or through sudo. Any other system is told what is missing, and goes on
# when it has the tools: where they come from is its own affair.
packages_ensure() {
  local missing
  missing=$(packages_missing "$@")
  [ -n "$missing" ] || return 0
  local become=()
  if [ "$(id -u)" != 0 ]; then become=(sudo); fi
  if is_debian_12 && { [ "${#become[@]}" = 0 ] || command -v sudo >/dev/null; }; then
    say "Installing from Debian: $missing"
    local log
    # shellcheck disable=SC2086  # one word a package
    log=$("${become[@]}" apt-get -qq update 2>&1 &&
      "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $missing 2>&1) &&
      return 0
    say "$log"
    say "apt-get could not install them; see above."
    exit 2
  fi
  say "This system is not Debian 12 (or there is neither root nor sudo), so nothing is installed here."
  say "Debian calls what seems to be missing: $missing"
  local tool
  for tool in g++ cmake ninja; do
    command -v "$tool" >/dev/null || {
      say "$tool is not found: please install these packages, or what they are called here, and run this again."
      exit 2
    }
  done
}

# build PRESET TARGET...: configures build/PRESET when that was never done, then builds what is out of date. Without a
# word when nothing is; otherwise one line, a count that moves on a terminal, and what the compiler complains of.
build() {
  local preset=$1 folder=build/$1
  shift
  if [ ! -e "$folder/build.ninja" ]; then
    say "Configuring $folder"
    local log
    log=$(cmake --preset "$preset" 2>&1) || {
      say "$log"
      return 1
    }
  fi
  ninja -C "$folder" "$@" 2>&1 | build_report "$folder" >&2
  return "${PIPESTATUS[0]}"
}

build_report() {
  local line said='' moving=''
  if [ -t 1 ]; then moving=yes; fi
  while IFS= read -r line; do
    case $line in
      'ninja: Entering'* | 'ninja: no work'* | '[0/'* | '-- '*) ;;
      '['[0-9]*/*)
        [ -n "$said" ] || echo "Building $1"
        said=yes
        [ -z "$moving" ] || printf '\r%s\033[K' "${line%%]*}]"
        ;;
      *) echo "${moving:+$'\r\033[K'}$line" ;;
    esac
  done
  if [ -n "$moving$said" ]; then printf '%s' "${moving:+$'\r\033[K'}"; fi
}
