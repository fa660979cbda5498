/* Prints how often a fixed piece of work was done in four seconds, to measure the cost of being sampled. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
static volatile uint64_t sink;
__attribute__((noinline, noclone)) static void piece(int depth) {
  if (depth > 0) { piece(depth - 1); sink++; return; }
  for (uint64_t i = 0; i < 20000; i++) sink += i * i;
}
int main(void) {
  struct timespec now, start;
  long pieces = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do { piece(20); pieces++; clock_gettime(CLOCK_MONOTONIC, &now); }
  while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < 4000);
  printf("pieces %ld\n", pieces);
  return 0;
}
