/**
 * The environment of a container, in the order of a real kubelet: Services, envFrom, env.
 * Never here: reading the API (the lookup does), paths (paths.ts).
 */
import { fieldOf, type Place, resourceOf } from './downward';
import { expanded } from './expand';
import type { ConfigMap, Container, EnvSource, EnvVar, Pod, Secret, Service } from './pod';
import { specOf } from './pod';

/** Objects of the pod's namespace, as they are at this moment. */
export interface Lookup {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  services(): readonly Service[];
}

export interface ApiAddress {
  readonly host: string;
  readonly port: number;
}

export type Environment = Readonly<Record<string, string>>;
export type EnvironmentAnswer =
  | { readonly kind: 'ok'; readonly values: Environment }
  /** The message of CreateContainerConfigError. */
  | { readonly kind: 'failed'; readonly message: string };

/** Ends the reading; never leaves this file. */
class Missing extends Error {}

export function environmentOf(
  pod: Pod,
  container: Container,
  lookup: Lookup,
  place: Place,
  server: ApiAddress,
): EnvironmentAnswer {
  const links = specOf(pod).enableServiceLinks === false ? [] : lookup.services();
  const values: Record<string, string> = {
    ...links.reduce(addService, {}),
    ...serverValues(server),
  };
  try {
    for (const source of container.envFrom ?? []) Object.assign(values, fromSource(source, lookup));
    for (const variable of container.env ?? []) {
      const value = readVariable(variable, { pod, container, lookup, place, values });
      if (value !== undefined) values[variable.name] = value;
    }
  } catch (problem) {
    if (problem instanceof Missing) return { kind: 'failed', message: problem.message };
    throw problem;
  }
  return { kind: 'ok', values };
}

interface Asked {
  readonly pod: Pod;
  readonly container: Container;
  readonly lookup: Lookup;
  readonly place: Place;
  readonly values: Environment;
}

function readVariable({ value, valueFrom }: EnvVar, asked: Asked): string | undefined {
  const { pod, container, lookup, place, values } = asked;
  if (valueFrom === undefined) return expanded(value ?? '', values);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) {
    const found = fieldOf(pod, fieldRef, place);
    if (found === undefined) throw new Missing(`unsupported fieldPath: ${fieldRef.fieldPath}`);
    return found;
  }
  if (resourceFieldRef !== undefined) {
    const found = resourceOf(pod, container.name, resourceFieldRef, place);
    if (found === undefined) {
      throw new Missing(`unsupported container resource : ${resourceFieldRef.resource}`);
    }
    return found;
  }
  const [ref, kind] =
    configMapKeyRef === undefined ? [secretKeyRef, 'Secret'] : [configMapKeyRef, 'ConfigMap'];
  if (ref === undefined) return '';
  const name = ref.name ?? '';
  const data = kind === 'Secret' ? secretData(lookup, name) : lookup.configMap(name)?.data;
  const there = kind === 'Secret' ? data : lookup.configMap(name);
  const found = data?.[ref.key];
  if (found !== undefined || ref.optional === true) return found;
  if (there === undefined) throw new Missing(`${kind.toLowerCase()} "${name}" not found`);
  const key = `${pod.metadata.namespace}/${name}`;
  throw new Missing(`couldn't find key ${ref.key} in ${kind} ${key}`);
}

function fromSource(source: EnvSource, lookup: Lookup): Environment {
  const { configMapRef, secretRef, prefix = '' } = source;
  const name = configMapRef?.name ?? secretRef?.name ?? '';
  const data =
    secretRef === undefined
      ? lookup.configMap(name) && { ...lookup.configMap(name)?.data }
      : secretData(lookup, name);
  if (data === undefined) {
    if ((configMapRef ?? secretRef)?.optional === true) return {};
    throw new Missing(`${secretRef === undefined ? 'configmap' : 'secret'} "${name}" not found`);
  }
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [prefix + key, value]));
}

function secretData(lookup: Lookup, name: string): Environment | undefined {
  const secret = lookup.secret(name);
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

function serverValues({ host, port }: ApiAddress): Environment {
  return addService(
    {},
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', uid: '', resourceVersion: '', creationTimestamp: '' },
      spec: { clusterIP: host, ports: [{ name: 'https', port }] },
    },
  );
}

/** The variables of a Service as Docker links named them. */
function addService(values: Environment, { metadata, spec }: Service): Environment {
  const ip = spec?.clusterIP ?? '';
  const ports = spec?.ports ?? [];
  const [first] = ports;
  if (ip === '' || ip === 'None' || first === undefined) return values;
  const name = variable(metadata.name);
  const added: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: ip,
    [`${name}_SERVICE_PORT`]: String(first.port),
  };
  for (const port of ports) {
    if (port.name !== undefined && port.name !== '') {
      added[`${name}_SERVICE_PORT_${variable(port.name)}`] = String(port.port);
    }
  }
  for (const [index, { port, protocol = 'TCP' }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${ip}:${port}`;
    const prefix = `${name}_PORT_${port}_${protocol}`;
    if (index === 0) added[`${name}_PORT`] = url;
    added[prefix] = url;
    added[`${prefix}_PROTO`] = protocol.toLowerCase();
    added[`${prefix}_PORT`] = String(port);
    added[`${prefix}_ADDR`] = ip;
  }
  return { ...values, ...added };
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
