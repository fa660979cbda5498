// @ts-check
// npm run setup: installs everything that development needs; `npm start` installs only what building needs.
import { install } from './setup/install.mjs';

install();
