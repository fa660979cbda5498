// @ts-check
// ARCHITECTURE.md's rules for imports, in the format that dependency-cruiser reads (`npm run lint:imports`).

/** The directories of the packages that all other packages build on. */
const CONTRACT = 'stacks';
const SCANNER = 'line-scanner';

/** Files that may use Node: thin streams around a core, and code that deals with files and processes. */
const KNOW_NODE = [
  'cli/src/',
  'stap-runner/src/',
  '[^/]+/src/(?:stream|transform)\\.ts$',
  'stacks/src/stream/',
  'symbols/src/files/',
  'symbols/src/demangle/wasm-(?:file|module)\\.ts$',
].map((path) => `^packages/${path}`);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'stage-on-stacks-only',
      comment:
        'A stage imports @stapflame/stacks and no other stage; a parser also imports @stapflame/line-scanner.',
      severity: 'error',
      from: {
        path: '^packages/([^/]+)/src/',
        pathNot: `^packages/(?:cli|${CONTRACT}|${SCANNER}|[^/]+-parser)/`,
      },
      to: { path: '^packages/', pathNot: [`^packages/(?:$1|${CONTRACT})/`] },
    },
    {
      name: 'parser-on-stacks-and-scanner',
      comment: 'A parser imports @stapflame/stacks, @stapflame/line-scanner and no other stage.',
      severity: 'error',
      from: { path: '^packages/([^/]+-parser)/src/' },
      to: { path: '^packages/', pathNot: [`^packages/(?:$1|${CONTRACT}|${SCANNER})/`] },
    },
    {
      name: 'contract-on-nothing',
      comment:
        'Every stage builds on @stapflame/stacks and @stapflame/line-scanner, so these import no other package of ours.',
      severity: 'error',
      from: { path: `^packages/(${CONTRACT}|${SCANNER})/src/` },
      to: { path: '^packages/', pathNot: ['^packages/$1/'] },
    },
    {
      name: 'by-name',
      comment:
        'A package is imported by its name, never by a path into it: its "exports" say what is public.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/'], dependencyTypes: ['local'] },
    },
    {
      name: 'core-without-node',
      comment:
        'The core of a stage also runs in a browser. Move what needs Node to the stream over it (stream.ts).',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: KNOW_NODE },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-without-streams',
      comment: 'Only the stream over a core (stream.ts) imports @stapflame/stacks/stream, which needs Node.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: KNOW_NODE },
      to: { path: `^packages/${CONTRACT}/src/stream/` },
    },
    {
      name: 'no-circle',
      comment:
        'Two modules that import each other have one reason to change: join them, or move what both need to a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'resolvable',
      comment: 'The module was not found: is it exported, and named in package.json?',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/', '/vendor/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@stapflame/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
