// Threads with deep recursion through templates, whose records exceed the 8 KiB that SystemTap passes on in one piece.
#include <pthread.h>
#include <stdint.h>

#define KEEP __attribute__((noinline, noclone))

static volatile uint64_t sink;
// never set; without it, the compiler would know that workers do not return, and their caller's return address would
// belong to the next function
static volatile bool over;

namespace orders::storage {
struct row_identifier;
template <typename Value> struct sequence;
template <typename Key, typename Value> struct ordered_index;

/** Two of these take turns. */
template <int Turn, typename Table> struct query_visitor {
  static KEEP uint64_t visit(int depth, uint64_t hash) {
    if (depth > 0) hash += query_visitor<1 - Turn, Table>::visit(depth - 1, hash);
    else for (int i = 0; i < 200000; i++) { hash ^= hash << 13; hash ^= hash >> 7; hash ^= hash << 17; }
    sink = sink + hash;
    return hash + depth;
  }
};
}  // namespace orders::storage

using namespace orders::storage;
using table = ordered_index<row_identifier, sequence<ordered_index<row_identifier, sequence<row_identifier>>>>;

static void *worker(void *seed) {
  while (!over) sink = sink + query_visitor<0, table>::visit(100, (uintptr_t)seed + 1);
  return seed;
}

int main() {
  pthread_t thread;
  for (uintptr_t i = 0; i < 3; i++) pthread_create(&thread, 0, worker, (void *)i);
  worker((void *)9);
  return (int)sink;
}
