/**
 * What was made of the same object last time is not made again: specs are replaced, never changed.
 * Never here: more than one answer.
 */
export function rememberLast<Given extends object, Made>(
  make: (given: Given) => Made,
): (given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined;
  return (given) => {
    if (last?.given !== given) last = { given, made: make(given) };
    return last.made;
  };
}
