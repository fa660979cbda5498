/* known SECONDS [naps|child]: has known shares and known waits. One thread works 60 : 30 : 10 in three functions, in
 * pieces of a third of a millisecond. Their order is random in each group of ten, so that no sampling rate keeps in step.
 * It also reads /dev/zero, for which the kernel runs read_zero. With `naps`, it sleeps 30, 50 and 70 ms in turn instead.
 * With `child`, it works in a child process, which ends with it. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#define KEEP __attribute__((noinline, noclone))
static volatile uint64_t sink;
static int zero;

static inline void piece(uint64_t h) { for (int i = 0; i < 9000; i++) { h ^= h << 13; h ^= h >> 7; h ^= h << 17; } sink += h; }
KEEP static void six_parts(void) { piece(6); sink++; }
KEEP static void three_parts(void) { piece(3); sink++; }
KEEP static void one_part(void) { piece(1); sink++; }
KEEP static void read_zeroes(void) { static char buffer[262144]; if (read(zero, buffer, sizeof buffer) < 0) sink++; sink++; }
KEEP static void nap_30(void) { struct timespec nap = {0, 30000000}; nanosleep(&nap, 0); sink++; }
KEEP static void nap_50(void) { struct timespec nap = {0, 50000000}; nanosleep(&nap, 0); sink++; }
KEEP static void nap_70(void) { struct timespec nap = {0, 70000000}; nanosleep(&nap, 0); sink++; }

static uint64_t drawn(void) { static uint64_t h = 88172645463325252u; h ^= h << 13; h ^= h >> 7; h ^= h << 17; return h; }
static void work(void) {
  static void (*parts[11])(void) = {six_parts, six_parts, six_parts, six_parts, six_parts, six_parts,
                                    three_parts, three_parts, three_parts, one_part, read_zeroes};
  for (int i = 10; i > 0; i--) {
    int j = drawn() % (i + 1);
    void (*other)(void) = parts[i];
    parts[i] = parts[j], parts[j] = other;
  }
  for (int i = 0; i < 11; i++) parts[i]();
}
static void nap(void) { nap_30(), nap_50(), nap_70(); }

int main(int argc, char **argv) {
  void (*round)(void) = argc > 2 && !strcmp(argv[2], "naps") ? nap : work;
  time_t end;
  if (argc < 2) return 2;
  zero = open("/dev/zero", O_RDONLY);
  if (argc > 2 && !strcmp(argv[2], "child")) {
    pid_t child = fork();
    if (child != 0) return waitpid(child, 0, 0) < 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  }
  end = time(0) + atoi(argv[1]);
  while (time(0) < end) round();
  return 0;
}
