# build_targets: builds the programs to sample from ../targets, with the distribution's own compiler
build_targets() {
  local source name compiler
  mkdir -p "$LAB/targets"
  for source in "$HERE"/../targets/*.c*; do
    name=$(basename "$source")
    case $name in *.cpp) compiler=g++ ;; *) compiler=gcc ;; esac
    [ "$LAB/targets/${name%.*}" -nt "$source" ] || {
      cp "$source" "$LAB/targets.$name"
      inside $compiler -g -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls -pthread \
        -o "$LAB/targets/${name%.*}" "$LAB/targets.$name" || die "cannot compile $source"
      rm "$LAB/targets.$name"
    }
  done
}
