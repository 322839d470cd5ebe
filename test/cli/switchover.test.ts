/** `gungnir switchover` against an API server; the operator's part is played by what a patch sets off. */
import { describe, expect, test } from 'vitest';
import { type Api, gungnir, startApi } from './api';
import { golden } from './golden';
import { gaveUp, moved, objects } from './objects';

const KEY = 'valkey.verilean.io/switchover';
const ask = (to: string) => ({ [KEY]: `${to}@17` });
const withdraw = { [KEY]: null };

/** One cluster; the first patch sets off what the operator does. */
async function shop(
  state: keyof typeof objects,
  operator: (api: Api) => void = () => {},
): Promise<Api> {
  const api = await startApi([objects[state]]);
  api.onPatch = () => {
    if (api.patches.length === 1) operator(api);
  };
  return api;
}

function becomes(status: object): (api: Api) => void {
  return ({ clusters }) => {
    for (const cluster of clusters) cluster.status = status;
  };
}

function event(reason: string, note: string, count?: number): object {
  const series = count === undefined ? {} : { series: { count } };
  return { metadata: { name: 'cart.1' }, reason, note, regarding: { uid: 'u1' }, ...series };
}

describe('done', () => {
  test.each([
    { argv: [], to: '', why: 'the operator chooses' },
    { argv: ['--to', 'cart-2'], to: 'cart-2', why: 'the pod that was named' },
  ])('$argv ($why)', async ({ argv, to }) => {
    const api = await shop('running', becomes(moved('cart-2')));
    const ran = await gungnir(api.kubeconfig, ['switchover', 'cart', ...argv]);
    expect(ran).toEqual({
      code: 0,
      out: 'cart-2 is the primary of cart (was cart-0, 41 ms)\n',
      err: '',
    });
    expect(api.patches).toEqual([ask(to)]);
  });

  test('as JSON', async () => {
    const api = await shop('running', becomes(moved('cart-1')));
    const { code, out } = await gungnir(api.kubeconfig, ['switchover', 'cart', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      from: 'cart-0',
      to: 'cart-1',
      epoch: 18,
      durationMs: 41,
      done: true,
    });
  });
});

describe('--dry-run', () => {
  test.each([
    { argv: [], to: null, why: 'any' },
    { argv: ['--to', 'cart-1'], to: 'cart-1', why: 'one' },
  ])('$argv says what would be done, and does nothing ($why)', async ({ argv, to }) => {
    const api = await shop('running', becomes(moved('cart-1')));
    const line = ['switchover', 'cart', '--dry-run', ...argv];
    const text = await gungnir(api.kubeconfig, line);
    const json = await gungnir(api.kubeconfig, [...line, '-o', 'json']);
    expect([text.code, text.err, json.code]).toEqual([0, '', 0]);
    expect(text.out).toMatch(/^would move the primary of cart from cart-0 .+nothing was done\n$/s);
    expect(JSON.parse(json.out)).toEqual({ from: 'cart-0', to, epoch: 17, done: false });
    expect(api.patches).toEqual(['dry', 'dry']);
  });

  test('says that one may not', async () => {
    const api = await shop('running');
    api.instead = ({ method }, reply) => {
      if (method !== 'PATCH') return 'not mine';
      reply.status(403, 'Forbidden', 'ann may only look');
      return 'answered';
    };
    const { code, err } = await gungnir(api.kubeconfig, ['switchover', 'cart', '--dry-run']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: KubeForbidden: .*verb=patch/s);
  });
});

describe('refused before anything is asked', () => {
  test.each([
    { state: 'running', to: 'cart-0', says: 'AlreadyPrimary', why: 'it is the primary' },
    { state: 'running', to: 'cart-3', says: 'SwitchoverTargetUnknown', why: 'no such pod' },
    { state: 'lagging', to: 'cart-2', says: 'SwitchoverTargetUnfit', why: 'it is not in sync' },
    { state: 'moving', to: '', says: 'SwitchoverUnderWay', why: 'another one is under way' },
    { state: 'failing', to: '', says: 'SwitchoverNeedsPrimary', why: 'no primary serves' },
    { state: 'unseen', to: '', says: 'SwitchoverNeedsPrimary', why: 'no operator has looked' },
  ] as const)('$state to "$to": $says ($why)', async ({ state, to, says }) => {
    const api = await shop(state);
    const argv = ['switchover', 'cart', ...(to === '' ? [] : ['--to', to])];
    const ran = await gungnir(api.kubeconfig, argv);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' });
    expect(ran.err).toContain(`error: ${says}: `);
    expect(api.patches).toEqual([]);
    await golden(`switchover-${says}${state === 'unseen' ? '-unseen' : ''}`, ran);
  });

  test.each([
    { argv: [], says: 'ArgumentMissing', why: 'which one' },
    { argv: ['cart', 'orders'], says: 'ArgumentUnexpected', why: 'one at a time' },
    { argv: ['cart', '--to'], says: 'FlagValueMissing', why: 'to whom' },
    { argv: ['cart', '--timeout', '0s'], says: 'FlagValueInvalid', why: 'no time at all' },
    { argv: ['cart', '--dryrun'], says: 'nearest=--dry-run', why: 'nearly a flag' },
  ])('$argv ends with 2: $says ($why)', async ({ argv, says }) => {
    const api = await shop('running');
    const { code, err } = await gungnir(api.kubeconfig, ['switchover', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(api.server.asked).toEqual([]);
  });
});

describe('asked and not done: exit code 1, and the request is withdrawn', () => {
  const note = 'the switchover to cart-2 was not begun';
  test.each([
    {
      is: 'given-up',
      operator: becomes(gaveUp),
      says: 'SwitchoverGivenUp',
      why: 'begun and given up: only the epoch has risen',
    },
    {
      is: 'refused',
      operator: ({ events }: Api) => events.push(event('SwitchoverRefused', note)),
      says: note,
      why: 'an Event says so',
    },
    { is: 'late', operator: () => {}, says: 'SwitchoverLate', why: 'no operator runs' },
  ])('$is ($why)', async ({ is, operator, says }) => {
    const api = await shop('running', operator);
    const argv = ['switchover', 'cart', '--timeout', '1s'];
    const ran = await gungnir(api.kubeconfig, argv);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' });
    expect(ran.err.replace(/\n */g, ' ')).toContain(says);
    expect(api.patches).toEqual([ask(''), withdraw]);
    await golden(`switchover-${is}`, ran);
  });

  test('an old refusal says nothing of this request; its repetition does', async () => {
    const api = await shop('running', ({ events }) => {
      events.splice(0, 1, event('SwitchoverRefused', note, 2));
    });
    api.events.push(event('SwitchoverRefused', note));
    const { err } = await gungnir(api.kubeconfig, ['switchover', 'cart', '--timeout', '1s']);
    expect(err).toContain('SwitchoverGivenUp');
    const other = await shop('running');
    other.events.push(event('SwitchoverRefused', note));
    const late = await gungnir(other.kubeconfig, ['switchover', 'cart', '--timeout', '1s']);
    expect(late.err).toContain('SwitchoverLate');
  });

  test('who may not read Events waits for the record alone', async () => {
    const api = await shop('running', becomes(moved('cart-1')));
    api.instead = ({ path }, reply) => {
      if (!path.endsWith('/events')) return 'not mine';
      reply.status(403, 'Forbidden', 'no');
      return 'answered';
    };
    expect((await gungnir(api.kubeconfig, ['switchover', 'cart'])).code).toBe(0);
  });
});

test('a server that is away for a moment during the wait costs only that moment', async () => {
  const api = await shop('running', becomes(moved('cart-1')));
  let away = 0;
  api.instead = ({ method }, reply) => {
    if (method !== 'GET' || api.patches.length === 0 || away === 2) return 'not mine';
    away += 1;
    reply.status(503, 'ServiceUnavailable', 'starting');
    return 'answered';
  };
  expect((await gungnir(api.kubeconfig, ['switchover', 'cart'])).code).toBe(0);
  expect(away).toBe(2);
});

test('Ctrl-C during the wait: the request stands, and both commands are shown', async () => {
  let press = () => {};
  const api = await shop('running', () => press());
  const around = {
    onInterrupt(react: () => void) {
      press = react;
    },
  };
  const ran = await gungnir(api.kubeconfig, ['switchover', 'cart'], around);
  expect({ code: ran.code, out: ran.out }).toEqual({ code: 130, out: '' });
  expect(api.patches).toEqual([ask('')]);
  await golden('switchover-interrupted', ran);
});
