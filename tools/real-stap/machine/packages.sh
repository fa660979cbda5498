# install_packages NAME…: installs the packages that are missing on this machine.
install_packages() {
  local missing=() name
  [ "$(uname -sm)" = 'Linux x86_64' ] || cannot "expected Linux x86_64, got $(uname -sm)"
  command -v dpkg-query apt-get > /dev/null || cannot 'the laboratory is built from Debian packages, but there is no apt-get'
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || cannot "packages are missing, which only root can install: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}"
  } > "$LAB/packages.log" 2>&1 || die_with "$LAB/packages.log" "apt-get install ${missing[*]} failed"
}
