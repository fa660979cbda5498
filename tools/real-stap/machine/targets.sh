# build_targets: the programs that are sampled, from ../targets
build_targets() {
  local source name compiler
  mkdir -p "$WORK/targets"
  for source in "$HERE"/../targets/*.c*; do
    name=$(basename "$source")
    case $name in *.cpp) compiler=g++ ;; *) compiler=gcc ;; esac
    name=$WORK/targets/${name%.*}
    [ "$name" -nt "$source" ] ||
      $compiler -g -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls -pthread -o "$name" "$source" || die "cannot compile $source"
  done
}
