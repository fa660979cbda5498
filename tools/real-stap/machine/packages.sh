# install_packages NAME…: what is missing on this machine.
install_packages() {
  local missing=() name
  [ "$(uname -sm)" = 'Linux x86_64' ] || cannot "this is $(uname -sm), and modules are loaded on Linux x86_64"
  command -v dpkg-query apt-get > /dev/null || cannot 'it takes its parts from Debian packages, and there is no apt-get'
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || cannot "only root can install: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}"
  } > "$LAB/packages.log" 2>&1 || die_with "$LAB/packages.log" "apt-get install ${missing[*]} failed"
}
