/**
 * A counterexample as a person reads it: the choices of the environment, each order as it takes
 * effect, each write of the record and the route, in virtual milliseconds.
 * Never here: a judgement.
 */

import type { ClusterRecord } from '../../../src/sentinel/core/record';
import type { Note, World } from '../env/world';
import { replay, type Scope } from './explore';

export function traceOf(scope: Scope, path: readonly number[]): readonly string[] {
  const lines: string[] = [];
  const last = replay(scope, path, ({ before, after, notes }, name) => {
    const time = `${(after.nowMs - scope.start.nowMs).toFixed(0).padStart(6)} ms  `;
    if (name !== '') lines.push(`${time}** ${name}`);
    for (const note of notes) lines.push(...noteLines(note).map((line) => time + line));
    lines.push(...workLines(before, after).map((line) => time + line));
  });
  return [...lines, ...worldLines(last)];
}

function noteLines(note: Note): readonly string[] {
  switch (note.kind) {
    case 'executed': {
      const quiet = note.order.kind === 'observe' || note.order.kind === 'look';
      const who = note.leader === 'late' ? 'late order' : `leader ${note.leader}`;
      return quiet
        ? []
        : [`${who}: ${note.order.kind} p${note.node}${note.effective ? '' : ' (no effect)'}`];
    }
    case 'swapped':
      return [
        `leader ${note.leader}: CAS ${recordLine(note.next)}${note.won ? '' : ' -> conflict'}`,
      ];
    case 'routed':
      return [
        `leader ${note.leader}: Service -> ${note.route.kind === 'to' ? note.route.pod : 'none'}@${note.route.epoch}${note.applied ? '' : ' (refused)'}`,
      ];
    case 'overwritten':
      return [
        `p${note.node} gives up ${note.lost.join(', ')} for the data of ${note.from.podUid.replace('u', 'p')}`,
      ];
    case 'zombieDied':
      return [`a claim ends the late ${note.zombie.order.kind} for p${note.zombie.node}`];
    case 'sent':
    case 'told':
    case 'persisted':
      return [];
  }
}

function workLines(before: World, after: World): readonly string[] {
  return after.leaders.flatMap((leader, index) => {
    const old = before.leaders[index];
    const [was, is] = [old?.state.work, leader.state.work].map((work) =>
      work === undefined ? '' : `${work.kind}${'stage' in work ? `/${work.stage}` : ''}`,
    );
    const moved =
      was === is
        ? []
        : [
            `leader ${index}: ${was} -> ${is}${'fencedBy' in leader.state.work ? ` by ${leader.state.work.fencedBy}` : ''}`,
          ];
    const { blocked } = leader.state;
    const told =
      blocked === undefined || blocked.reason === old?.state.blocked?.reason
        ? []
        : [`leader ${index}: blocked ${blocked.reason} ${JSON.stringify(blocked.facts)}`];
    return [...moved, ...told];
  });
}

export function recordLine(record: ClusterRecord): string {
  const target = record.target === undefined ? '' : ` target=${record.target.pod}`;
  const members = record.members.map(({ pod, runId }) => `${pod}/${runId.slice(0, 6)}`).join(',');
  return `term=${record.term} epoch=${record.epoch} ${record.phase} primary=${record.primary?.pod ?? '-'}${target} members=[${members}] m=${record.m}`;
}

export function worldLines(world: World): readonly string[] {
  const servers = world.servers.all.map(
    (server) =>
      `  ${server.podUid.replace('u', 'p')} ${server.life} ${server.role} log=[${server.log.join(',')}] replid=${server.replid}/${server.replid2 ?? '-'}` +
      ` follows=${server.upstream?.replace('u', 'p') ?? '-'}(${server.link}) m=${server.m}`,
  );
  return [`  confirmed: ${world.ghost.acked.join(',') || 'nothing'}`, ...servers];
}
