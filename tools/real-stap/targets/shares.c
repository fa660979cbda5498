/* Known proportions: thread "hasher" spends two thirds in heavy_part and one third in light_part; thread
 * "reader" stays in the kernel's read_zero; thread "sleeper" waits for a pipe that nobody writes to; thread
 * "napper" sleeps 20 ms at a time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#define KEEP __attribute__((noinline, noclone))
static volatile uint64_t sink;
static int pipe_ends[2];

KEEP static void heavy_part(uint64_t h) { for (int i = 0; i < 4000; i++) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; } sink += h; }
KEEP static void light_part(uint64_t h) { for (int i = 0; i < 2000; i++) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; } sink += h; }
KEEP static void hash_forever(void) { for (uint64_t i = 1;; i++) { heavy_part(i); light_part(i); } }
KEEP static void read_zeroes(int fd) { static char buffer[65536]; for (;;) if (read(fd, buffer, sizeof buffer) < 0) sink++; }
KEEP static void wait_for_input(void) { char byte; if (read(pipe_ends[0], &byte, 1) < 0) sink++; sink++; }
KEEP static void take_naps(void) { struct timespec nap = {0, 20000000}; for (;;) nanosleep(&nap, 0), sink++; }

static void *hasher(void *a) { pthread_setname_np(pthread_self(), "hasher"); hash_forever(); return a; }
static void *reader(void *a) { pthread_setname_np(pthread_self(), "reader"); read_zeroes(open("/dev/zero", O_RDONLY)); return a; }
static void *sleeper(void *a) { pthread_setname_np(pthread_self(), "sleeper"); wait_for_input(); return a; }
static void *napper(void *a) { pthread_setname_np(pthread_self(), "napper"); take_naps(); return a; }

int main(void) {
  pthread_t t;
  if (pipe(pipe_ends) < 0) return 1;
  pthread_create(&t, 0, hasher, 0);
  pthread_create(&t, 0, reader, 0);
  pthread_create(&t, 0, sleeper, 0);
  pthread_create(&t, 0, napper, 0);
  for (;;) pause();
}
