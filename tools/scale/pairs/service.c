/*
 * A program to sample. It serves requests of twenty kinds, each with its own functions, for some seconds of CPU time.
 * Every run serves the same mixture in a new random order, like a real service.
 *
 *     service SECONDS MICROSECONDS SEED      how long it runs, how long a request takes, the seed for the order
 *
 * With the seed 0, the requests come in turn instead.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile uint64_t sink;

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

#define LEAF(name, number)                                                                                   \
  __attribute__((noinline)) static void name##number(long loops) {                                          \
    uint64_t x = number + 1;                                                                                 \
    while (loops-- > 0) x = x * 6364136223846793005u + number;                                               \
    sink += x;                                                                                               \
  }
#define KIND(number)                                                                                         \
  LEAF(read_, number)                                                                                        \
  LEAF(compute_, number)                                                                                     \
  LEAF(write_, number)                                                                                       \
  __attribute__((noinline)) static void request_##number(long loops) {                                      \
    read_##number(loops / 5);                                                                                \
    compute_##number(loops / 5 * 3);                                                                         \
    write_##number(loops / 5);                                                                               \
    sink++;                                                                                                  \
  }

KIND(0) KIND(1) KIND(2) KIND(3) KIND(4) KIND(5) KIND(6) KIND(7) KIND(8) KIND(9)
KIND(10) KIND(11) KIND(12) KIND(13) KIND(14) KIND(15) KIND(16) KIND(17) KIND(18) KIND(19)

typedef void (*Request)(long);
static const Request requests[] = {
    request_0,  request_1,  request_2,  request_3,  request_4,  request_5,  request_6,
    request_7,  request_8,  request_9,  request_10, request_11, request_12, request_13,
    request_14, request_15, request_16, request_17, request_18, request_19,
};
#define KINDS (sizeof requests / sizeof *requests)

/* Draws a kind. Kinds become rarer: kind k has the relative frequency 1 / (k + 1). */
static size_t drawn(uint64_t *state) {
  static double total;
  if (total == 0)
    for (size_t k = 0; k < KINDS; k++) total += 1.0 / (k + 1);
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  double left = (*state >> 11) / 9007199254740992.0 * total;
  for (size_t k = 0; k < KINDS; k++)
    if ((left -= 1.0 / (k + 1)) < 0) return k;
  return KINDS - 1;
}

__attribute__((noinline)) static void serve(double seconds, long loops, uint64_t seed) {
  uint64_t state = seed;
  for (size_t turn = 0; cpu_seconds() < seconds; turn++)
    requests[seed == 0 ? turn % KINDS : drawn(&state)](loops);
}

int main(int count, char **words) {
  if (count != 4) return fprintf(stderr, "usage: service SECONDS MICROSECONDS SEED\n"), 64;
  /* calibrate: how many loops a request of that length takes on this machine */
  double before = cpu_seconds();
  compute_0(20000000);
  double loop = (cpu_seconds() - before) / 20000000;
  serve(atof(words[1]), (long)(atof(words[2]) / 1e6 / loop), strtoull(words[3], NULL, 10));
  return 0;
}
