// @ts-check
// How `nx release` finds the next version. Nx bumps whatever version it finds, which would make the first release of
// each package 0.1.1. A package that has never been released keeps the version that its package.json says.
import { execFileSync } from 'node:child_process';
import javascript from '@nx/js/src/release/version-actions';

const { default: JsVersionActions, afterAllProjectsVersioned } = javascript;
export { afterAllProjectsVersioned };

export default class VersionActions extends JsVersionActions {
  /** @type {import('@nx/js/src/release/version-actions').default['calculateNewVersion']} */
  async calculateNewVersion(currentVersion, input, ...reason) {
    const { name } = this.projectGraphNode;
    const isRelative = /^(?:pre)?(?:major|minor|patch|release)$/.test(input);
    if (isRelative && currentVersion !== null && !hasTag(name))
      return { newVersion: currentVersion, logText: `First release of ${name}: ${currentVersion}` };
    return super.calculateNewVersion(currentVersion, input, ...reason);
  }
}

/** @param {string} name of a package @returns {boolean} whether a release of it is tagged */
function hasTag(name) {
  return execFileSync('git', ['tag', '--list', `${name}@*`], { encoding: 'utf8' }) !== '';
}
