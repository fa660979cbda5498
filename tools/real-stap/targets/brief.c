/* Works for about two seconds and ends. */
#include <stdint.h>
#include <time.h>
static volatile uint64_t sink;
__attribute__((noinline, noclone)) static void work_a_while(void) { for (uint64_t i = 0; i < 200000; i++) sink += i * i; }
int main(void) {
  struct timespec now, start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do { work_a_while(); clock_gettime(CLOCK_MONOTONIC, &now); } while (now.tv_sec - start.tv_sec < 2);
}
