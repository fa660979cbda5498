// @ts-check
// kernel-symbols.mjs VMLINUZ DIR: writes DIR/vmlinux, the ELF file inside the compressed image, and DIR/symbols,
// the objcopy options that add the functions in DIR/kallsyms.txt to it.
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';

const [, , image = '', dir = ''] = process.argv;
const bytes = readFileSync(image);
// x86 boot protocol: setup_sects at 0x1f1, payload_offset at 0x248, payload_length at 0x24c
const start = ((bytes[0x1f1] ?? 0) + 1) * 512 + bytes.readUInt32LE(0x248);
const payload = bytes.subarray(start, start + bytes.readUInt32LE(0x24c));
const tool =
  { '02214c18': 'lz4', '28b52ffd': 'zstd', fd377a58: 'xz' }[payload.toString('hex', 0, 4)] ?? 'gzip';
// the payload ends with its length, which the tool reports as garbage, so ignore its exit code
const { stdout } = spawnSync(tool, ['-dc'], { input: payload, maxBuffer: 2 ** 28 });
writeFileSync(`${dir}/vmlinux`, stdout);

const sections = execFileSync('readelf', ['-SW', `${dir}/vmlinux`], { encoding: 'utf8' })
  .split('\n')
  .map((line) => line.replace('[ ', '[').trim().split(/\s+/))
  .filter((field) => field[2] === 'PROGBITS' && field[7]?.includes('X'))
  .map((field) => ({ name: field[1], base: BigInt(`0x${field[3]}`), size: BigInt(`0x${field[5]}`) }));
const out = createWriteStream(`${dir}/symbols`);
for (const line of readFileSync(`${dir}/kallsyms.txt`, 'utf8').split('\n')) {
  const [address, type, name, module] = line.split(/\s+/);
  if (!address || !type || module || !/^[tTwW]$/.test(type)) continue;
  const at = BigInt(`0x${address}`);
  const section = sections.find(({ base, size }) => at >= base && at <= base + size);
  if (section)
    out.write(
      `--add-symbol\n${name}=${section.name}:0x${(at - section.base).toString(16)},function,global\n`,
    );
}
out.end();
