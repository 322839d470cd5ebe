/**
 * Names that every object of JavaScript has of its own accord, as keys, labels, fields and names: for a real
 * server they are names as all others.
 * Never here: which characters a name may have (objects.ts).
 */
import { configMap, core, type Group, get, patch, post, type Step, silently } from '../row';

const cm = core('configmaps');
const a = `${cm}/a`;
const sent = (body: string, more: Partial<Step> = {}): Step => post(cm, body, more);
const made = silently(post(cm, configMap('a', { data: { x: '1' } })));
/** A key named `__proto__` is no member of what is compared: the text says more. */
const asText = {
  shown: (body: Step['body']) => JSON.stringify([body]).includes('"__proto__":"x"'),
};

export const names: Group = {
  name: 'names',
  rows: [
    {
      why: 'keys of data may be named as members of all objects are',
      steps: [
        sent('{"metadata":{"name":"a"},"data":{"constructor":"y","toString":"z"}}', {
          only: ['data', 'metadata.managedFields'],
        }),
        patch('merge', a, '{"data":{"hasOwnProperty":"q","toString":null}}', { only: ['data'] }),
        patch('json', a, '[{"op":"test","path":"/data/valueOf","value":"x"}]'),
        patch('strategic', a, '{"data":{"valueOf":"v"}}', { only: ['data'] }),
      ],
    },
    {
      why: '__proto__ is a key of data, by each verb',
      steps: [
        sent('{"metadata":{"name":"b"},"data":{"__proto__":"x"}}', asText),
        made,
        patch('merge', a, '{"data":{"__proto__":"x"}}', asText),
        patch('strategic', a, '{"data":{"__proto__":"x","y":"1"}}', asText),
        patch('merge', a, '{"data":{"__proto__":null}}', asText),
        patch('json', a, '[{"op":"add","path":"/data/__proto__","value":"x"}]', asText),
        patch(
          'apply',
          `${cm}/c?fieldManager=m`,
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"__proto__":"x"}}',
          asText,
        ),
        get(`${cm}/c`, asText),
      ],
    },
    {
      why: '__proto__ is a field that nobody knows, and no label or annotation',
      steps: [
        made,
        patch('merge', a, '{"__proto__":{"data":{"z":"z"}}}', { only: ['data'] }),
        sent('{"metadata":{"name":"c","labels":{"__proto__":"x"}}}'),
        sent('{"metadata":{"name":"d","annotations":{"__proto__":"q"}}}'),
      ],
    },
    {
      why: 'a selector of such a label chooses those that have it',
      steps: [
        silently(post(cm, { metadata: { name: 'a', labels: { constructor: 'x' } } })),
        ...[
          'constructor',
          'constructor%3Dx',
          'toString',
          '%21constructor',
          'valueOf+notin+(x)',
        ].map((selector) =>
          get(`${cm}?labelSelector=${selector}`, {
            shown: ({ items }) =>
              (items as readonly { readonly metadata: { readonly name: string } }[]).map(
                ({ metadata }) => metadata.name,
              ),
          }),
        ),
      ],
    },
    {
      why: 'a selector of such a field is refused',
      steps: ['__proto__', 'constructor', 'toString'].flatMap((field) => [
        get(`${cm}?fieldSelector=${field}%3Dx`),
        get(`${core('pods')}?fieldSelector=${field}%3Dx`),
      ]),
    },
  ],
};
