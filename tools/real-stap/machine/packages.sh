# install_packages NAME…: what is missing, and a kernel's headers where there are none.
# The "cloud" kernel: its drivers are those of virtual machines, so that it is small and boots fast.
HEADERS=linux-headers-cloud-amd64

install_packages() {
  local missing=() name
  [ "$(uname -sm)" = 'Linux x86_64' ] || cannot "this is $(uname -sm), and modules are loaded on Linux x86_64"
  command -v dpkg-query apt-get > /dev/null || cannot 'it takes its parts from Debian packages, and there is no apt-get'
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
  done
  [ -n "$(kernel_release)" ] || missing+=("$HEADERS")
  [ ${#missing[@]} -gt 0 ] || return 0
  install_now "${missing[@]}"
}

install_now() {
  [ "$(id -u)" = 0 ] || cannot "only root can install: apt-get install $*"
  say "installing $*"
  { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "$@"
  } > "$WORK/apt.log" 2>&1 || { tail -5 "$WORK/apt.log" >&2; die "apt-get install $* failed"; }
}
