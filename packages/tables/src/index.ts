/** Transforms from tables to text. */
export { createPeekText, createTopText, createTreeText, type TextStream } from './stream.ts';
/** Options of the text. */
export { COLUMNS, type Column, type TextOptions, type TopOptions } from './options.ts';
/** The tables that can be written. */
export type { Calls, FunctionRow, FunctionTable, Tree, TreeNode } from './table.ts';
/** The error that all of them throw. */
export { TablesError, type TablesErrorCode } from './errors.ts';
