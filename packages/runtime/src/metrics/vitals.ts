import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Family, gauge } from './family.js';

/** CPU, memory and event loop of this process, by the names that dashboards for Node expect. */
export interface Vitals {
  /** The event loop's lag is measured since the call before. */
  families(): Family[];
  close(): void;
}

/** How often the event loop is sampled, in ms. Node's measurement includes this time. */
const LOOK_EVERY_MS = 10;

export function watchProcess(): Vitals {
  const delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  delay.enable();
  const lag = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - LOOK_EVERY_MS / 1e3);
  return {
    families() {
      const families = [...loopFamilies(lag(delay.percentile(99)), lag(delay.max)), ...processFamilies()];
      delay.reset();
      return families;
    },
    close: () => void delay.disable(),
  };
}

function loopFamilies(p99: number, max: number): Family[] {
  return [
    gauge(
      {
        name: 'nodejs_eventloop_lag_p99_seconds',
        help: 'The 99th percentile of the event loop lag since the last scrape.',
      },
      p99,
    ),
    gauge({ name: 'nodejs_eventloop_lag_max_seconds', help: 'The longest event loop lag since the last scrape.' }, max),
  ];
}

function processFamilies(): Family[] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const startedAt = (performance.timeOrigin / 1000).toFixed(3);
  return [
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the process, user and system.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }],
    },
    gauge({ name: 'process_start_time_seconds', help: 'When the process began, Unix time.' }, Number(startedAt)),
    gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.' }, rss),
    gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Heap in use.' }, heapUsed),
    gauge({ name: 'nodejs_heap_size_total_bytes', help: 'Heap that is reserved.' }, heapTotal),
    gauge({ name: 'nodejs_external_memory_bytes', help: 'Memory outside the heap that objects in it hold.' }, external),
  ];
}
