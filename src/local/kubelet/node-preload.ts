/**
 * What a Node program loads first in a pod, for want of namespaces: its host's name is the pod's, a server
 * without an address listens on the pod's own, a connection within the instance's range comes from the
 * pod's own, and files below a mount path are those of the mount.
 * Never here: other programs; the table of src/local/README.md says what they miss.
 */
import type { PodPlace } from './image-files';

/** Functions of node:fs whose first argument is a path; their promises take the same. */
const ONE_PATH = [
  'access',
  'appendFile',
  'chmod',
  'createReadStream',
  'createWriteStream',
  'exists',
  'lstat',
  'mkdir',
  'mkdtemp',
  'open',
  'opendir',
  'readFile',
  'readdir',
  'readlink',
  'realpath',
  'rm',
  'rmdir',
  'stat',
  'truncate',
  'unlink',
  'utimes',
  'watch',
  'watchFile',
  'writeFile',
];
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename', 'symlink'];

/** Modules below mount paths, for programs that are told a place by import(). */
const MODULES = `const { register, registerHooks, syncBuiltinESMExports } = require('node:module');
const { fileURLToPath, pathToFileURL } = require('node:url');
syncBuiltinESMExports();
const resolve = (specifier, context, next) => {
  if (!specifier.startsWith('file:')) return next(specifier, context);
  const path = fileURLToPath(specifier);
  const moved = move(path);
  return next(moved === path ? specifier : pathToFileURL(moved).href, context);
};
if (registerHooks !== undefined) registerHooks({ resolve });
else {
  // Before Node.js 22.15: the same in a thread of its own.
  const parts = { mappings: JSON.stringify(mappings), move, resolve };
  const lines = Object.entries(parts).map(([name, value]) => 'const ' + name + ' = ' + value + ';');
  const program = ["import { fileURLToPath, pathToFileURL } from 'node:url';", ...lines, 'export { resolve };'];
  register('data:text/javascript,' + encodeURIComponent(program.join('\\n')));
}
`;

/** @returns a CommonJS program. */
export function nodePreload({ podIp, mappings }: PodPlace): string {
  const longestFirst = [...mappings].sort((a, b) => b.from.length - a.from.length);
  const facts = JSON.stringify({ podIp, mappings: longestFirst, one: ONE_PATH, two: TWO_PATHS });
  return `'use strict';
const { podIp, mappings, one, two } = ${facts};
const net = require('node:net');
const fs = require('node:fs');
const range = podIp.split('.').slice(0, 2).join('.') + '.';
const any = (host) => host === undefined || host === null || ['', '::', '0.0.0.0'].includes(host);

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  const [first, second] = args;
  if (first !== null && typeof first === 'object' && 'port' in first && any(first.host)) {
    args[0] = { ...first, host: podIp };
  } else if (/^\\d+$/.test(String(first)) && (typeof second !== 'string' || any(second))) {
    if (typeof second === 'string' || second === undefined || second === null) args[1] = podIp;
    else args.splice(1, 0, podIp);
  }
  return listen.apply(this, args);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const normalized = Array.isArray(args[0]) ? args[0] : undefined;
  const options = normalized === undefined ? args[0] : normalized[0];
  if (options !== null && typeof options === 'object') {
    const inside = String(options.host ?? '').startsWith(range);
    if (inside && options.localAddress === undefined) options.localAddress = podIp;
  }
  return connect.apply(this, args);
};

const move = (path) => {
  const text = path instanceof URL && path.protocol === 'file:' ? path.pathname : path;
  if (typeof text !== 'string') return path;
  // The instance's own folder may itself lie below a mount path such as /tmp.
  const isOwn = ({ to }) => to === text || to.startsWith(text + '/') || text.startsWith(to + '/');
  if (mappings.some(isOwn)) return path;
  const found = mappings.find(({ from }) => text === from || text.startsWith(from + '/'));
  return found === undefined ? path : found.to + text.slice(found.from.length);
};
for (const [names, count] of [[one, 1], [two, 2]]) {
  for (const name of names) {
    for (const [holder, key] of [[fs, name], [fs, name + 'Sync'], [fs.promises, name]]) {
      const original = holder[key];
      if (typeof original !== 'function') continue;
      const moved = function (...args) {
        for (let index = 0; index < count; index += 1) args[index] = move(args[index]);
        return original.apply(this, args);
      };
      holder[key] = Object.assign(moved, original);
    }
  }
}
require('node:os').hostname = () => process.env.HOSTNAME ?? '';
${MODULES}`;
}
