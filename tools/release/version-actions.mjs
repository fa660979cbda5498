// @ts-check
// Tells `nx release` how to find the next version. By default, Nx increases any version that it finds, so the
// first release of each package would be 0.1.1. Here, a package that has never been released keeps its package.json's
// version.
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

/** @param {string} name a package's name @returns {boolean} whether one of its releases is tagged */
function hasTag(name) {
  return execFileSync('git', ['tag', '--list', `${name}@*`], { encoding: 'utf8' }) !== '';
}
