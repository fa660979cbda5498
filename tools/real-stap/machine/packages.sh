# install_packages NAME…: what is missing, and a kernel's headers where there are none.
# The "cloud" kernel: its drivers are those of virtual machines, so that it is small and boots fast.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
  done
  [ -n "$(kernel_release)" ] || missing+=(linux-headers-cloud-amd64)
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || die "needs the packages ${missing[*]}: run as root, or apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends \
    "${missing[@]}" > "$WORK/apt.log" 2>&1 || { tail -5 "$WORK/apt.log" >&2; die 'apt-get install failed'; }
}
