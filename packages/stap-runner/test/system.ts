import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Made-up files that contain the lines from SystemTap 4.8 that the patches change. */
export const RUNTIME = {
  'stp_task_work.c': `/* task work */
typedef typeof(&task_work_cancel) task_work_cancel_fn;
        kallsyms_task_work_cancel = (void *)kallsyms_lookup_name("task_work_cancel");
`,
  'linux/addr-map.c': `#if defined(user_addr_max)
\t  && ((user_addr_max() - size) < addr)
#endif
`,
  'transport/transport.c': `if (kallsyms_uprobe_unregister == NULL) {
                kallsyms_uprobe_unregister = (void*) kallsyms_lookup_name ("unregister_uprobe");
}
`,
  'transport/relay_v2.c': `{
\tif (buf->offset >= buf->chan->subbuf_size) {
}
`,
  'print_flush.c': 'if (bytes_reserved > hlen)\n',
  'other.c': 'int other;\n',
};
/** The relevant lines from the headers for Debian's Linux 6.1. */
const HEADERS = {
  'include/linux/task_work.h':
    'struct callback_head *task_work_cancel_func(struct task_struct *, task_work_func_t);\n',
  'include/linux/uaccess.h': '/* none */\n',
  'include/linux/relay.h': 'int (*subbuf_start)(struct rchan_buf *buf);\n',
  'include/linux/uprobes.h':
    'extern void uprobe_unregister(struct inode *, loff_t, struct uprobe_consumer *);\n',
};

/** Writes a file, and creates the directories on its path. */
export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * Writes the files of a SystemTap installation and, in `modules`, the headers of a kernel that this SystemTap does not
 * fit. Returns the path of stap.
 */
export function writeSystem(directory: string, release: string): string {
  const stap = join(directory, 'bin/stap');
  write(stap, '#!/bin/sh\n');
  chmodSync(stap, 0o755);
  for (const [name, text] of Object.entries(RUNTIME))
    write(join(directory, 'share/systemtap/runtime', name), text);
  for (const [name, text] of Object.entries(HEADERS))
    write(join(directory, 'modules', release, 'source', name), text);
  return stap;
}
