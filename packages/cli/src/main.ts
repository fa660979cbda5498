#!/usr/bin/env node
import { run } from './run.ts';

process.stdout.on('error', () => undefined); // the pipeline sees it, too, and ends the command
process.exitCode = await run(process.argv.slice(2));
