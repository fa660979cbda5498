// @ts-check
// npm run docs:build: installs the site's build tools, which `npm ci` in the repository does not, and builds the site
// from docs/ into docs/.vitepress/dist. It exits with 1 if a link leads to a page that does not exist.
import { install, ROOT, runs } from '../setup/install.mjs';

const SITE = `${ROOT}/docs`;
install(SITE);
process.exitCode = runs('npm', ['run', '--silent', '--prefix', SITE, 'build']) ? 0 : 1;
