#!/usr/bin/env bash
# foreign.sh: builds the programs in ../foreign in $LAB/foreign, unless this has already been done: C++ with the
# distribution's compiler, also stripped; Rust and Go with this machine's compilers, if it has them. Copies this machine's
# Node, if it has one, and its perf with its libraries. Python, perl and sqlite come from the distribution.
source "$(dirname "$0")/common.sh"
out=$LAB/foreign
[ -z "$(find "$HERE/foreign.sh" "$HERE/../foreign" -newer "$out/made" 2>&1)" ] && exit 0
mkdir -p "$out/perf"
cp "$HERE"/../foreign/*.{py,pl,js} "$out/"
cp "$HERE/../foreign/words.cpp" "$out/words.cpp"
inside g++ -g -O2 -o "$out/cpp" "$out/words.cpp" || die 'cannot compile words.cpp'
strip -o "$out/stripped" "$out/cpp"
! command -v rustc > /dev/null || rustc -g -O -o "$out/rust" "$HERE/../foreign/words.rs"
! command -v go > /dev/null || GOCACHE=$out/cache CGO_ENABLED=0 go build -o "$out/go" "$HERE/../foreign/words.go"
chmod -Rf u+w "$out/cache" 2> /dev/null && rm -rf "$out/cache"
! command -v node > /dev/null || cp "$(readlink -f "$(command -v node)")" "$out/node"
perf=$(command -v perf) || cannot 'it has no perf'
cp "$perf" $(ldd "$perf" | grep -o '/[^ ]*') "$out/perf/"
touch "$out/made"
