/** What is known about a frame. An unknown field is absent and costs nothing. */
export interface Frame {
  /** What it is called in folded text and pictures; see `labelOf`. */
  readonly label: string;
  /** Name of the function, as it was printed or looked up. */
  readonly symbol?: string;
  /** Bytes from the start of the symbol or, if only the module is known, of the module. */
  readonly offset?: number;
  /** Path or base name of the file that the code is in, as printed. */
  readonly module?: string;
  /** Build-id of the module, in lower-case hexadecimal digits. */
  readonly buildId?: string;
  /** Address of the code, `0x…`: 64 bits do not fit a number. */
  readonly address?: string;
  /** Source file, and the line in it, from 1. */
  readonly file?: string;
  readonly line?: number;
  /** `true` in the kernel, `false` in user space, absent if the trace does not say. */
  readonly kernel?: boolean;
  /** The code was made at run time. */
  readonly jit?: boolean;
  /** The function was inlined into the frame below it. */
  readonly inlined?: boolean;
  /** Only the nearest exported symbol is known; the function may be another. */
  readonly exportedOnly?: boolean;
  /** The unwinder guessed. */
  readonly inexact?: boolean;
  /** No function, but the name of the thread, or of its program, whose stack it is. */
  readonly thread?: boolean;
}

/**
 * The frames of stacks, by number. A table only grows, and a number never changes its frame, so anything stored by
 * number stays valid as long as the table is the same object.
 */
export interface FrameTable {
  /** How many frames there are. All numbers are below it. */
  readonly size: number;
  label(id: number): string;
  /** Everything that is known of the frame. */
  frame(id: number): Frame;
  /** Whether numbers are in the order of labels (by UTF-8 bytes), now and when the table grows. */
  readonly inOrder?: boolean;
  /** Whether only the label of any frame is known, now and when the table grows. */
  readonly labelsOnly?: boolean;
}

/** A table of frames that are added one after the other. A frame that is added twice gets two numbers. */
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
