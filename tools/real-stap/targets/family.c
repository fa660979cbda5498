/* Forks children that work: a process tree. */
#include <stdint.h>
#include <unistd.h>
static volatile uint64_t sink;
__attribute__((noinline, noclone)) static void child_work(void) { for (;;) sink += sink * 3 + 1; }
int main(void) { if (fork() == 0) child_work(); for (;;) pause(); }
