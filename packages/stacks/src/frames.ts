/** What is known about a frame. Unknown fields are absent and take no memory. */
export interface Frame {
  /** The text that stands for the frame in folded text and pictures; see `labelOf`. */
  readonly label: string;
  /** The function's name, as printed or looked up. */
  readonly symbol?: string;
  /** Number of bytes from the start of the symbol or, if only the module is known, from the start of the module. */
  readonly offset?: number;
  /** The path or base name of the file that contains the code, as printed. */
  readonly module?: string;
  /** The module's build ID, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** The code's address, `0x…`. It is a string because a 64-bit address does not fit into a number. */
  readonly address?: string;
  /** The source file, and the line number, counted from 1. */
  readonly file?: string;
  readonly line?: number;
  /** `true` for kernel code, `false` for user code, absent if the trace does not say. */
  readonly kernel?: boolean;
  /** Whether the code was generated at run time. */
  readonly jit?: boolean;
  /** Whether the function was inlined into its caller. */
  readonly inlined?: boolean;
  /** Whether only the nearest exported symbol is known, so the code may belong to another function. */
  readonly exportedOnly?: boolean;
  /** Whether the unwinder guessed this frame. */
  readonly inexact?: boolean;
  /** Whether the frame is not a function, but the name of the stack's thread or of the thread's program. */
  readonly thread?: boolean;
}

/**
 * The frames of stacks, indexed by frame number. A table only grows, and a number always stands for the same frame, so
 * data that is stored by number stays valid as long as the table is the same object.
 */
export interface FrameTable {
  /** The number of frames. All frame numbers are below it. */
  readonly size: number;
  label(id: number): string;
  /** Returns everything that is known about the frame. */
  frame(id: number): Frame;
  /** Whether frames are numbered in the order of their labels' UTF-8 bytes, even when the table grows. */
  readonly inOrder?: boolean;
  /** Whether all frames have only labels, including frames that are added later. */
  readonly labelsOnly?: boolean;
}

/** A table that frames are added to one by one. A frame that is added twice gets two numbers. */
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
