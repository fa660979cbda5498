/* Never runs: what a sampler makes of an idle process. */
#include <unistd.h>
int main(void) { for (;;) pause(); }
