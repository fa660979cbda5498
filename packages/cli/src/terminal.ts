export { forTerminal } from '@stapflame/stacks';
