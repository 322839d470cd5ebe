/**
 * The globals of every JavaScript host that pure code may use: the same answer for the same argument.
 * tsconfig.pure.json sees these and the language's own library, nothing else.
 */
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean });
  decode(input?: Uint8Array): string;
}

declare function structuredClone<T>(value: T): T;
