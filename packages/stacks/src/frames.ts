/** What is known about a frame. An unknown field is absent and takes no memory. */
export interface Frame {
  /** The frame's text in folded text and pictures; see `labelOf`. */
  readonly label: string;
  /** The function's name, as printed or looked up. */
  readonly symbol?: string;
  /** Bytes from the start of the symbol or, if only the module is known, of the module. */
  readonly offset?: number;
  /** Path or base name of the code's file, as printed. */
  readonly module?: string;
  /** The module's build ID, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** Address of the code, `0x…`: text, because 64 bits do not fit into a number. */
  readonly address?: string;
  /** Source file and line number, from 1. */
  readonly file?: string;
  readonly line?: number;
  /** `true` in the kernel, `false` in user space, absent if the trace does not say. */
  readonly kernel?: boolean;
  /** The code was generated at run time. */
  readonly jit?: boolean;
  /** The function was inlined into the frame below it. */
  readonly inlined?: boolean;
  /** Only the nearest exported symbol is known; the code may belong to another function. */
  readonly exportedOnly?: boolean;
  /** The unwinder guessed this frame. */
  readonly inexact?: boolean;
  /** Not a function, but the name of the stack's thread or of the thread's program. */
  readonly thread?: boolean;
}

/**
 * The frames of stacks, by number. A table only grows, and a number never changes its frame, so anything stored by
 * number stays valid while the table is the same object.
 */
export interface FrameTable {
  /** The number of frames. All frame numbers are below it. */
  readonly size: number;
  label(id: number): string;
  /** Everything known about the frame. */
  frame(id: number): Frame;
  /** Whether numbers follow the order of labels (by UTF-8 bytes), now and when the table grows. */
  readonly inOrder?: boolean;
  /** Whether frames have nothing but labels, now and when the table grows. */
  readonly labelsOnly?: boolean;
}

/** A table to which frames are added one by one. A frame that is added twice gets two numbers. */
export class FrameList implements FrameTable {
  readonly #frames: Frame[] = [];
  readonly inOrder: boolean;

  /** @param inOrder whether frames are added in the order of their labels */
  constructor(inOrder: boolean = false) {
    this.inOrder = inOrder;
  }

  get size(): number {
    return this.#frames.length;
  }

  label(id: number): string {
    return this.#frames[id]!.label;
  }

  frame(id: number): Frame {
    return this.#frames[id]!;
  }

  /** Adds a frame and returns its number. */
  add(frame: Frame): number {
    return this.#frames.push(frame) - 1;
  }
}
