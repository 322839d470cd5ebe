/**
 * What users ask for by annotations, and what planned work is about to do to pods, as the engine's
 * wishes. A wish that cannot be read is told and ignored.
 * Never here: whether a wish is granted.
 */
import type { Wishes } from '../../sentinel/core/event';
import { ANNOTATIONS } from '../../spec/naming';

type Wish = Wishes['accept'];

/** `<pod>@<epoch>`; an empty pod in a switchover means: choose. */
export function parseWish(text: string | undefined): Wish {
  const parts = /^([a-z0-9-]*)@(\d{1,15})$/.exec(text ?? '');
  return parts === null ? undefined : { pod: parts[1] ?? '', epoch: Number(parts[2]) };
}

export function wishesOf(
  annotations: Readonly<Record<string, string>> | undefined,
  leaving: readonly string[],
): Wishes {
  return {
    accept: parseWish(annotations?.[ANNOTATIONS.accept]),
    switchover: parseWish(annotations?.[ANNOTATIONS.switchover]),
    leaving,
  };
}

/** Annotations that are there and say nothing that can be followed. */
export function unreadableWishes(
  annotations: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  return [ANNOTATIONS.accept, ANNOTATIONS.switchover].filter((name) => {
    const text = annotations?.[name];
    return text !== undefined && parseWish(text) === undefined;
  });
}
