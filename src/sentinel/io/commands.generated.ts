/**
 * Made by `npm run generate`. Do not edit. The commands that the engine says, as valkey-server 8.0 describes
 * them in COMMAND DOCS and COMMAND INFO. Never here: what the server does not describe (spell.ts).
 */

/** As decimal digits. */
type Whole = `${number}`;

// biome-ignore format: generated
type ClientKillNewFormat =
  | readonly ['ID', Whole]
  | readonly ['TYPE', 'NORMAL']
  | readonly ['TYPE', 'MASTER']
  | readonly ['TYPE', 'PRIMARY']
  | readonly ['TYPE', 'SLAVE']
  | readonly ['TYPE', 'REPLICA']
  | readonly ['TYPE', 'PUBSUB']
  | readonly ['USER', string]
  | readonly ['ADDR', string]
  | readonly ['LADDR', string]
  | readonly ['SKIPME', 'YES']
  | readonly ['SKIPME', 'NO']
  | readonly ['MAXAGE', Whole];

// biome-ignore format: generated
export type ValkeyCommand =
  // acl|deluser, since 6.0.0, arity -3: admin noscript loading stale
  | readonly ['ACL', 'DELUSER', string, ...string[]]
  // acl|setuser, since 6.0.0, arity -3: admin noscript loading stale
  | readonly ['ACL', 'SETUSER', string]
  | readonly ['ACL', 'SETUSER', string, string, ...string[]]
  // acl|users, since 6.0.0, arity 2: admin noscript loading stale
  | readonly ['ACL', 'USERS']
  // auth, since 1.0.0, arity -2: noscript loading stale fast no_auth allow_busy
  | readonly ['AUTH', string]
  | readonly ['AUTH', string, string]
  // client|kill, since 2.4.0, arity -3: admin noscript loading stale
  | readonly ['CLIENT', 'KILL', string]
  | readonly ['CLIENT', 'KILL', ...ClientKillNewFormat]
  | readonly ['CLIENT', 'KILL', ...ClientKillNewFormat, ...ClientKillNewFormat]
  // client|no-evict, since 7.0.0, arity 3: admin noscript loading stale
  | readonly ['CLIENT', 'NO-EVICT', 'ON']
  | readonly ['CLIENT', 'NO-EVICT', 'OFF']
  // client|pause, since 3.0.0, arity -3: admin noscript loading stale
  | readonly ['CLIENT', 'PAUSE', Whole]
  | readonly ['CLIENT', 'PAUSE', Whole, 'WRITE']
  | readonly ['CLIENT', 'PAUSE', Whole, 'ALL']
  // client|unpause, since 6.2.0, arity 2: admin noscript loading stale
  | readonly ['CLIENT', 'UNPAUSE']
  // config|set, since 2.0.0, arity -4: admin noscript loading stale
  | readonly ['CONFIG', 'SET', string, string, ...string[]]
  // exec, since 1.2.0, arity 1: noscript loading stale skip_slowlog
  | readonly ['EXEC']
  // info, since 1.0.0, arity -1: loading stale
  | readonly ['INFO']
  | readonly ['INFO', string, ...string[]]
  // multi, since 1.2.0, arity 1: noscript loading stale fast no_multi allow_busy
  | readonly ['MULTI']
  // ping, since 1.0.0, arity -1: fast
  | readonly ['PING']
  | readonly ['PING', string]
  // psync, since 2.8.0, arity -3: admin noscript no_async_loading no_multi
  | readonly ['PSYNC', string, Whole]
  // replicaof, since 5.0.0, arity 3: admin noscript stale no_async_loading
  | readonly ['REPLICAOF', string, Whole]
  | readonly ['REPLICAOF', 'NO', 'ONE']
  // role, since 2.8.12, arity 1: noscript loading stale fast
  | readonly ['ROLE'];
