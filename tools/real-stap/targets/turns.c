/* turns UNIT [random]: four threads take turns and work 1 : 2 : 3 : 4 units of UNIT steps, each in its own function.
 * With `random`, work of random length, at most as long as a round, comes between two rounds, so that no sampling rate
 * keeps in step with them. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#define KEEP __attribute__((noinline, noclone))
static volatile uint64_t sink;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn, unit, is_random;

static inline void units(int count) { uint64_t h = count; for (int i = 0; i < count * unit; i++) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; } sink += h; }
KEEP static void work_1(void) { units(1); sink++; }
KEEP static void work_2(void) { units(2); sink++; }
KEEP static void work_3(void) { units(3); sink++; }
KEEP static void work_4(void) { units(4); sink++; }
static uint64_t state;
KEEP static void between_rounds(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; uint64_t h = state; for (int i = state % (10 * unit); i > 0; i--) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; } sink += h; }

static void *worker(void *a) {
  static void (*const WORK[])(void) = {work_1, work_2, work_3, work_4};
  int me = (int)(intptr_t)a;
  for (;;) {
    pthread_mutex_lock(&mutex);
    while (turn != me) pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    if (me == 0 && is_random) between_rounds();
    WORK[me]();
    pthread_mutex_lock(&mutex);
    turn = (me + 1) % 4;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }
  return a;
}

int main(int argc, char **argv) {
  pthread_t t;
  struct timespec now;
  if (argc < 2) return 2;
  unit = atoi(argv[1]);
  is_random = argc > 2;
  clock_gettime(CLOCK_MONOTONIC, &now);
  state = 1 + now.tv_nsec;
  for (intptr_t i = 0; i < 4; i++) pthread_create(&t, 0, worker, (void *)i);
  for (;;) pause();
}
