# build_targets: the programs that are sampled, from ../targets
build_targets() {
  local source name
  mkdir -p "$WORK/targets"
  for source in "$HERE"/../targets/*.c; do
    name=$WORK/targets/$(basename "$source" .c)
    [ "$name" -nt "$source" ] ||
      gcc -g -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls -pthread -o "$name" "$source" || die "cannot compile $source"
  done
}
