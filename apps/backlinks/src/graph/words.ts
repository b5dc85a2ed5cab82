export const ADJECTIVES = (
  'amber bold brisk calm clear coastal copper crisp daily early eastern fair fresh gentle golden grand green happy ' +
  'honest iron keen light little lucky mellow modern noble north old open plain prime quick quiet rapid royal silver ' +
  'smart solid sunny swift tidy urban vivid warm western wide wild young'
).split(' ');

export const NOUNS = (
  'anchor atlas bakery beacon bridge canyon cedar circle cloud compass corner creek delta desk ember engine falcon ' +
  'field forest forge garden gate harbor haven hill island journal kitchen lab lake lantern ledger market meadow mill ' +
  'orbit orchard path pixel planet press quarry ridge river road signal studio summit tower trail valley village wave'
).split(' ');

/** Suffixes for a name that is taken, tried in this order; numbers follow. */
export const NAME_ENDINGS =
  'hub online media world group shop labs daily blog works guide club digital travel design tech news live pro plus'.split(
    ' ',
  );

export const SUBDOMAINS = (
  'www blog docs shop news support app en forum m help status mail portal dev store static media de cdn jobs my learn ' +
  'community events fr es api wiki research library archive mobile partners search images pt-br it beta secure'
).split(' ');

export const SECTIONS =
  'blog products guides news category help stories reviews articles tag team events resources projects topics'.split(
    ' ',
  );
