/** A line in SystemTap's runtime, and the lines that replace it in a patched copy. */
interface Edit {
  readonly before: string;
  readonly after: readonly string[];
}

/** A mismatch between an installed SystemTap and the kernel, and the edits to SystemTap's runtime that fix it. */
export interface MisfitRow {
  readonly code: string;
  /** The problem that occurs without the edits. */
  readonly effect: string;
  /** The evidence that the edits work. */
  readonly source: string;
  /** The path of the file to edit, relative to SystemTap's runtime directory. */
  readonly file: string;
  /** A word in `fitsIn`, or by default in `file`, whose presence shows that the runtime is already compatible. */
  readonly fits: string;
  readonly fitsIn?: string;
  /**
   * Set if the mismatch does not make runs fail. It is then patched only if another mismatch requires a patched copy of
   * the runtime anyway.
   */
  readonly minor?: true;
  /** A word that occurs in the headers of all affected kernels (`has: true`) or of none of them (`has: false`). */
  readonly kernel: { readonly headers: readonly string[]; readonly word: string; readonly has: boolean };
  /** Each `before` line must occur in the file exactly once; otherwise, the source is unknown and is not patched. */
  readonly edits: readonly Edit[];
}

/**
 * All known mismatches, minor ones last. They are recognised by the contents of SystemTap's runtime and of the kernel's
 * headers, never by the name of a distribution.
 */
export const MISFITS: readonly MisfitRow[] = [
  {
    code: 'task-work-cancel',
    effect: 'no script compiles: the kernel has renamed task_work_cancel()',
    source: 'SystemTap 5.2 looks up the new name; tested with 4.8 on Linux 6.1',
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
    source: 'SystemTap 5.0 has the same lines; tested with 4.8 on Linux 6.1',
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
    source: 'Linux 6.12 has uprobe_unregister_nosync() instead; tested with 5.1 on Linux 6.12',
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
    source: 'SystemTap 5.0 avoids this in print_flush.c; tested with 4.8 on Linux 6.1',
    file: 'transport/relay_v2.c',
    fits: 'straddle',
    fitsIn: 'print_flush.c',
    minor: true,
    // this word occurs in the headers of all kernels that SystemTap supports
    kernel: { headers: ['include/linux/relay.h'], word: 'subbuf_start', has: true },
    edits: [
      {
        before: '\tif (buf->offset >= buf->chan->subbuf_size) {',
        after: ['\tif (buf->offset + sizeof(struct _stp_trace) >= buf->chan->subbuf_size) {'],
      },
    ],
  },
];
