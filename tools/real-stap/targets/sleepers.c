/* Calls two functions equally often, but waits twice as long in one as in the other. */
#include <unistd.h>
__attribute__((noinline, noclone)) static void long_nap(void) { usleep(40000); }
__attribute__((noinline, noclone)) static void short_nap(void) { usleep(20000); }
int main(void) { for (;;) { long_nap(); short_nap(); } }
