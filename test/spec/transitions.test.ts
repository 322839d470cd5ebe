import { expect, test } from 'vitest';
import { validateTransition } from '../../src/spec/validate';
import { transitions } from './transitions';

test.each(transitions)('$why', ({ before, after, refused }) => {
  const problems = validateTransition({ spec: before }, { spec: after });
  expect(problems.map(({ path }) => path)).toEqual(refused === undefined ? [] : [refused.path]);
});
