/** Transforms that convert tables to text. */
export { createPeekText, createTopText, createTreeText, type TextStream } from './stream.ts';
/** Options for the text output. */
export { COLUMNS, type Column, type TextOptions, type TopOptions } from './options.ts';
/** The types of tables that can be converted. */
export type { Calls, FunctionRow, FunctionTable, Tree, TreeNode } from './table.ts';
/** The error thrown by all functions. */
export { TablesError, type TablesErrorCode } from './errors.ts';
