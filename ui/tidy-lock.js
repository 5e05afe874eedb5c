/*
 * Run by `npm run lock` after npm has written package-lock.json.
 *
 * 1. Takes the registry's addresses out: npm asks the registry that is configured and checks what it gets by
 *    the hashes. (npm's own omit-lockfile-registry-resolved also drops packages for other systems.)
 * 2. Adds what a mirror did not have: a package for another system that is no more than named, never fetched
 *    here, but without its entry `npm ci` refuses the whole file.
 */
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const { packages } = lock;

for (const entry of Object.values(packages)) delete entry.resolved;

for (const entry of Object.values(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const system = /-(darwin|linux|win32|android)-(x64|arm64)(-musl)?$/.exec(name);
    if (`node_modules/${name}` in packages || system === null) continue;
    const [, os, cpu, musl] = system;
    const libc = os === "linux" ? { libc: [musl ? "musl" : "glibc"] } : {};
    packages[`node_modules/${name}`] = { version, cpu: [cpu], dev: true, ...libc, optional: true, os: [os] };
  }
}

const inOrder = Object.entries(packages)
  .filter(([, entry]) => !entry.extraneous)
  .sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(inOrder);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
