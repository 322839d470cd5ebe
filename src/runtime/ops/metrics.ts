/**
 * A registry of metrics and its Prometheus text: counters, gauges, histograms, no more.
 * Never here: which metrics there are (instruments.ts), HTTP. Tests: test/runtime/ops/metrics.test.ts.
 */
import { assert } from '../../kit/assert';

/** One value for each label name of the metric; a missing one is ''. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  /** @param by 0 or more, default 1. */
  add(labels?: Labels, by?: number): void;
  /** Forgets every series whose labels include these. */
  forget(labels: Labels): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
  forget(labels: Labels): void;
}

export interface Histogram {
  observe(value: number, labels?: Labels): void;
  forget(labels: Labels): void;
}

export interface MetricOptions {
  readonly name: string;
  /** One sentence; printed as HELP. */
  readonly help: string;
  /** Label names in their order of printing. Default none. */
  readonly labels?: readonly string[];
}

export interface Registry {
  counter(options: MetricOptions): Counter;
  gauge(options: MetricOptions): Gauge;
  /** @param buckets upper bounds, rising; `+Inf` is added. Default: 5 ms to 10 s. */
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): Histogram;
  /** Called before each exposition, to set gauges that are cheap to read and dear to keep. */
  onCollect(collect: () => void): void;
  /** Prometheus text format 0.0.4, in the order of registration. */
  text(): string;
}

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Those of the Prometheus client libraries, in seconds. */
export const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const validName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

interface Family {
  readonly name: string;
  readonly text: () => string;
}

export function createRegistry(): Registry {
  const families: Family[] = [];
  const collectors: (() => void)[] = [];
  function register(type: string, options: MetricOptions, body: () => string): void {
    const { name, help } = options;
    assert(validName.test(name), `'${name}' is no name of a metric`);
    assert(!families.some((family) => family.name === name), `metric '${name}' exists twice`);
    const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    families.push({ name, text: () => head + body() });
  }
  return {
    counter(options) {
      const series = createSeries(options, () => ({ value: 0 }));
      register('counter', options, () => series.text((one) => [['', '', one.value]]));
      return {
        add(labels = {}, by = 1) {
          assert(by >= 0, `counter '${options.name}' never falls, got ${by}`);
          series.at(labels).value += by;
        },
        forget: series.forget,
      };
    },
    gauge(options) {
      const series = createSeries(options, () => ({ value: 0 }));
      register('gauge', options, () => series.text((one) => [['', '', one.value]]));
      return {
        set(value, labels = {}) {
          series.at(labels).value = value;
        },
        forget: series.forget,
      };
    },
    histogram(options) {
      const buckets = options.buckets ?? defaultBuckets;
      const series = createSeries(options, () => ({
        counts: buckets.map(() => 0),
        count: 0,
        sum: 0,
      }));
      register('histogram', options, () =>
        series.text((one) => [
          ...buckets.map((bound, at) => ['_bucket', String(bound), one.counts[at] ?? 0] as const),
          ['_bucket', '+Inf', one.count],
          ['_sum', '', one.sum],
          ['_count', '', one.count],
        ]),
      );
      return {
        observe(value, labels = {}) {
          const one = series.at(labels);
          one.count += 1;
          one.sum += value;
          for (const [at, bound] of buckets.entries()) {
            if (value <= bound) one.counts[at] = (one.counts[at] ?? 0) + 1;
          }
        },
        forget: series.forget,
      };
    },
    onCollect: (collect) => collectors.push(collect),
    text() {
      for (const collect of collectors) collect();
      return families.map((family) => family.text()).join('');
    },
  };
}

/** Suffix of the name, value of the `le` label ('' for none), value. */
type Sample = readonly [suffix: string, le: string, value: number];

interface Series<T> {
  at(labels: Labels): T;
  forget(labels: Labels): void;
  text(samples: (one: T) => readonly Sample[]): string;
}

function createSeries<T>(options: MetricOptions, fresh: () => T): Series<T> {
  const names = options.labels ?? [];
  const all = new Map<string, { readonly labels: Labels; readonly state: T }>();
  return {
    at(labels) {
      for (const name of Object.keys(labels)) {
        assert(names.includes(name), `metric '${options.name}' has no label '${name}'`);
      }
      const key = JSON.stringify(names.map((name) => labels[name] ?? ''));
      const known = all.get(key);
      if (known !== undefined) return known.state;
      const state = fresh();
      all.set(key, { labels, state });
      return state;
    },
    forget(labels) {
      const wanted = Object.entries(labels);
      for (const [key, one] of all) {
        if (wanted.every(([name, value]) => one.labels[name] === value)) all.delete(key);
      }
    },
    text(samples) {
      let text = '';
      for (const { labels, state } of all.values()) {
        const pairs = names.map((name) => `${name}="${escapeLabel(labels[name] ?? '')}"`);
        for (const [suffix, le, value] of samples(state)) {
          const shown = le === '' ? pairs : [...pairs, `le="${le}"`];
          const inside = shown.length === 0 ? '' : `{${shown.join(',')}}`;
          text += `${options.name}${suffix}${inside} ${numberText(value)}\n`;
        }
      }
      return text;
    },
  };
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
