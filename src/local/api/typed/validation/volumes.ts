/**
 * Volumes of a pod: one source each, and what the sources that run here need.
 * Never here: mounts (container.ts).
 */
import { isObject, listAt, numberAt, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { duplicate, forbidden, invalid, notSupported, required } from '../fault';
import { type Causes, dnsLabel } from './checks';

export function volumeFaults(volumes: readonly JsonObject[], path: string): Causes {
  const names = new Set<string>();
  return volumes.flatMap((volume, index): Causes => {
    const at = `${path}[${index}]`;
    const name = textAt(volume, 'name');
    const faults: Cause[] = [];
    if (name === '') faults.push(required(`${at}.name`));
    else faults.push(...dnsLabel(name, `${at}.name`));
    if (names.has(name)) faults.push(duplicate(`${at}.name`, name));
    names.add(name);
    return [...sourceFaults(volume, at), ...faults];
  });
}

function sourceFaults(volume: JsonObject, path: string): Causes {
  const sources = Object.keys(volume).filter((key) => key !== 'name' && isObject(volume[key]));
  if (sources.length === 0) return [required(path, 'must specify a volume type')];
  return sources.flatMap((key, index) => {
    const at = `${path}.${key}`;
    return index > 0
      ? [forbidden(at, 'may not specify more than 1 volume type')]
      : oneSourceFaults(key, objectAt(volume, key), at);
  });
}

function oneSourceFaults(kind: string, source: JsonObject, path: string): Causes {
  switch (kind) {
    case 'secret':
      return [
        ...named(source, 'secretName', path),
        ...modeFaults(source.defaultMode, `${path}.defaultMode`),
        ...itemFaults(listAt(source, 'items'), `${path}.items`),
      ];
    case 'configMap':
      return [
        ...named(source, 'name', path),
        ...modeFaults(source.defaultMode, `${path}.defaultMode`),
        ...itemFaults(listAt(source, 'items'), `${path}.items`),
      ];
    case 'persistentVolumeClaim':
      return named(source, 'claimName', path);
    case 'hostPath':
      return hostPathFaults(source, path);
    case 'projected':
      return modeFaults(source.defaultMode, `${path}.defaultMode`);
    default:
      return [];
  }
}

function named(source: JsonObject, key: string, path: string): Causes {
  return textAt(source, key) === '' ? [required(`${path}.${key}`)] : [];
}

function modeFaults(mode: Json | undefined, path: string): Causes {
  if (typeof mode !== 'number' || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function itemFaults(items: readonly Json[], path: string): Causes {
  return items.flatMap((item, index): Causes => {
    const at = `${path}[${index}]`;
    const target = textAt(item, 'path');
    const faults: Cause[] = [];
    if (textAt(item, 'key') === '') faults.push(required(`${at}.key`));
    if (target === '') faults.push(required(`${at}.path`));
    if (target.startsWith('/')) {
      faults.push(invalid(`${at}.path`, target, 'must be a relative path'));
    }
    if (target.split('/').includes('..')) {
      faults.push(invalid(`${at}.path`, target, "must not contain '..'"));
    } else if (target.startsWith('..')) {
      faults.push(invalid(`${at}.path`, target, "must not start with '..'"));
    }
    return [...faults, ...modeFaults(numberAt(item, 'mode'), `${at}.mode`)];
  });
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function hostPathFaults(source: JsonObject, path: string): Causes {
  const target = textAt(source, 'path');
  if (target === '') return [required(`${path}.path`)];
  const type = textAt(source, 'type');
  return [
    ...(target.split('/').includes('..')
      ? [invalid(`${path}.path`, target, "must not contain '..'")]
      : []),
    ...(hostPathTypes.includes(type) ? [] : [notSupported(`${path}.type`, type, hostPathTypes)]),
  ];
}
