/** What tests must not mistake for an object that is gone: a deletion that is refused, a path that nothing serves. */
import { expect, test } from 'vitest';
import { type Answer, type ApiServer, goneFrom, pathOf } from './api-server';

function server(deleted: Answer): ApiServer & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async send(method) {
      asked.push(method);
      return method === 'DELETE' ? deleted : { status: 404, body: { kind: 'Status' } };
    },
  };
}

const status = (reason: string, details = {}) => ({ kind: 'Status', reason, details });

test.each([
  { why: 'deleted', status: 200, body: {} },
  { why: 'deletion has begun', status: 202, body: {} },
  { why: 'not there', status: 404, body: status('NotFound', { name: 'a' }) },
  { why: 'being deleted already', status: 409, body: status('Conflict') },
])('gone: $why', async (deleted) => {
  const one = server(deleted);
  await goneFrom(one, '/api/v1/namespaces/a');
  expect(one.asked).toEqual(['DELETE', 'GET']);
});

test.each([
  { why: 'a right that is missing', status: 403, body: status('Forbidden') },
  { why: 'a path that nothing serves', status: 404, body: { message: '404 page not found\n' } },
  { why: 'a kind that is not served', status: 404, body: status('NotFound') },
  { why: 'a server in trouble', status: 500, body: status('InternalError') },
])('not gone: $why', async (deleted) => {
  const one = server(deleted);
  await expect(goneFrom(one, '/api/v1/namespaces/a')).rejects.toThrow(
    `DELETE /api/v1/namespaces/a: ${deleted.status} `,
  );
  expect(one.asked).toEqual(['DELETE']);
});

test('a path is made of a kind whose plural is known, and of no other', () => {
  expect(pathOf('apps/v1', 'StatefulSet', 'a', 'b')).toBe(
    '/apis/apps/v1/namespaces/a/statefulsets/b',
  );
  expect(() => pathOf('apps/v1', 'statefulsets', 'a')).toThrow('of the kind statefulsets');
});
