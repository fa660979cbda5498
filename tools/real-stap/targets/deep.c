/* Threads with deep recursion and long names: records over the 8 KiB that SystemTap hands on at once. */
#include <pthread.h>
#include <stdint.h>
#define KEEP __attribute__((noinline, noclone))
#define FIRST a_function_whose_name_is_as_long_as_those_of_templates_are_in_real_programs_the_first
#define SECOND a_function_whose_name_is_as_long_as_those_of_templates_are_in_real_programs_the_second
static volatile uint64_t sink;
KEEP uint64_t SECOND(int depth, uint64_t h);
KEEP uint64_t FIRST(int depth, uint64_t h) {
  if (depth > 0) h += SECOND(depth - 1, h);
  else for (int i = 0; i < 200000; i++) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; }
  sink += h;
  return h + depth;
}
KEEP uint64_t SECOND(int depth, uint64_t h) { if (depth > 0) h += FIRST(depth - 1, h); sink += h; return h + depth; }
static void *worker(void *a) { for (;;) sink += FIRST(100, (uintptr_t)a + 1); return a; }
int main(void) { pthread_t t; for (uintptr_t i = 0; i < 3; i++) pthread_create(&t, 0, worker, (void *)i); worker((void *)9); }
