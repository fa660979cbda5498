/** A line of SystemTap's runtime, and the lines that replace it in a patched copy. */
interface Edit {
  readonly before: string;
  readonly after: readonly string[];
}

/** A place where an installed SystemTap does not fit the kernel, and the edit of its runtime that fixes it. */
export interface MisfitRow {
  readonly code: string;
  /** The problem without the edit. */
  readonly effect: string;
  /** The evidence that the cure works. */
  readonly source: string;
  /** The file below SystemTap's runtime directory. */
  readonly file: string;
  /** A word in that file, or in the file `fitsIn`, that shows that it already fits. */
  readonly fits: string;
  readonly fitsIn?: string;
  /** The misfit stops no run. It is only patched in a copy that another row requires. */
  readonly minor?: true;
  /** A word in kernel headers, and whether affected kernels have it. */
  readonly kernel: { readonly headers: readonly string[]; readonly word: string; readonly has: boolean };
  /** Each line must be in the file exactly once; otherwise the source is not the known one. */
  readonly edits: readonly Edit[];
}

/**
 * Every known misfit. Rows are recognised by the sources of SystemTap's runtime and of the kernel's headers, never by
 * the name of a distribution. Minor rows come last.
 */
export const MISFITS: readonly MisfitRow[] = [
  {
    code: 'task-work-cancel',
    effect: 'no script compiles: the kernel has renamed task_work_cancel()',
    source: 'SystemTap 5.2 looks for the new name; tried with 4.8 on Linux 6.1',
    file: 'stp_task_work.c',
    fits: 'task_work_cancel_func',
    kernel: { headers: ['include/linux/task_work.h'], word: 'task_work_cancel_func', has: true },
    edits: [
      {
        before: 'typedef typeof(&task_work_cancel) task_work_cancel_fn;',
        after: ['typedef typeof(&task_work_cancel_func) task_work_cancel_fn;'],
      },
      {
        before: '        kallsyms_task_work_cancel = (void *)kallsyms_lookup_name("task_work_cancel");',
        after: ['        kallsyms_task_work_cancel = (void *)kallsyms_lookup_name("task_work_cancel_func");'],
      },
    ],
  },
  {
    code: 'user-addr-max',
    effect: 'each user stack ends after its first frame: Linux 5.18 removed user_addr_max()',
    source: 'SystemTap 5.0 has the same lines; tried with 4.8 on Linux 6.1',
    file: 'linux/addr-map.c',
    fits: 'TASK_SIZE_MAX',
    kernel: {
      headers: ['include/linux/uaccess.h', 'include/asm-generic/uaccess.h', 'arch/x86/include/asm/uaccess.h'],
      word: 'user_addr_max',
      has: false,
    },
    edits: [
      {
        before: '\t  && ((user_addr_max() - size) < addr)',
        after: [
          '\t  && ((user_addr_max() - size) < addr)',
          '#elif defined(TASK_SIZE_MAX)',
          '\t  && ((TASK_SIZE_MAX - size) < addr)',
        ],
      },
    ],
  },
  {
    code: 'uprobe-unregister',
    effect: "the module is not loaded: Can't resolve uprobe_unregister!",
    source: 'Linux 6.12 has uprobe_unregister_nosync() in its place; tried with 5.1 on it',
    file: 'transport/transport.c',
    fits: 'uprobe_unregister_nosync',
    kernel: { headers: ['include/linux/uprobes.h'], word: 'uprobe_unregister_nosync', has: true },
    edits: [
      {
        before:
          '                kallsyms_uprobe_unregister = (void*) kallsyms_lookup_name ("unregister_uprobe");',
        after: [
          '                kallsyms_uprobe_unregister = (void*) kallsyms_lookup_name ("uprobe_unregister_nosync");',
        ],
      },
    ],
  },
  {
    code: 'page-end',
    effect:
      'text is lost where a page of the buffer ends: -l N prints little more than 8 KiB ("transport failures")',
    source: 'SystemTap 5.0 avoids it in print_flush.c; tried with 4.8 on Linux 6.1',
    file: 'transport/relay_v2.c',
    fits: 'straddle',
    fitsIn: 'print_flush.c',
    minor: true,
    // every kernel that SystemTap knows
    kernel: { headers: ['include/linux/relay.h'], word: 'subbuf_start', has: true },
    edits: [
      {
        before: '\tif (buf->offset >= buf->chan->subbuf_size) {',
        after: ['\tif (buf->offset + sizeof(struct _stp_trace) >= buf->chan->subbuf_size) {'],
      },
    ],
  },
];
