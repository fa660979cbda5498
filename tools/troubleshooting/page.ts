import {
  documentMessages,
  documentPackages,
  sampleAgainText,
  type DistributionId,
  type DocumentedMessage,
  type Fix,
  type Obstacle,
} from '@stapflame/stap-doctor';
import prettier from 'prettier';
import { MACHINE } from './machine.ts';

/**
 * Fixes are shown with this distribution's commands. A separate section has the commands for other distributions.
 */
const SHOWN = 'debian';
/** Each distribution, with its name and an example package. */
const DISTRIBUTIONS: readonly (readonly [DistributionId, string, string])[] = [
  ['debian', 'Debian', 'libssl3'],
  ['ubuntu', 'Ubuntu', 'libssl3'],
  ['fedora', 'Fedora', 'openssl-libs'],
  ['rhel', 'Red Hat Enterprise Linux, Rocky, Alma', 'openssl-libs'],
  ['centos', 'CentOS', 'openssl-libs'],
  ['suse', 'openSUSE', 'libopenssl3'],
  ['arch', 'Arch', 'openssl'],
  ['alpine', 'Alpine', 'openssl'],
];

const INTRODUCTION = `# Troubleshooting

Messages from SystemTap, staprun, gdb and debuginfod, with their causes and what to do about them. \`stapflame doctor\`
explains the messages of a run in the same way, with the commands for the right distribution:

\`\`\`sh example
stapflame doctor --stderr stap.err                       # messages that were saved
sudo stap … 2> >(stapflame doctor)                       # messages as they are printed
stapflame doctor                                         # what prevents sampling on this machine
stapflame doctor -p 4242                                 # the same, and which of a process's files lack symbols
stapflame doctor trace.bt                                # how much of a trace missing symbols affect
\`\`\`

Exit codes: 0 if nothing prevents sampling; otherwise the first that applies of 77 (permission), 69 (a program is
missing), 78 (configuration), 64 (the command line of stap is wrong) and 75 (ssh failed, or the doctor does not know
the message).

This page is generated from the doctor's own table of messages, by \`node tools/troubleshooting/make.mjs\`. The commands
are for Debian; [the last section](#packages-by-distribution) has those for other distributions. For each message, the
fix that needs the fewest permissions comes first, and last resorts come last.
`;

const WEIGHT = {
  blocks: 'This prevents sampling',
  costs: 'The trace lacks information or is incomplete',
  note: 'Harmless',
};
const EXIT: Readonly<Record<Obstacle, number>> = {
  permission: 77,
  'missing-program': 69,
  configuration: 78,
  usage: 64,
  link: 75,
  unknown: 75,
};

/** Returns the text of docs/troubleshooting.md. */
export function page(): Promise<string> {
  const chapters = documentMessages(SHOWN).map(
    ({ title, messages }) => `## ${title}\n\n${messages.map(section).join('\n\n')}`,
  );
  const text = [INTRODUCTION, ...chapters, ...MACHINE.map(machineChapter), packages()].join('\n\n');
  return prettier.format(text, { parser: 'markdown', printWidth: 110, singleQuote: true });
}

function section({ finding, progress, texts }: DocumentedMessage): string {
  const { code, severity, obstacle, meaning, cause, fixes, links } = finding;
  const exit = obstacle === undefined ? '' : ` (exit code ${EXIT[obstacle]})`;
  const parts = [
    `### ${code}`,
    `${escaped(meaning)} ${progress ? 'This is progress, not a problem' : WEIGHT[severity]}${exit}.`,
    ...(texts.length > 0 ? [fence(texts.join('\n'), 'text')] : []),
    `Cause: ${escaped(cause)}`,
    ...(fixes.length > 0 ? ['What to do:', fixes.map(way).join('\n')] : []),
    ...(links.length > 0 ? [`Read: ${links.map(link).join(', ')}.`] : []),
  ];
  return parts.join('\n\n');
}

function way({ commands, again, effect, risk, undo }: Fix): string {
  const first = [
    ...(again === undefined || commands.length > 0 ? [] : [`${escaped(sampleAgainText(again))}.`]),
    ...(effect === undefined ? [] : [escaped(effect)]),
  ].join(' ');
  const parts = [
    ...(first === '' ? [] : [first]),
    ...(commands.length > 0 ? [fence(commands.join('\n'), 'sh')] : []),
    ...(risk === undefined ? [] : [`Risk: ${escaped(risk)}`]),
    ...(undo === undefined ? [] : [`To undo it:\n\n${fence(undo.join('\n'), 'sh')}`]),
  ];
  return `1. ${parts.join('\n\n').replaceAll('\n', '\n   ')}`;
}

function machineChapter([title, findings]: (typeof MACHINE)[number]): string {
  return `## ${title}\n\n${findings.map(([code, text]) => `### ${code}\n\n${text}`).join('\n\n')}`;
}

function packages(): string {
  const parts = DISTRIBUTIONS.map(([id, name, example]) => {
    const lines = documentPackages(id, example)
      .filter(([, commands]) => commands.length > 0)
      .map(([purpose, commands]) => [`# ${purpose}`, ...commands].join('\n'));
    return `### ${name}\n\n${fence(lines.join('\n'), 'sh')}`;
  });
  return `## Packages by distribution\n\n${parts.join('\n\n')}\n`;
}

function fence(text: string, language: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, String.raw`\$&`);
}

function link(target: string): string {
  return target.startsWith('http') ? `<${target}>` : `\`${target}\``;
}
