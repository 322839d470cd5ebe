/** Failpoints name a step and stop the process there; anything else is refused by name. */
import { expect, test } from 'vitest';
import { failpointAt, parseFailpoints } from '../../src/runtime/failpoints';

test.each([
  { text: undefined, expected: [] },
  { text: '+intent:stop', expected: ['+intent'] },
  { text: '+intent:stop,+switch-master:stop', expected: ['+intent', '+switch-master'] },
])('$text stops at $expected', ({ text, expected }) => {
  expect([...parseFailpoints(text)]).toEqual(expected);
});

test.each(['+intent', 'intent:stop', '+intent:kill'])(
  '%s is refused, and the setting is named',
  (text) => {
    expect(() => parseFailpoints(text)).toThrow(/GUNGNIR_FAILPOINTS.*STEP:stop/);
  },
);

test('only the step that is named stops', () => {
  const stopped: string[] = [];
  const see = failpointAt(new Set(['+intent']), (step) => stopped.push(step));
  for (const event of ['+hold', '+intent', '+promote'])
    see({ event, reason: undefined, facts: {} });
  expect(stopped).toEqual(['+intent']);
});
