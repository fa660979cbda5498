import { expect, it } from 'vitest';
import { compileTimed, type CompileTimes } from '../laboratory/compile-timed.ts';
import { formsOn } from '../laboratory/forms.ts';
import { prepare, target, versionsOf } from '../laboratory/machine.ts';
import { asMarkdown } from '../laboratory/markdown.ts';

it('measures the cost of compiling a script for each mode, and one with addresses only', async () => {
  const laboratory = prepare();
  const program = target(laboratory, 'known');
  const forms = [
    ...formsOn(laboratory),
    { name: '--addresses', options: { pid: 4700, seconds: 30, addresses: true } },
  ];
  const times: (CompileTimes & { readonly form: string })[] = [];
  for (const { name, options } of forms)
    times.push({ form: name, ...(await compileTimed(laboratory, options, program)) });
  const rows = times.map(({ form, cold, warm }) => ({
    form,
    'CPU s, empty cache': cold.toFixed(0),
    again: warm.toFixed(0),
  }));
  console.log(`${versionsOf(laboratory)}\n\n${asMarkdown(rows)}`);
  expect(times.every(({ cold, warm }) => cold > warm)).toBe(true);
});
