/**
 * The kinds that the rows of writes are done to: two built-in ones that no controller touches, and a
 * custom one with every sort of list and map.
 * Never here: rows.
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import type { Typing } from '../../../../src/local/api/typing';
import type { Target } from './drive';

const text = { type: 'string' };

export const thingCrd: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.typed.gungnir.test' },
  spec: {
    group: 'typed.gungnir.test',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer', minimum: 0, maximum: 10, default: 2 },
                  mode: { type: 'string', enum: ['A', 'B'] },
                  set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
                  atomic: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
                  plain: { type: 'array', items: { type: 'object', properties: { a: text } } },
                  map: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name', 'port'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {
                        name: text,
                        port: { type: 'integer', default: 80 },
                        value: text,
                        tags: { type: 'object', additionalProperties: text },
                      },
                    },
                  },
                  labels: { type: 'object', additionalProperties: text },
                  whole: {
                    type: 'object',
                    'x-kubernetes-map-type': 'atomic',
                    properties: { a: text, b: text },
                  },
                  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  either: { 'x-kubernetes-int-or-string': true },
                  nested: {
                    type: 'object',
                    properties: { deep: { type: 'object', properties: { x: text, y: text } } },
                  },
                },
              },
              status: {
                type: 'object',
                properties: {
                  phase: text,
                  conditions: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['type'],
                    items: {
                      type: 'object',
                      required: ['type'],
                      properties: { type: text, status: text },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

function found(typing: Typing | undefined): Typing {
  if (typing === undefined) throw new Error('no such type');
  return typing;
}

export const configMap: Target = {
  typing: found(typings.builtin('', 'v1', 'ConfigMap')),
  apiVersion: 'v1',
  kind: 'ConfigMap',
  path: '/api/v1/namespaces/NS/configmaps',
  hasStatus: false,
};

export const podTemplate: Target = {
  typing: found(typings.builtin('', 'v1', 'PodTemplate')),
  apiVersion: 'v1',
  kind: 'PodTemplate',
  path: '/api/v1/namespaces/NS/podtemplates',
  hasStatus: false,
};

export const thing: Target = {
  typing: found(typings.crd(thingCrd).get('v1')),
  apiVersion: 'typed.gungnir.test/v1',
  kind: 'Thing',
  path: '/apis/typed.gungnir.test/v1/namespaces/NS/things',
  hasStatus: true,
};
