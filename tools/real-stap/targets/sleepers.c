/* Waits twice as long in one function as in another, which it calls as often. */
#include <unistd.h>
__attribute__((noinline, noclone)) static void long_nap(void) { usleep(40000); }
__attribute__((noinline, noclone)) static void short_nap(void) { usleep(20000); }
int main(void) { for (;;) { long_nap(); short_nap(); } }
