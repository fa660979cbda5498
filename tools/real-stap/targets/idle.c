/* Never runs, to test sampling of an idle process. */
#include <unistd.h>
int main(void) { for (;;) pause(); }
