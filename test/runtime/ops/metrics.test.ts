/** The Prometheus text: what it says of each kind of metric, and what a registry refuses. */
import { describe, expect, test } from 'vitest';
import { addProcessMetrics, createInstruments } from '../../../src/runtime/ops/instruments';
import { createRegistry } from '../../../src/runtime/ops/metrics';

test('counters, gauges and histograms as Prometheus reads them', () => {
  const registry = createRegistry();
  const counter = registry.counter({ name: 'c_total', help: 'Counts.', labels: ['a', 'b'] });
  counter.add({ a: 'x', b: 'y' });
  counter.add({ b: 'y', a: 'x' }, 2);
  counter.add({ a: 'z' });
  registry.gauge({ name: 'g', help: 'Goes\nup and \\ down.' }).set(-1.5);
  const histogram = registry.histogram({
    name: 'h_seconds',
    help: 'H.',
    labels: ['l'],
    buckets: [0.1, 1],
  });
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value, { l: 'v' });
  expect(registry.text()).toBe(
    [
      '# HELP c_total Counts.',
      '# TYPE c_total counter',
      'c_total{a="x",b="y"} 3',
      'c_total{a="z",b=""} 1',
      '# HELP g Goes\\nup and \\\\ down.',
      '# TYPE g gauge',
      'g -1.5',
      '# HELP h_seconds H.',
      '# TYPE h_seconds histogram',
      'h_seconds_bucket{l="v",le="0.1"} 2',
      'h_seconds_bucket{l="v",le="1"} 3',
      'h_seconds_bucket{l="v",le="+Inf"} 4',
      'h_seconds_sum{l="v"} 7.65',
      'h_seconds_count{l="v"} 4',
      '',
    ].join('\n'),
  );
});

test('label values are escaped; a quote cannot end them', () => {
  const registry = createRegistry();
  registry.gauge({ name: 'g', help: 'G.', labels: ['l'] }).set(1, { l: 'a"b\\c\nd' });
  expect(registry.text()).toContain('g{l="a\\"b\\\\c\\nd"} 1');
});

test('a cluster that is gone takes its series with it, and no other', () => {
  const registry = createRegistry();
  const gauge = registry.gauge({ name: 'g', help: 'G.', labels: ['cluster', 'pod'] });
  gauge.set(1, { cluster: 'a', pod: '0' });
  gauge.set(1, { cluster: 'a', pod: '1' });
  gauge.set(1, { cluster: 'b', pod: '0' });
  gauge.forget({ cluster: 'a' });
  expect(registry.text().match(/^g\{.*$/gm)).toEqual(['g{cluster="b",pod="0"} 1']);
});

test('what is read at the time of the scrape is read then', () => {
  const registry = createRegistry();
  const gauge = registry.gauge({ name: 'g', help: 'G.' });
  let value = 1;
  registry.onCollect(() => gauge.set(value));
  value = 2;
  expect(registry.text()).toContain('g 2\n');
});

describe("a programmer's mistakes are refused", () => {
  const registry = createRegistry();
  registry.gauge({ name: 'g', help: 'G.' });
  test.each([
    { what: 'a name twice', act: () => registry.counter({ name: 'g', help: '' }) },
    { what: 'a name that is none', act: () => registry.gauge({ name: 'a-b', help: '' }) },
    {
      what: 'a label that the metric has not',
      act: () => registry.gauge({ name: 'g2', help: '' }).set(1, { x: 'y' }),
    },
    {
      what: 'a counter that falls',
      act: () => registry.counter({ name: 'c', help: '' }).add({}, -1),
    },
  ])('$what', ({ act }) => {
    expect(act).toThrow(/AssertionError|metric|label|counter|name/);
  });
});

test('the instruments have the names that dashboards know, and every series a HELP', () => {
  const registry = createRegistry();
  const instruments = createInstruments(registry);
  addProcessMetrics(registry);
  instruments.requests.add({ code: '200', host: 'h', method: 'GET' });
  const text = registry.text();
  for (const name of [
    'controller_runtime_reconcile_total',
    'workqueue_depth',
    'leader_election_master_status',
    'rest_client_requests_total',
    'gungnir_up',
    'gungnir_failovers_total',
    'process_resident_memory_bytes',
  ]) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} .+\\.$`, 'm'));
  }
  expect(text).toContain('rest_client_requests_total{code="200",host="h",method="GET"} 1');
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
});
